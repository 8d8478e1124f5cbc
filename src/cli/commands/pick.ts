import { isCancel, select } from '@clack/prompts'
import type { Connection, Status } from '../../model.ts'
import type { Session } from '../command.ts'

/**
 * At a terminal the person picks from all connections, the broken ones first; null when they would not.
 * Elsewhere, and where there is nothing to choose, undefined: the tool's own default holds.
 */
export async function pickConnection(session: Session): Promise<string | null | undefined> {
  if (!session.interactive) return undefined
  const { store, environment } = await session.opened.app()
  const all = (await store.connections.list()).filter((row) => row.environment === environment)
  if (all.length < 2) return undefined
  const chosen = await select({
    message: 'Which login is to be repaired?',
    options: byUrgency(all).map((row) => ({ value: row.itemId, label: labelOf(row) })),
  })
  return isCancel(chosen) ? null : chosen
}

/** How many logins there are, when all of them work and Plaid has confirmed it since then (ms since 1970); else null. */
export async function workingLogins({ opened }: Session, since: number): Promise<number | null> {
  const { store, environment } = await opened.app()
  const rows = (await store.connections.list()).filter(
    (row) => row.environment === environment && (row.replacedBy === null || works(row)),
  )
  const isConfirmed = (row: Connection) => works(row) && Date.parse(row.lastCheckedAt ?? '') >= since
  return rows.length > 0 && rows.every(isConfirmed) ? rows.length : null
}

function works({ status }: Connection): boolean {
  return status === 'active' || status === 'preparing'
}

const urgency: Record<Status, number> = {
  needs_reauth: 0,
  expiring: 1,
  bank_issue: 2,
  expired: 3,
  revoked: 4,
  removing: 5,
  preparing: 6,
  active: 7,
}

/** The first one is preselected, so where only one is broken, Enter repairs it. */
export function byUrgency(connections: readonly Connection[]): readonly Connection[] {
  const rank = ({ status, newAccounts }: Connection) => urgency[status] - (newAccounts ? 0.5 : 0)
  return connections.toSorted((a, b) => rank(a) - rank(b) || a.institution.localeCompare(b.institution))
}

function labelOf(connection: Connection): string {
  const { institution, label } = connection
  return `${label === null ? institution : `${institution} (${label})`}: ${wordsFor(connection)}`
}

function wordsFor({ status, reason, deadline, newAccounts, replacedBy }: Connection): string {
  const why = reason === null ? '' : ` (${reason})`
  switch (status) {
    case 'needs_reauth':
      return `needs a new login${why}`
    case 'expiring':
      return `works until ${deadline?.slice(0, 10) ?? 'soon'}, then needs a new login${why}`
    case 'bank_issue':
      return `the bank or Plaid has a problem${why}`
    case 'expired':
    case 'revoked':
      return replacedBy === null
        ? `${status}, can only be connected anew${why}`
        : `${status}, has been connected anew`
    case 'removing':
      return 'is being removed'
    case 'preparing':
    case 'active':
      return newAccounts ? 'works; has new accounts to share' : 'works'
  }
}
