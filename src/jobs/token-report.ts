import { takeCensus } from '../connections/index.ts'
import type { Store } from '../store/store.ts'

/** Of calls that cost money; Plaid's bills of that time have long been looked at. */
const keptMonths = 24

/** Keeps how many tokens there are of each kind now, and what they cost, to be held against later. */
export function createTokenReport(store: Store, now: () => number): () => Promise<void> {
  return async () => {
    const date = new Date(now())
    const { report } = await takeCensus(store, now())
    await store.tokenReports.add({ takenAt: date.toISOString(), counts: report })
    const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - keptMonths))
    await store.tokens.forgetBilled(first.toISOString().slice(0, 7))
  }
}
