import { addDays, exclusionOf, isWithin, recurring, today } from '../snapshot/index.ts'
import type { Seen } from '../store/store.ts'
import type { Deriver } from './derive.ts'
import type { SourceState } from './sources.ts'

/** A payment that comes again and again and costs more than before. Minor units, negative = out. */
export interface BillNews {
  readonly itemId: string
  readonly accountId: string
  readonly institution: string
  /** Since when. */
  readonly date: string
  readonly currency: string
  readonly amount: number
  readonly previous: number
  /** A stranger wrote it. */
  readonly name: string
}

export interface BillDeps {
  readonly deriver: Pick<Deriver, 'judged' | 'holds'>
  readonly timeZone: string
  readonly now: () => number
}

/** What recurs shows only over a longer time. */
const [leastDays, lookBack] = [120, 400]

/**
 * Bills whose price grew on a day after the last snapshot, of banks that were there then. It fetches nothing: where
 * the transactions of some months are not at hand there is no such news.
 */
export function createBillNews({ deriver, timeZone, now }: BillDeps) {
  return async (sources: readonly SourceState[], before: Seen): Promise<BillNews[]> => {
    const to = today(now(), timeZone)
    const known = new Set(before.connections.map(({ itemId }) => itemId))
    const asked = { from: addDays(to, -leastDays), to }
    const names = new Map<string, string>()
    for (const { connection } of sources) {
      const { itemId, institution } = connection
      if (known.has(itemId) && (await deriver.holds(itemId, asked))) names.set(itemId, institution)
    }
    if (names.size === 0) return []
    const span = { from: addDays(to, -lookBack), to }
    const { verdicts } = await deriver.judged(span)
    // Money that is moved between own accounts is no bill.
    const rows = [...verdicts]
      .filter(([, { kind }]) => exclusionOf(kind) === null)
      .flatMap(([row]) => (isWithin(row.date, span) && names.has(row.itemId) ? [row] : []))
    const seenOn = today(Date.parse(before.at), timeZone)
    return recurring(rows, to).flatMap((bill) => {
      const {
        previousAmount: previous,
        changedOn: date,
        lastAmount: amount,
        currency,
        accountId,
        name,
      } = bill
      const itemId = bill.rows.at(-1)?.itemId ?? ''
      if (previous === null || date === null || date <= seenOn || amount >= previous || amount >= 0) return []
      return [
        { itemId, accountId, institution: names.get(itemId) ?? '', date, currency, amount, previous, name },
      ]
    })
  }
}
