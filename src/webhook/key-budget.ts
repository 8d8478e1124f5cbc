import { CofferError } from '../errors.ts'
import type { Store } from '../store/store.ts'

export interface KeyBudget {
  /** @throws CofferError PLAID_RATE_LIMITED when Plaid is not to be asked now */
  take(about: { readonly isKnown: boolean }): Promise<void>
  succeeded(): void
  failed(): void
}

export interface KeyBudgetDeps {
  readonly calls: Store['calls']
  readonly now: () => number
}

const perMinute = 6
const minute = 60_000
// With these, six tries last a minute: once Plaid is back, the next try is never far.
const firstPause = 2_000
const longestPause = 16_000

/**
 * Holds back what strangers could make us ask Plaid: six look-ups of unknown keys a minute, over all processes,
 * and a pause after each that failed. Whoever is refused is told to come again, so nothing is lost by it.
 */
export function createKeyBudget({ calls, now }: KeyBudgetDeps): KeyBudget {
  let taken: readonly number[] = []
  let failures = 0
  let notBefore = 0

  /** In this process first: a flood of made-up keys must not become a flood of writes. */
  async function takeOne(): Promise<void> {
    const at = now()
    taken = taken.filter((one) => Math.abs(at - one) < minute)
    if (taken.length >= perMinute) throw usedUp()
    taken = [...taken, at]
    const wait = await calls.take([{ key: 'webhook-keys', perMinute }], at)
    if (wait > 0) {
      pause(wait)
      throw usedUp()
    }
  }

  function pause(ms: number): void {
    notBefore = Math.max(notBefore, now() + ms)
  }

  return {
    async take({ isKnown }) {
      const wait = notBefore - now()
      if (wait > 0 && wait <= minute) throw usedUp()
      if (!isKnown) await takeOne()
    },
    succeeded() {
      failures = 0
    },
    failed() {
      failures += 1
      pause(Math.min(longestPause, firstPause * 2 ** (failures - 1)))
    },
  }
}

export function usedUp(): CofferError {
  return new CofferError('PLAID_RATE_LIMITED', 'Plaid is not asked for more webhook keys now.', {
    fix: 'Wait: Plaid sends the webhook again.',
    retryable: true,
  })
}
