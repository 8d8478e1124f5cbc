export interface Backoff {
  /** True when `key` has not failed, or long enough ago. */
  isDue(key: string): boolean
  failed(key: string): void
  succeeded(key: string): void
}

/** How long to wait after so many failures in a row: each time twice as long, `firstMs` to `longestMs`. */
export function waitAfter(failures: number, firstMs: number, longestMs: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.max(0, failures - 1))
}

/** Remembers failures in memory: after each one in a row the wait is twice as long, `firstMs` to `longestMs`. */
export function createBackoff(firstMs: number, longestMs: number, now: () => number): Backoff {
  const failures = new Map<string, { readonly at: number; readonly waitMs: number }>()
  return {
    isDue(key) {
      const last = failures.get(key)
      if (last === undefined) return true
      const age = now() - last.at
      // A clock that was set back would otherwise make it wait for as long.
      return age < 0 || age >= last.waitMs
    },
    failed(key) {
      const last = failures.get(key)
      const waitMs = last === undefined ? firstMs : Math.min(longestMs, last.waitMs * 2)
      failures.set(key, { at: now(), waitMs })
    },
    succeeded: (key) => void failures.delete(key),
  }
}
