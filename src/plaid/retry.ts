import { DelegateBackoff, handleWhenResult, retry } from 'cockatiel'
import type { Outcome } from './failure.ts'
import { isRecord } from './json.ts'

const tries = 3
const base = 500
const cap = 30_000

/** Anywhere between nothing and the exponential delay, in ms, so that several programs do not come back all at once. */
export function delayBefore(retryNumber: number, random: () => number): number {
  return random() * Math.min(cap, base * 2 ** (retryNumber - 1))
}

/** Repeats a call whose failure may well be gone a moment later. Only for what may be asked twice. */
export function createRetry(random: () => number) {
  const policy = retry(handleWhenResult(isPassing), {
    maxAttempts: tries - 1,
    backoff: new DelegateBackoff(({ attempt }) => delayBefore(attempt, random)),
  })
  return (attempt: () => Promise<Outcome>, signal: AbortSignal) => policy.execute(attempt, signal)
}

function isPassing(outcome: unknown): boolean {
  return isRecord(outcome) && isRecord(outcome.failure) && outcome.failure.passing === true
}
