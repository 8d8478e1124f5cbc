import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../store/store.ts'

/** The pauses between polls of a link. They end early when somebody waits for it, or when it is rung for. */
export interface Patience {
  /** `rungAt`: what the last poll knew of; another one ends the pause. */
  pause(linkId: string, ms: number, rungAt: string | null): Promise<void>
  /** While `work` runs, the pauses of this link are short. */
  hurry<T>(linkId: string, work: () => Promise<T>): Promise<T>
}

const impatientMs = 800
const lookEveryMs = 250

export function createPatience(store: Store, closing: AbortSignal): Patience {
  const waiting = new Map<string, number>()
  const isAwaited = (linkId: string) => (waiting.get(linkId) ?? 0) > 0

  return {
    async pause(linkId, ms, rungAt) {
      const bell = listenFor(store, linkId, rungAt)
      const start = performance.now()
      for (;;) {
        const left = start + (isAwaited(linkId) ? Math.min(ms, impatientMs) : ms) - performance.now()
        if (left <= 0 || closing.aborted || (await bell())) return
        const signal = { signal: closing, ref: false }
        await sleep(Math.min(left, lookEveryMs), undefined, signal).catch(() => undefined)
      }
    },
    async hurry(linkId, work) {
      waiting.set(linkId, (waiting.get(linkId) ?? 0) + 1)
      try {
        return await work()
      } finally {
        waiting.set(linkId, (waiting.get(linkId) ?? 1) - 1)
      }
    },
  }
}

/** True once the bell has been rung anew, by whatever process. The row is read only after something was written. */
function listenFor(store: Store, linkId: string, rungAt: string | null): () => Promise<boolean> {
  let last: string | null = null
  return async () => {
    try {
      const version = await store.version()
      if (version === last) return false
      last = version
      const link = await store.links.find(linkId)
      return link !== null && link.rungAt !== rungAt
    } catch {
      // The next poll meets the same trouble and says so.
      return false
    }
  }
}
