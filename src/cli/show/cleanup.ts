import type { z } from 'zod'
import type { cleanupTokens } from '../../tools/cleanup-tokens.ts'
import { table } from './table.ts'

type Cleanup = z.output<typeof cleanupTokens.output>

export function showCleanup({ statistics, connections, next_step: step }: Cleanup): string {
  const counts = Object.entries(statistics).map(([name, count]) => [name.replaceAll('_', ' '), String(count)])
  const rows = connections.map((row) => [row.institution, row.reason, row.action, row.item_id])
  return [
    table([['tokens'], ['count', 'right']], counts),
    rows.length === 0 ? '' : table([['bank'], ['why'], ['what'], ['item_id']], rows),
    step?.text ?? '',
  ]
    .filter(Boolean)
    .join('\n\n')
}
