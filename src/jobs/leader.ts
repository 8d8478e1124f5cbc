import type { Candidate } from './candidate.ts'
import { pause } from './rounds.ts'

export interface LeaderDeps {
  readonly candidate: Candidate
  /** The background work; runs until the signal aborts. */
  readonly lead: (signal: AbortSignal) => Promise<void>
  /** Leading failed or could not begin; it is tried again, here or in another copy. */
  readonly onError: (error: unknown) => void
  /** Another copy leads. Told once, until this one has led. */
  readonly onWaiting?: () => void
  readonly pollMs?: number
}

export interface Leadership {
  close(): Promise<void>
}

/** Well below the 2 s within which another copy is to lead when one is killed. */
const usualPollMs = 400
/** After a failure others get their chance, and a broken disk is not asked twice a second. */
const restMs = 5_000

/** One of the copies leads; when it ends, another has the lock within one poll. */
export function seekLeadership(deps: LeaderDeps): Leadership {
  const { candidate, onError, onWaiting, pollMs = usualPollMs } = deps
  const closing = new AbortController()
  const { signal } = closing
  let isWaiting = false

  function wait(): void {
    if (!isWaiting) onWaiting?.()
    isWaiting = true
  }

  /** True when this copy led. */
  async function tryToLead(): Promise<boolean> {
    const lock = await candidate.acquire()
    if (lock === null) return false
    isWaiting = false
    try {
      // Closed while the lock was being taken: nothing would end it any more.
      if (!signal.aborted) await leadUntilBetter(deps, pollMs, signal)
    } catch (error) {
      candidate.failed()
      throw error
    } finally {
      lock.release()
    }
    return true
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        if (!(await tryToLead())) wait()
        await pause(pollMs, signal)
      } catch (error) {
        onError(error)
        await pause(Math.min(restMs, pollMs * 10), signal)
      }
    }
  }

  const done = run()
  return {
    async close() {
      closing.abort()
      await done
      candidate.close()
    },
  }
}

/** Leads until the signal aborts, or until there is a copy that should lead instead. */
async function leadUntilBetter(
  { candidate, lead }: LeaderDeps,
  pollMs: number,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController()
  const end = () => over.abort()
  signal.addEventListener('abort', end)
  const look = async () => {
    while (!over.signal.aborted) {
      await pause(pollMs, over.signal)
      // A lock that cannot be asked for takes nothing from the one that is held.
      if (!over.signal.aborted && (await candidate.yields().catch(() => false))) end()
    }
  }
  const looking = look()
  try {
    await lead(over.signal)
  } finally {
    end()
    await looking
    signal.removeEventListener('abort', end)
  }
}
