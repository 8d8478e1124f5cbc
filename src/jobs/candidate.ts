import type { Lock } from '../lock.ts'
import { createBackoff } from './backoff.ts'

/** How one copy stands for leadership. */
export interface Candidate {
  /** One try: the lock of the leader, or null. */
  acquire(): Promise<Lock | null>
  /** While leading: is there a copy that should lead instead? */
  yields(): Promise<boolean>
  /** It led, and that failed. */
  failed(): void
  /** Stands no longer. */
  close(): void
}

export interface CandidateLocks {
  readonly leader: () => Promise<Lock | null>
  /** Held by a copy that listens, while it waits to lead. */
  readonly waiting: () => Promise<Lock | null>
}

const toLead = 'to lead'
/** How long a copy that could not lead takes the place of no other; twice as long after each failure. */
const restMs = 60_000
const longestRestMs = 60 * 60_000

/**
 * A copy that listens. While it waits it shows so, by a second lock; but not when it has just failed to lead, as where
 * the database does not open for it: the one that does lead would make way for it again and again. `now`: ms.
 */
export function firstChoice(
  { leader, waiting }: CandidateLocks,
  now: () => number = () => performance.now(),
): Candidate {
  let shown: Lock | null = null
  const rest = createBackoff(restMs, longestRestMs, now)
  const hide = () => {
    shown?.release()
    shown = null
  }
  return {
    async acquire() {
      const lock = await leader()
      if (lock !== null) hide()
      else if (rest.isDue(toLead)) shown ??= await waiting()
      return lock
    },
    yields: async () => false,
    failed: () => rest.failed(toLead),
    close: hide,
  }
}

/** A copy that is not to listen: it leads only while no other shows that it waits. */
export function lastChoice({ leader, waiting }: CandidateLocks): Candidate {
  /** Asked by the leader alone, so that two of this kind never take each other for a better one. */
  const isWanted = async () => {
    const free = await waiting()
    free?.release()
    return free === null
  }
  return {
    async acquire() {
      const lock = await leader()
      if (lock === null) return null
      let mayLead = false
      try {
        mayLead = !(await isWanted())
        return mayLead ? lock : null
      } finally {
        if (!mayLead) lock.release()
      }
    },
    yields: isWanted,
    failed: () => undefined,
    close: () => undefined,
  }
}
