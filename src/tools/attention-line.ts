import type { Environment } from '../model.ts'
import { type Glimpsed, glanceAtConnections } from '../store/index.ts'
import { needsAttention } from './next-step.ts'

/** The banks of these environments that need their owner, in one line; null when none does. Throws where the database cannot be read. */
export function attentionLine(home: string, environments: readonly Environment[]): string | null {
  const waiting = glanceAtConnections(home, environments).filter(needsAttention)
  if (waiting.length === 0) return null
  const banks = waiting.map((row) => `${row.institution} ${trouble(row)}`)
  return `Coffer: ${banks.join('; ')}. Ask "fix my banks".`
}

function trouble({ status, deadline }: Glimpsed): string {
  switch (status) {
    case 'needs_reauth':
      return 'needs a new login'
    case 'expiring':
      return deadline === null ? 'needs its login renewed soon' : `works until ${deadline.slice(0, 10)}`
    case 'expired':
      return 'has to be connected again'
    case 'revoked':
      return 'was taken back'
    case 'active':
      return 'has new accounts'
    default:
      return 'wants something done at the bank'
  }
}
