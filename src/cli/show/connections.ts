import type { z } from 'zod'
import type { listConnections } from '../../tools/list-connections.ts'
import { age, money } from '../../view/words.ts'
import { table } from './table.ts'

type Listed = z.output<typeof listConnections.output>

export function showConnections({ connections, warnings, total, next_cursor }: Listed, now: number): string {
  const parts = connections.map((row) => {
    const name = row.label === undefined ? row.institution : `${row.institution} (${row.label})`
    const head = `${mark(row.status)} ${name}  ${row.status}  fetched ${age(row.last_synced_at, now)}  ${row.item_id}`
    const accounts = row.accounts.map((account) => [
      account.name,
      account.mask === undefined ? '' : `••${account.mask}`,
      account.subtype ?? account.type,
      money(account.current ?? account.available, account.currency),
    ])
    const lines =
      accounts.length === 0 ? '' : table([['account'], [''], ['kind'], ['balance', 'right']], accounts)
    return [head, lines, row.next_step === undefined ? '' : `  → ${row.next_step.text}`]
      .filter(Boolean)
      .join('\n')
  })
  const more =
    next_cursor === undefined
      ? []
      : [`${total - connections.length} more: coffer-mcp call list_connections '{"cursor":"${next_cursor}"}'`]
  return [...parts, ...warnings.map(({ text }) => `! ${text}`), ...more].join('\n\n')
}

export function mark(status: string): string {
  if (status === 'active') return '●'
  return status === 'preparing' ? '○' : '!'
}
