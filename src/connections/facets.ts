import type { Connection } from '../model.ts'

/** The part of a connection that events change. */
export type Health = Pick<
  Connection,
  | 'status'
  | 'reason'
  | 'deadline'
  | 'warning'
  | 'awaitingData'
  | 'consentExpirationTime'
  | 'answeredDeadline'
  | 'repairedAt'
  | 'errorSentAt'
  | 'warningSentAt'
  | 'newAccounts'
  | 'lastCheckedAt'
>

/** Why a login does not work. */
export interface Trouble {
  readonly status: 'needs_reauth' | 'bank_issue' | 'expired' | 'revoked'
  readonly reason: string | null
}

/**
 * Health taken apart into what is independent: trouble with the login, a warning with its deadline, missing data,
 * unshared accounts. Each event moves its own, so that the order in which events come makes no difference.
 */
export type Facets = Omit<Health, 'status' | 'reason'> & { readonly trouble: Trouble | null }

export function facetsOf({ status, reason, ...rest }: Health): Facets {
  switch (status) {
    case 'needs_reauth':
    case 'bank_issue':
    case 'expired':
    case 'revoked':
      return { ...rest, trouble: { status, reason } }
    default:
      return { ...rest, trouble: null }
  }
}

/** One status out of all facets: trouble hides missing data, which hide a warning. */
export function healthOf({ trouble, ...rest }: Facets): Health {
  if (trouble !== null) return { ...rest, ...trouble }
  if (rest.awaitingData) return { ...rest, status: 'preparing', reason: null }
  if (rest.deadline !== null) return { ...rest, status: 'expiring', reason: rest.warning }
  return { ...rest, status: 'active', reason: null }
}
