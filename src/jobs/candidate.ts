import type { Lock } from '../lock.ts'

/** How one copy stands for leadership. */
export interface Candidate {
  /** One try: the lock of the leader, or null. */
  acquire(): Promise<Lock | null>
  /** While leading: is there a copy that should lead instead? */
  yields(): Promise<boolean>
  /** Stands no longer. */
  close(): void
}

export interface CandidateLocks {
  readonly leader: () => Promise<Lock | null>
  /** Held by a copy that listens, while it waits to lead. */
  readonly waiting: () => Promise<Lock | null>
}

/** A copy that listens. While it waits it shows so, by a second lock. */
export function firstChoice({ leader, waiting }: CandidateLocks): Candidate {
  let shown: Lock | null = null
  const hide = () => {
    shown?.release()
    shown = null
  }
  return {
    async acquire() {
      const lock = await leader()
      if (lock !== null) hide()
      else shown ??= await waiting()
      return lock
    },
    yields: async () => false,
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
    close: () => undefined,
  }
}
