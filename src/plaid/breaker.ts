import { createHash } from 'node:crypto'
import { CofferError, ignoreKnown, isErrorCode } from '../errors.ts'
import { calm, type HostCall, type HostState } from '../host-state.ts'
import { type Failure, final, type Outcome } from './failure.ts'
import type { HostMemory } from './operations.ts'

const window = 30_000
const enoughCalls = 10
// Short, for a laptop that is back online and a person who waits; one call a minute harms no host.
const firstPause = 5_000
const longestPause = 60_000
/** Longer than most calls take: then another one tries, should whoever tried have ended. */
const trialMs = 20_000
/** How often a success is told to the other processes, and only while something fails. */
const tellEveryMs = 5_000

/** `lane` is what the call is about: one bank, or '' for what is about none. */
export type Breaker = (attempt: () => Promise<Outcome>, signal: AbortSignal, lane: string) => Promise<Outcome>

/**
 * Stops calling a host that seems down: when at least half of at least ten calls within 30 s failed, and the
 * last one of every bank did. Where one bank is answered the host is up, whatever another bank does. One call
 * tries again after 5 s, then after twice as long each time, up to a minute. All processes that share `memory`
 * stop together, and one call of them all tries.
 */
export function createBreaker(host: string, memory: HostMemory, now: () => number): Breaker {
  const change: Change = (next) => memory.change(host, next).catch(ignoreKnown)
  const { noteFailure, noteSuccess } = createNotes(change, now)

  /** Where nothing can be remembered nothing is known to be down. */
  async function look(): Promise<HostState> {
    return (await memory.read(host).catch(ignoreKnown)) ?? calm
  }

  /** True for one call of all that want to try once the pause is over. */
  async function mayTry(): Promise<boolean> {
    let isOurs = false
    await change((state) => {
      isOurs = isOver(state, now())
      return isOurs ? { ...state, openUntil: now() + trialMs } : state
    })
    return isOurs
  }

  async function sent(attempt: () => Promise<Outcome>, lane: string, before: HostState): Promise<Outcome> {
    const isTrial = before.openUntil !== null
    try {
      const outcome = await attempt()
      if ('failure' in outcome && outcome.failure.hostDown) await noteFailure(lane, isTrial, outcome.failure)
      else await noteSuccess(lane, isTrial, before)
      return outcome
    } catch (error) {
      // It was stopped before it told anything: the next one may try.
      if (isTrial) await change((state) => ({ ...state, openUntil: now() }))
      throw error
    }
  }

  return async (attempt, signal, about) => {
    signal.throwIfAborted()
    const state = await look()
    if (state.openUntil !== null && !(isOver(state, now()) && (await mayTry())))
      return { failure: standingBack(state, now()) }
    return await sent(attempt, laneOf(about), state)
  }
}

/** One for each host. */
export function createBreakers(memory: HostMemory, now: () => number): (host: string) => Breaker {
  const breakers = new Map<string, Breaker>()
  return (host) => {
    const breaker = breakers.get(host) ?? createBreaker(host, memory, now)
    breakers.set(host, breaker)
    return breaker
  }
}

type Change = (next: (state: HostState) => HostState) => Promise<HostState | undefined>

/** How calls ended, told to the other processes where that matters to them. */
function createNotes(change: Change, now: () => number) {
  /** Successes of this process that the others were not told of. */
  let own: readonly HostCall[] = []
  let toldAt = 0

  return {
    async noteFailure(lane: string, isTrial: boolean, { error }: Failure): Promise<void> {
      const unknown = recent(own, now())
      own = []
      await change((before) => {
        const calls = [...recent([...before.calls, ...unknown], now()), { at: now(), lane, failed: true }]
        const state = { ...before, calls: calls.slice(-mostCalls), code: error.code, message: error.message }
        const opens = isTrial || (before.openUntil === null && seemDown(calls))
        return opens ? opened(state, now()) : state
      })
    },
    async noteSuccess(lane: string, isTrial: boolean, { calls }: HostState): Promise<void> {
      own = isTrial ? [] : [...own.slice(1 - mostCalls), { at: now(), lane, failed: false }]
      if (isTrial) return void (await change(() => calm))
      const isTroubled = recent(calls, now()).some(({ failed }) => failed)
      if (!isTroubled || now() - toldAt < tellEveryMs) return
      toldAt = now()
      const told = recent(own, now())
      own = []
      await change((state) => ({
        ...state,
        calls: [...recent(state.calls, now()), ...told].slice(-mostCalls),
      }))
    },
  }
}

/** More say nothing more. */
const mostCalls = 100

/** What is kept names no bank. */
function laneOf(about: string): string {
  return about === '' ? '' : createHash('sha256').update(about).digest('base64url').slice(0, 10)
}

/** A call from the future is of a clock that was set back. */
function recent(calls: readonly HostCall[], now: number): readonly HostCall[] {
  return calls.filter(({ at }) => at > now - window && at <= now)
}

function seemDown(calls: readonly HostCall[]): boolean {
  const failures = calls.filter(({ failed }) => failed).length
  const lastOfLanes = new Map(calls.toSorted((a, b) => a.at - b.at).map(({ lane, failed }) => [lane, failed]))
  const answersSome = [...lastOfLanes.values()].includes(false)
  return calls.length >= enoughCalls && failures * 2 >= calls.length && !answersSome
}

function opened(state: HostState, now: number): HostState {
  const pause = Math.min(longestPause, firstPause * 2 ** state.pauses)
  return { ...state, openUntil: now + pause, pauses: state.pauses + 1 }
}

/** A pause longer than any is of a clock that was set back: nobody waits until it is that late once more. */
function isOver({ openUntil }: HostState, now: number): boolean {
  return openUntil !== null && (openUntil <= now || openUntil > now + longestPause)
}

function standingBack({ openUntil, code, message }: HostState, now: number): Failure {
  // Another one tries meanwhile, perhaps after a clock was set back.
  const ms = Math.min(longestPause, (openUntil ?? 0) - now)
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  const text = `${message ?? 'Plaid did not answer.'} That was several times in a row; the next try is in ${seconds} seconds.`
  const fix = `Ask again in ${seconds} seconds; until then the stored figures stand.`
  const known = code !== null && isErrorCode(code) ? code : 'PLAID_UNREACHABLE'
  return final(new CofferError(known, text, { fix, retryable: true }))
}
