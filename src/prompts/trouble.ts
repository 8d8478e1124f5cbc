import { isReplaced } from '../connections/index.ts'
import type { Connection } from '../model.ts'
import { needsAttention, nextStepText } from '../tools/next-step.ts'

/** What a person would want to hear of: broken, soon to be, over, or with accounts that are not shared yet. */
export function isTrouble(row: Connection): boolean {
  return needsAttention(row) || (row.status === 'bank_issue' && !isReplaced(row))
}

const urgency = ['needs_reauth', 'bank_issue', 'expiring', 'expired', 'revoked']

/** What the person can mend comes first, what can only be waited for last. */
export function byUrgency(one: Connection, other: Connection): number {
  return rank(one) - rank(other)
}

function rank(row: Connection): number {
  const at = urgency.indexOf(row.status)
  return at === -1 || !needsAttention(row) ? urgency.length : at
}

/** Which bank, what is wrong with it, since when, and the one thing to do next. */
export function troubleText(row: Connection, readOnly: boolean): string {
  const code = /^[A-Z][A-Z_]{0,63}$/.test(row.reason ?? '') ? ` (${row.reason})` : ''
  const what = needsNews(row) ? 'new accounts' : `${row.status}${code}`
  return `${row.institution}, item_id ${row.itemId}: ${what}, ${sinceOf(row)}. ${nextStepText(row, readOnly) ?? ''}`
}

function needsNews({ status, newAccounts }: Connection): boolean {
  return newAccounts && status === 'active'
}

/** Plaid's webhook tells when a login broke; without one it is known only until when it worked. */
function sinceOf({ errorSentAt, lastSyncedAt, status }: Connection): string {
  const isBroken = status !== 'active' && status !== 'expiring'
  if (isBroken && errorSentAt !== null && errorSentAt > (lastSyncedAt ?? ''))
    return `since ${minute(errorSentAt)}`
  return lastSyncedAt === null ? 'never fetched' : `last fetched ${minute(lastSyncedAt)}`
}

function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`
}
