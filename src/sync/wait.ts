import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for `work`, but not longer than `ms` and not after the signal; the work itself goes on. */
export async function waitAtMost(work: Promise<unknown>, ms: number, signal?: AbortSignal): Promise<void> {
  const done = new AbortController()
  const until = signal === undefined ? done.signal : AbortSignal.any([done.signal, signal])
  const timeUp = sleep(ms, undefined, { signal: until }).catch(() => undefined)
  try {
    await Promise.race([work, timeUp])
  } finally {
    done.abort()
  }
}
