import { tokenCounts } from '../connections/index.ts'
import type { Store } from '../store/store.ts'

/** Keeps how many tokens there are of each kind now, to be held against later. */
export function createTokenReport(store: Store, now: () => number): () => Promise<void> {
  return async () => {
    const counts = tokenCounts(await store.connections.list(), await store.tombstones.count(), now())
    await store.tokenReports.add({ takenAt: new Date(now()).toISOString(), counts })
  }
}
