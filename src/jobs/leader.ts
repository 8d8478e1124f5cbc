import { setTimeout as sleep } from 'node:timers/promises'
import type { Lock } from '../lock.ts'

export interface LeaderDeps {
  /** Takes the lock that the kernel frees with its process, or null while another has it. */
  readonly acquire: () => Promise<Lock | null>
  /** The background work; runs until the signal aborts. */
  readonly lead: (signal: AbortSignal) => Promise<void>
  /** Leading failed or could not begin; it is tried again, here or in another copy. */
  readonly onError: (error: unknown) => void
  readonly pollMs?: number
}

export interface Leadership {
  close(): Promise<void>
}

/** One of the copies leads; when it ends, another has the lock within one poll. */
export function seekLeadership({ acquire, lead, onError, pollMs = 500 }: LeaderDeps): Leadership {
  const closing = new AbortController()
  const { signal } = closing

  /** True when this copy led, or tried to. */
  async function tryToLead(): Promise<boolean> {
    const lock = await acquire()
    if (lock === null) return false
    try {
      await lead(signal)
    } finally {
      lock.release()
    }
    return true
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const led = await tryToLead().catch((error: unknown) => onError(error))
      // After a failure others get their chance, and a broken disk is not asked twice a second.
      await pause(led === false ? pollMs : pollMs * 10, signal)
    }
  }

  const done = run()
  return {
    async close() {
      closing.abort()
      await done
    },
  }
}

/** Sleeps without keeping the process alive; ends early when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
