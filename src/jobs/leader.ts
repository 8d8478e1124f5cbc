import { setTimeout as sleep } from 'node:timers/promises'
import type { Lock } from '../lock.ts'

export interface LeaderDeps {
  /** Takes the lock that the kernel frees with its process, or null while another has it. */
  readonly acquire: () => Promise<Lock | null>
  /** The background work; runs until the signal aborts. */
  readonly lead: (signal: AbortSignal) => Promise<void>
  readonly pollMs?: number
}

export interface Leadership {
  isLeader(): boolean
  close(): Promise<void>
}

/** One of the copies leads; when it ends, another has the lock within one poll. */
export function seekLeadership({ acquire, lead, pollMs = 500 }: LeaderDeps): Leadership {
  const closing = new AbortController()
  const { signal } = closing
  let leading = false

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const lock = await acquire()
      if (lock === null) {
        await pause(pollMs, signal)
        continue
      }
      leading = true
      try {
        await lead(signal)
      } finally {
        leading = false
        lock.release()
      }
    }
  }

  const done = run()
  return {
    isLeader: () => leading,
    async close() {
      closing.abort()
      await done.catch(() => undefined)
    },
  }
}

/** Sleeps without keeping the process alive; ends early when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
