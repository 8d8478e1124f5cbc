import type { Span } from '../model.ts'
import type { FlowRow } from '../snapshot/index.ts'

/** Rows of transactions live this long in memory, and never on disk. */
const memoryMs = 15 * 60_000

export interface Recent {
  readonly rows: readonly FlowRow[]
  /** Of which the rows tell everything. */
  readonly span: Span
  /** Which was asked for; of a new connection Plaid may not have all of it yet. Its first days only serve to judge the others. */
  readonly wanted: Span
  /** Of the fetch that brought them, once it was written. */
  readonly revision?: number
}

/** The rows that were fetched lately, by connection. */
export interface RecentRows {
  put(itemId: string, recent: Recent): void
  written(itemId: string, revision: number): void
  entries(): ReadonlyMap<string, Recent>
  forget(itemId: string): void
}

export function createRecentRows(now: () => number): RecentRows {
  const recent = new Map<string, Recent & { readonly until: number }>()

  function forgetOld(): void {
    for (const [itemId, { until }] of recent) if (now() >= until) recent.delete(itemId)
  }

  return {
    put(itemId, rows) {
      recent.set(itemId, { ...rows, until: now() + memoryMs })
      // A program that nobody asks anything forgets them too.
      setTimeout(forgetOld, memoryMs).unref()
    },
    written(itemId, revision) {
      const rows = recent.get(itemId)
      if (rows !== undefined) recent.set(itemId, { ...rows, revision })
    },
    entries() {
      forgetOld()
      return recent
    },
    forget: (itemId) => void recent.delete(itemId),
  }
}
