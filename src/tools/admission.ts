import { CofferError, isCofferError } from '../errors.ts'
import type { Store } from '../store/store.ts'

/** Of tool calls that ask Plaid or change something, over all processes; what is answered from the store is free. */
export const callsAMinute = 60

const minute = 60_000

/**
 * Counts one tool call. It rejects with RATE_LIMITED when there is no room for one more; the same process then asks
 * nobody until there is.
 */
export function createAdmission(calls: Store['calls'], now: () => number): () => Promise<void> {
  const limits = [{ key: 'tools', perMinute: callsAMinute }]
  let fullUntil = 0

  return async () => {
    const known = fullUntil - now()
    // A clock that was set back makes nobody wait longer than anybody ever has to.
    if (known > 0 && known <= minute) throw rateLimited(known)
    const wait = await calls.take(limits, now()).catch(nothingToCountIn)
    if (wait <= 0) return
    fullUntil = now() + wait
    throw rateLimited(wait)
  }
}

/** Where nothing can be written no call to Plaid goes out and nothing changes: what is stored can still be shown. */
function nothingToCountIn(error: unknown): number {
  if (!isCofferError(error)) throw error
  return 0
}

function rateLimited(ms: number): CofferError {
  const seconds = Math.ceil(ms / 1000)
  const text = `There were ${callsAMinute} tool calls within a minute that asked Plaid or changed something; nothing was done.`
  const fix = `Ask again in ${seconds} seconds. Until then sync_snapshot with max_age_minutes -1, list_connections and get_history show what is stored.`
  return new CofferError('RATE_LIMITED', text, { fix, retryable: true })
}
