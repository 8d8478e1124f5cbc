import type { Facets } from './facets.ts'
import { isOlder, later } from './sent-at.ts'

const day = 86_400_000
const warnBefore = 14 * day
/** How long before the end Plaid warns. */
export const warnedAhead = 7 * day

/** What `/item/get` says of the consent: it may end a warning, and it may begin one. */
export function consentTold(facets: Facets, consent: string | null, isHealthy: boolean, now: number): Facets {
  const told = { ...facets, consentExpirationTime: consent ?? facets.consentExpirationTime }
  const isOver = hasGrown(facets, consent) || (isHealthy && isSurvived(facets, now))
  return expiringSoon(isOver ? unwarned(told) : told, consent, now)
}

/** A webhook warned. Where Plaid does not say when it ends, it is as long ahead as always. */
export function warned(
  facets: Facets,
  { warning, deadline, sentAt }: { warning: string; deadline: string | null; sentAt: string },
): Facets {
  if (isOlder(sentAt, facets.warningSentAt) || isOlder(sentAt, facets.repairedAt)) return facets
  const end = deadline ?? new Date(Date.parse(sentAt) + warnedAhead).toISOString()
  return { ...facets, warning, deadline: end, warningSentAt: sentAt }
}

/** A person finished update mode. A consent that ends soon all the same is answered; a later one is new. */
export function renewed(facets: Facets, consent: string | null, at: string, now: number): Facets {
  return {
    ...unwarned(facets),
    consentExpirationTime: consent ?? facets.consentExpirationTime,
    answeredDeadline: isSoon(consent, now) ? consent : null,
    repairedAt: later(facets.repairedAt, at),
    newAccounts: false,
  }
}

/** The login was mended elsewhere, and with it whatever was warned of. */
export function mended(facets: Facets, sentAt: string, now: number): Facets {
  const { consentExpirationTime: consent, deadline, answeredDeadline } = facets
  return {
    ...unwarned(facets),
    answeredDeadline: isSoon(consent, now) ? consent : (deadline ?? answeredDeadline),
    warningSentAt: sentAt,
  }
}

function unwarned(facets: Facets): Facets {
  return { ...facets, deadline: null, warning: null }
}

/** An Item is healthy until the bank cuts it off, so only a consent that is longer than it was takes a warning back. */
function hasGrown(
  { deadline, consentExpirationTime: known, lastCheckedAt }: Facets,
  consent: string | null,
): boolean {
  if (consent === null || deadline === null || Date.parse(consent) <= Date.parse(deadline)) return false
  // Plaid was asked before and knew of none: this one is new.
  return known === null ? lastCheckedAt !== null : Date.parse(consent) > Date.parse(known)
}

function isSurvived({ deadline }: Facets, now: number): boolean {
  return deadline !== null && now > Date.parse(deadline) + day
}

function expiringSoon(facets: Facets, consent: string | null, now: number): Facets {
  if (facets.deadline !== null || consent === facets.answeredDeadline || !isSoon(consent, now)) return facets
  return { ...facets, warning: 'CONSENT_EXPIRATION', deadline: consent }
}

function isSoon(consent: string | null, now: number): boolean {
  if (consent === null) return false
  const left = Date.parse(consent) - now
  return left <= warnBefore && left >= -day
}
