import type { Health } from '../../src/connections/transitions.ts'

export const now = Date.parse('2026-03-10T12:00:00.500Z')
export const day = 86_400_000
export const inDays = (days: number) => new Date(now + days * day).toISOString()
/** Seconds from `now`, as a signature tells them: whole ones. */
export const second = (seconds: number) => new Date(Math.floor(now / 1000 + seconds) * 1000).toISOString()

export const active: Health = {
  status: 'active',
  reason: null,
  deadline: null,
  warning: null,
  awaitingData: false,
  consentExpirationTime: null,
  answeredDeadline: null,
  repairedAt: null,
  errorSentAt: null,
  warningSentAt: null,
  newAccounts: false,
  lastCheckedAt: null,
}

export const troubles = ['needs_reauth', 'bank_issue', 'expired', 'revoked'] as const
export type Trouble = (typeof troubles)[number]
export type Hidden = Pick<Health, 'awaitingData' | 'deadline' | 'warning'>

const noWarning = { deadline: null, warning: null }
const warning = { deadline: inDays(7), warning: 'PENDING_DISCONNECT' }
const hidden: readonly Hidden[] = [false, true].flatMap((awaitingData) => [
  { awaitingData, ...noWarning },
  { awaitingData, ...warning },
])

/** Every state that there is: trouble or none, data missing or not, warned or not; and one being removed. */
export const states: readonly Health[] = [
  ...[null, ...troubles].flatMap((trouble) =>
    hidden.map((facets) => ({ ...active, ...facets, ...shownAs(trouble, facets) })),
  ),
  { ...active, status: 'removing' },
]

/** What is seen of the facets. */
export function shownAs(
  trouble: Trouble | null,
  { awaitingData, deadline, warning: code }: Hidden,
): Pick<Health, 'status' | 'reason'> {
  if (trouble !== null) return { status: trouble, reason: 'EARLIER' }
  if (awaitingData) return { status: 'preparing', reason: null }
  return deadline === null ? { status: 'active', reason: null } : { status: 'expiring', reason: code }
}

export function troubleIn({ status }: Health): Trouble | null {
  return troubles.find((trouble) => trouble === status) ?? null
}

export function named({ status, awaitingData, deadline }: Health): string {
  const facets = [awaitingData ? 'no data yet' : '', deadline === null ? '' : 'warned'].filter(Boolean)
  return [status, ...facets].join(', ')
}
