import type { CryptoKey } from 'jose'
import { type CofferError, isCofferError } from '../errors.ts'
import type { Plaid } from '../plaid/operations.ts'
import type { Store } from '../store/store.ts'
import { createKeyBudget, type KeyBudget, usedUp } from './key-budget.ts'
import { importWebhookKey } from './jwk.ts'

export interface FoundKey {
  readonly key: CryptoKey
  readonly hasExpired: boolean
}

export interface WebhookKeys {
  /**
   * Asks Plaid where it must.
   * @throws CofferError when Plaid cannot be asked now, or gives no usable key
   */
  find(kid: string): Promise<FoundKey | 'unknown_key'>
  /** A key that is at hand, expired or not, without asking anybody. */
  known(kid: string): CryptoKey | null
  /** False when `find` would turn it away, since so many wait for a key already. */
  hasRoomFor(kid: string): boolean
}

export interface WebhookKeysDeps {
  readonly plaid: Pick<Plaid, 'webhookKey'>
  readonly calls: Store['calls']
  readonly now: () => number
  /** How long one look-up may take. */
  readonly patienceMs?: number
}

interface Kept {
  readonly key: CryptoKey
  /** Unix seconds. */
  readonly expiredAt: number | null
  readonly fetchedAt: number
}

const keptMs = 24 * 3_600_000
const unknownMs = 5 * 60_000
/** Plaid waits ten seconds for our answer. */
const usualPatienceMs = 6_000
/** So many that the rest of the connections are left for webhooks whose key is at hand. */
const mostWaiting = 64

/**
 * Plaid's keys by kid: each is fetched once, by one call however many wait for it, and again after a day, since
 * only Plaid tells when it ended. A failure of Plaid's is never remembered as a missing key.
 */
export function createWebhookKeys({
  plaid,
  calls,
  now,
  patienceMs = usualPatienceMs,
}: WebhookKeysDeps): WebhookKeys {
  const kept = new Map<string, Kept>()
  const unknownSince = new Map<string, number>()
  const flights = new Map<string, Promise<Kept | null>>()
  let waiting = 0
  const budget = createKeyBudget({ calls, now })

  // A clock that was set back makes everything old.
  const isWithin = (ms: number, since: number | undefined) =>
    since !== undefined && Math.abs(now() - since) < ms

  async function fetchAndKeep(kid: string): Promise<Kept | null> {
    const key = await askPlaid({ plaid, budget, now, patienceMs }, kid, kept.has(kid))
    forgetOld()
    kept.delete(kid)
    if (key === null) unknownSince.set(kid, now())
    else kept.set(kid, key)
    return key
  }

  function forgetOld(): void {
    for (const [kid, since] of unknownSince) if (!isWithin(unknownMs, since)) unknownSince.delete(kid)
    for (const [kid, { fetchedAt }] of kept) if (!isWithin(2 * keptMs, fetchedAt)) kept.delete(kid)
  }

  function fly(kid: string): Promise<Kept | null> {
    const open = flights.get(kid)
    if (open !== undefined) return open
    const flight = fetchAndKeep(kid).finally(() => flights.delete(kid))
    flights.set(kid, flight)
    return flight
  }

  function atHand(kid: string): Kept | 'unknown_key' | null {
    if (isWithin(unknownMs, unknownSince.get(kid))) return 'unknown_key'
    const key = kept.get(kid)
    return key !== undefined && isWithin(keptMs, key.fetchedAt) ? key : null
  }

  async function waitFor(kid: string): Promise<Kept | null> {
    if (waiting >= mostWaiting) throw usedUp()
    waiting += 1
    return await fly(kid).finally(() => (waiting -= 1))
  }

  return {
    known: (kid) => kept.get(kid)?.key ?? null,
    hasRoomFor: (kid) => waiting < mostWaiting || atHand(kid) !== null,
    async find(kid) {
      const key = atHand(kid) ?? (await waitFor(kid))
      if (key === null || key === 'unknown_key') return 'unknown_key'
      return { key: key.key, hasExpired: key.expiredAt !== null && key.expiredAt * 1000 <= now() }
    },
  }
}

interface Asking extends Pick<Required<WebhookKeysDeps>, 'plaid' | 'now' | 'patienceMs'> {
  readonly budget: KeyBudget
}

/** Null when Plaid has no such key. A key that is known is asked for once a day, whatever strangers make up. */
async function askPlaid(
  { plaid, budget, now, patienceMs }: Asking,
  kid: string,
  isKnown: boolean,
): Promise<Kept | null> {
  await budget.take({ isKnown })
  try {
    const { jwk, expiredAt } = await plaid.webhookKey(kid, AbortSignal.timeout(patienceMs))
    const key = { key: await importWebhookKey(jwk, kid), expiredAt, fetchedAt: now() }
    budget.succeeded()
    return key
  } catch (error) {
    if (!isUnknown(error)) {
      budget.failed()
      throw error
    }
    budget.succeeded()
    return null
  }
}

/**
 * Plaid, or what stands in its place, has looked at the question and refused it, and neither our keys nor a crowd
 * are why: so it is the key, by whatever code. Taken for an outage it would let strangers hold up good keys.
 */
function isUnknown(error: unknown): boolean {
  if (!isCofferError(error) || error.httpStatus === undefined) return false
  const { httpStatus, plaidCode } = error
  if (httpStatus < 400 || httpStatus >= 500 || statusesAboutUs.has(httpStatus)) return false
  return plaidCode === undefined || !(error.retryable || isAboutUs(error))
}

/** Who asks, by what way, how long and how often. */
const statusesAboutUs: ReadonlySet<number> = new Set([401, 403, 407, 408, 429])

function isAboutUs({ code, plaidCode }: CofferError): boolean {
  const isAccount = code === 'PLAID_KEYS_REJECTED' || code === 'PLAID_CREDITS_EXHAUSTED'
  return isAccount || plaidCode?.startsWith('UNAUTHORIZED_') === true
}
