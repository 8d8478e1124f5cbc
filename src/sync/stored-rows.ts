import { addDays, isWithin, REFUND_DAYS, restore } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import type { LedgerRows } from './ledger-rows.ts'
import type { Recent } from './recent-rows.ts'

/** By connection the rows on disk of all days that something is kept of, as though they had just been fetched. */
export async function storedRows(store: Store, ledger: LedgerRows): Promise<ReadonlyMap<string, Recent>> {
  // Before the rows: what is written from them is refused where another process has fetched since.
  const { spans, fetched, days } = await store.flow.read(always)
  const from = [...spans.values()].map((span) => span.from).sort()[0]
  const to = [...spans.values()]
    .map((span) => span.to)
    .sort()
    .at(-1)
  if (from === undefined || to === undefined) return new Map()
  const accounts = await store.accounts.list()
  const invested = accounts.filter(({ type }) => type === 'investment')
  const found = new Map<string, Recent>()
  for (const [itemId, { rows, span }] of await ledger.entries(accounts, { from, to })) {
    const [kept, revision] = [spans.get(itemId), fetched.get(itemId)?.revision]
    if (kept === undefined || revision === undefined) continue
    // No ledger has what investment accounts earned.
    const own = days.filter((day) => day.itemId === itemId && isWithin(day.date, span))
    const earned = restore({ days: own, moves: [] }, invested)
    const wanted = { from: addDays(kept.from, -REFUND_DAYS), to: kept.to }
    found.set(itemId, { rows: [...rows, ...earned], span, wanted, revision })
  }
  return found
}

const always = { from: '0000-01-01', to: '9999-12-31' }
