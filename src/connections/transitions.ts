import type { ErrorCode } from '../errors.ts'
import type { Connection, WebhookEvent } from '../model.ts'
import { consentTold, mended, renewed, warned } from './expiring.ts'
import { type Facets, facetsOf, type Health, healthOf, type Trouble } from './facets.ts'
import { isOlder, later } from './sent-at.ts'

export type { Health } from './facets.ts'

/** What a code of Plaid's means; `plaidCode` is null where Plaid gave none. */
interface Failure {
  readonly code: ErrorCode
  readonly plaidCode: string | null
}

type Pending = Extract<WebhookEvent, { type: 'pending' }>

export type HealthEvent =
  /** `/item/get` answered. `code` is our translation of `item.error`, null when the Item is healthy. */
  | {
      readonly type: 'checked'
      readonly code: ErrorCode | null
      readonly plaidCode: string | null
      readonly consentExpirationTime: string | null
      /** When it was asked. */
      readonly at: string
    }
  /** Any other call to Plaid failed. */
  | (Failure & { readonly type: 'failed' })
  /** Plaid has not fetched all data of a connection yet. */
  | { readonly type: 'not_ready' }
  /** Plaid gave the data. */
  | { readonly type: 'synced' }
  /** A Link session in update mode ended well; the clean check that proves it comes first. */
  | {
      readonly type: 'repaired'
      readonly consentExpirationTime: string | null
      /** When the session ended, where Plaid says so; else that is now. */
      readonly finishedAt: string | null
    }
  /** Webhooks, as they are in the model. `sentAt` is the `iat` of the signature. */
  | (Failure & { readonly type: 'error'; readonly sentAt: string })
  | { readonly type: 'login_repaired' | 'new_accounts'; readonly sentAt: string }
  | (Pending & { readonly sentAt: string })

/** True when nothing but a new connection, or the right keys, helps. */
export function isOver({ status }: Pick<Connection, 'status'>): boolean {
  return status === 'expired' || status === 'revoked' || status === 'removing'
}

/** The next health, from the last one and what happened. Pure: the clock is `now`, in ms. */
export function next(health: Health, event: HealthEvent, now: number): Health {
  if (health.status === 'removing') return health
  return healthOf(step(facetsOf(health), event, now))
}

function step(facets: Facets, event: HealthEvent, now: number): Facets {
  switch (event.type) {
    case 'checked':
      return checked(facets, event, now)
    case 'failed':
      return { ...facets, trouble: troubleAfter(facets.trouble, event) }
    case 'not_ready':
      return { ...facets, awaitingData: true }
    case 'synced':
      return { ...facets, awaitingData: false }
    case 'repaired':
      return renewed(
        facets,
        event.consentExpirationTime,
        event.finishedAt ?? new Date(now).toISOString(),
        now,
      )
    case 'error':
      return errorSent(facets, event)
    case 'login_repaired':
      return loginRepaired(facets, event.sentAt, now)
    case 'pending':
      return warned(facets, event)
    case 'new_accounts':
      return isOlder(event.sentAt, facets.repairedAt) ? facets : { ...facets, newAccounts: true }
  }
}

/** Only this is the truth about the login: whatever was thought of it before is gone. */
function checked(facets: Facets, event: Extract<HealthEvent, { type: 'checked' }>, now: number): Facets {
  const { code, plaidCode, consentExpirationTime, at } = event
  const last = Date.parse(facets.lastCheckedAt ?? at)
  // This answer was long on its way, and another copy has asked since. A time ahead is of a clock that was set back.
  if (last > Date.parse(at) && last <= now) return facets
  const told = consentTold(facets, consentExpirationTime, code === null, now)
  const trouble = code === null ? null : troubleOfItem({ code, plaidCode })
  return { ...told, trouble, lastCheckedAt: at }
}

/** An Item that Plaid shows an error of does not work, whatever the error is. */
function troubleOfItem(failure: Failure): Trouble {
  return troubleAfter(null, failure) ?? { status: 'bank_issue', reason: reasonOf(failure) }
}

/** A webhook that is older than the last check tells nothing that the check did not. */
function errorSent(facets: Facets, event: Extract<HealthEvent, { type: 'error' }>): Facets {
  if (isOlder(event.sentAt, facets.lastCheckedAt)) return facets
  return {
    ...facets,
    trouble: troubleAfter(facets.trouble, event),
    errorSentAt: later(facets.errorSentAt, event.sentAt),
  }
}

/** What else may be wrong than the login is left to the check that follows. */
function loginRepaired(facets: Facets, sentAt: string, now: number): Facets {
  const { warningSentAt, repairedAt, errorSentAt, trouble } = facets
  if ([warningSentAt, repairedAt, errorSentAt].some((time) => isOlder(sentAt, time))) return facets
  return {
    ...mended(facets, sentAt, now),
    trouble: trouble?.status === 'needs_reauth' ? null : trouble,
  }
}

/** Errors that are about one product, our keys or the network say nothing about the login. */
function troubleAfter(trouble: Trouble | null, failure: Failure): Trouble | null {
  const reason = reasonOf(failure)
  switch (failure.code) {
    case 'ITEM_LOGIN_REQUIRED':
      return { status: 'needs_reauth', reason }
    case 'CONNECTION_ENDED':
      if (trouble !== null && confirmsRevoked(trouble, failure)) return trouble
      return { status: failure.plaidCode === 'USER_PERMISSION_REVOKED' ? 'revoked' : 'expired', reason }
    case 'BANK_ACTION_REQUIRED':
      return { status: 'bank_issue', reason }
    case 'BANK_DOWN':
    case 'PLAID_DOWN':
      // An outage hides no other trouble: a login that is needed is still needed when the bank is back.
      return trouble ?? { status: 'bank_issue', reason }
    default:
      return trouble
  }
}

/** Of an Item whose permission was taken back Plaid may know no more than that there is none. */
export function confirmsRevoked(
  { status }: Pick<Connection, 'status'>,
  { plaidCode }: Pick<Failure, 'plaidCode'>,
) {
  return status === 'revoked' && (plaidCode === 'ITEM_NOT_FOUND' || plaidCode === 'INVALID_ACCESS_TOKEN')
}

function reasonOf({ code, plaidCode }: Failure): string {
  return plaidCode ?? code
}
