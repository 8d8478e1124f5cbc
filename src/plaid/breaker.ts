import {
  CircuitState,
  circuitBreaker,
  DelegateBackoff,
  handleWhenResult,
  type IBreaker,
  isBrokenCircuitError,
} from 'cockatiel'
import { CofferError } from '../errors.ts'
import { type Failure, final, type Outcome } from './failure.ts'
import { isRecord } from './json.ts'

const window = 30_000
const enoughCalls = 10
// Short, for a laptop that is back online and a person who waits; one call a minute harms no host.
const firstPause = 5_000
const longestPause = 60_000

/** `lane` is what the call is about: one bank, or '' for what is about none. */
export type Breaker = (attempt: () => Promise<Outcome>, signal: AbortSignal, lane: string) => Promise<Outcome>

/**
 * Stops calling a host that seems down: when at least half of at least ten calls within 30 s failed, and the
 * last one of every bank did. Where one bank is answered the host is up, whatever another bank does. One call
 * tries again after 5 s, then after twice as long each time, up to a minute.
 */
export function createBreaker(now: () => number): Breaker {
  let last = new CofferError('PLAID_UNREACHABLE', 'Plaid did not answer.')
  let nextTry = 0
  const recent = createRecent(now)

  const policy = circuitBreaker(handleWhenResult(isHostDown), {
    breaker: breakerOn(recent),
    halfOpenAfter: new DelegateBackoff(({ attempt }) => {
      const pause = Math.min(longestPause, firstPause * 2 ** (attempt - 1))
      nextTry = now() + pause
      return pause
    }),
  })

  async function noted(attempt: () => Promise<Outcome>, lane: string): Promise<Outcome> {
    const outcome = await attempt()
    if ('failure' in outcome && outcome.failure.hostDown) last = outcome.failure.error
    recent.note(lane, isHostDown(outcome))
    return outcome
  }

  return async (attempt, signal, lane) => {
    try {
      return await policy.execute(() => noted(attempt, lane), signal)
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error
      return { failure: standingBack(last, nextTry - now()) }
    }
  }
}

function standingBack(last: CofferError, ms: number): Failure {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  const text = `${last.message} That was several times in a row; the next try is in ${seconds} seconds.`
  const fix = `Ask again in ${seconds} seconds; until then the stored figures stand.`
  return final(new CofferError(last.code, text, { fix, retryable: true }))
}

type Recent = ReturnType<typeof createRecent>

/** cockatiel's own SamplingBreaker forgets by the number of calls, so that rare ones would add up over hours. */
function createRecent(now: () => number) {
  let calls: readonly { readonly at: number; readonly lane: string; readonly failed: boolean }[] = []

  return {
    note(lane: string, failed: boolean): void {
      const since = now() - window
      calls = [...calls.filter(({ at }) => at > since), { at: now(), lane, failed }]
    },
    forget(): void {
      calls = []
    },
    seemDown(): boolean {
      const failures = calls.filter(({ failed }) => failed).length
      const lastOfLanes = new Map(calls.map(({ lane, failed }) => [lane, failed]))
      const answersSome = [...lastOfLanes.values()].includes(false)
      return calls.length >= enoughCalls && failures * 2 >= calls.length && !answersSome
    },
  }
}

function breakerOn(recent: Recent): IBreaker {
  return {
    state: null,
    success(state) {
      if (state === CircuitState.HalfOpen) recent.forget()
    },
    failure: (state) => state !== CircuitState.Closed || recent.seemDown(),
  }
}

function isHostDown(outcome: unknown): boolean {
  return isRecord(outcome) && isRecord(outcome.failure) && outcome.failure.hostDown === true
}
