import type { ErrorCode } from '../errors.ts'
import type { Connection } from '../model.ts'

/** The part of a connection that events change. */
export type Health = Pick<
  Connection,
  'status' | 'reason' | 'deadline' | 'answeredDeadline' | 'newAccounts' | 'lastCheckedAt'
>

export type HealthEvent =
  /** `/item/get` answered. `code` is our translation of `item.error`, null when the Item is healthy. */
  | {
      readonly type: 'checked'
      readonly code: ErrorCode | null
      readonly plaidCode: string | null
      readonly consentExpirationTime: string | null
      readonly at: string
    }
  /** Any other call to Plaid failed. */
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly plaidCode: string | null }
  /** Plaid has not fetched the data of a new connection yet. */
  | { readonly type: 'not_ready' }
  /** Plaid gave the data. */
  | { readonly type: 'synced' }
  /** A Link session in update mode ended well; the clean check that proves it comes first. */
  | { readonly type: 'repaired'; readonly consentExpirationTime: string | null }

/** True when nothing but a new connection, or the right keys, helps. */
export function isOver({ status }: Pick<Connection, 'status'>): boolean {
  return status === 'expired' || status === 'revoked' || status === 'removing'
}

const day = 86_400_000
const warnBefore = 14 * day

/** The next health, from the last one and what happened. Pure: the clock is `now`, in ms. */
export function next(health: Health, event: HealthEvent, now: number): Health {
  if (health.status === 'removing') return health
  switch (event.type) {
    case 'checked':
      return afterCheck({ ...health, lastCheckedAt: event.at }, event, now)
    case 'failed':
      return broken(health, event.code, event.plaidCode)
    case 'not_ready':
      return works(health) ? { ...health, status: 'preparing' } : health
    case 'synced':
      return health.status === 'preparing' ? { ...health, status: withData(health) } : health
    case 'repaired':
      return repaired(health, event.consentExpirationTime, now)
  }
}

function afterCheck(health: Health, event: Extract<HealthEvent, { type: 'checked' }>, now: number): Health {
  // An Item that Plaid shows an error of does not work, whatever the error is.
  if (event.code !== null)
    return waiting(broken(health, event.code, event.plaidCode), event.plaidCode ?? event.code)
  if (isWarned(health)) return stillExpiring(health, event.consentExpirationTime, now)
  return expiringSoon(healthy(health), event.consentExpirationTime, now)
}

function works({ status }: Health): boolean {
  return status === 'active' || status === 'expiring'
}

/** The status of a login that works, once its data are there: a warning that came before them still holds. */
function withData({ deadline }: Health): 'active' | 'expiring' {
  return deadline === null ? 'active' : 'expiring'
}

function isWarned({ status, deadline }: Health): boolean {
  return status === 'expiring' || (status === 'preparing' && deadline !== null)
}

/** `preparing` is about data, not about the login: a clean check says nothing of it. */
function healthy(health: Health): Health {
  if (health.status === 'preparing') return health
  return { ...health, status: 'active', reason: null, deadline: null }
}

/** An Item is healthy until the bank cuts it off, so a clean check alone does not take the warning back. */
function stillExpiring(health: Health, consent: string | null, now: number): Health {
  const deadline = health.deadline === null ? null : Date.parse(health.deadline)
  const extended = consent !== null && deadline !== null && Date.parse(consent) > deadline
  const survived = deadline !== null && now > deadline + day
  if (!extended && !survived) return health
  const status = health.status === 'preparing' ? 'preparing' : 'active'
  return expiringSoon({ ...health, status, reason: null, deadline: null }, consent, now)
}

function expiringSoon(health: Health, consent: string | null, now: number): Health {
  if (consent === null || consent === health.answeredDeadline || !isSoon(consent, now)) return health
  const status = health.status === 'preparing' ? 'preparing' : 'expiring'
  return { ...health, status, reason: 'CONSENT_EXPIRATION', deadline: consent }
}

function isSoon(consent: string, now: number): boolean {
  const left = Date.parse(consent) - now
  return left <= warnBefore && left >= -day
}

/** A consent that ends soon although the person has just renewed it is answered; a later one is new. */
function repaired(health: Health, consent: string | null, now: number): Health {
  return {
    ...health,
    status: health.status === 'preparing' ? 'preparing' : 'active',
    reason: null,
    deadline: null,
    answeredDeadline: consent !== null && isSoon(consent, now) ? consent : null,
    newAccounts: false,
  }
}

/** Errors that are about one product, our keys or the network say nothing about the login. */
function broken(health: Health, code: ErrorCode, plaidCode: string | null): Health {
  const reason = plaidCode ?? code
  switch (code) {
    case 'ITEM_LOGIN_REQUIRED':
      return { ...health, status: 'needs_reauth', reason, deadline: null }
    case 'CONNECTION_ENDED':
      return {
        ...health,
        status: plaidCode === 'USER_PERMISSION_REVOKED' ? 'revoked' : 'expired',
        reason,
        deadline: null,
      }
    case 'BANK_ACTION_REQUIRED':
      return { ...health, status: 'bank_issue', reason, deadline: null }
    case 'BANK_DOWN':
    case 'PLAID_DOWN':
      return waiting(health, reason)
    default:
      return health
  }
}

/** An outage hides nothing that is worse: a login that is needed is still needed when the bank is back. */
function waiting(health: Health, reason: string): Health {
  if (health.status !== 'active' && health.status !== 'preparing') return health
  return { ...health, status: 'bank_issue', reason, deadline: null }
}
