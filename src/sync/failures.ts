import { isCofferError } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { Outcome } from './runs.ts'

/** Covers the pages of one list; whoever mended a bank and asks again should not wait. */
const restMs = 10_000

/**
 * What failed a moment ago is not asked for by every question that follows, such as the next page of a list: what this
 * process has of it stands. A part that fails counts too, since no later question would find its bank fresh.
 */
export function createFailures(now: () => number) {
  const failedAt = new Map<string, number>()

  return {
    note(itemId: string, outcome: Outcome): Outcome {
      if (outcome.ok || isCofferError(outcome.error, 'CANCELLED')) failedAt.delete(itemId)
      else failedAt.set(itemId, now())
      return outcome
    },
    /** Unless Plaid has told since of other data, or that the login works. */
    isRecent({ itemId, dirtySince, lastCheckedAt }: Connection): boolean {
      const at = failedAt.get(itemId)
      if (at === undefined) return false
      const isOlder = (time: string | null) => time === null || Date.parse(time) <= at
      const age = now() - at
      return isOlder(dirtySince) && isOlder(lastCheckedAt) && age >= 0 && age < restMs
    },
  }
}
