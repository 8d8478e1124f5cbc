import { createHash } from 'node:crypto'
import type { Span } from '../model.ts'
import { addDays, exclusionOf, isWithin, recurring, type Recurring, today } from '../snapshot/index.ts'
import type { Seen, SeenBill, Store } from '../store/store.ts'
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

/** What of it is news, and what will be known of it once a person has seen that. */
export interface Bills {
  readonly news: readonly BillNews[]
  readonly seen: readonly SeenBill[]
  /** By item_id: what grew after this day is news, whenever it is found out. */
  readonly since: ReadonlyMap<string, string>
}

export interface BillDeps {
  readonly store: Pick<Store, 'databaseId'>
  readonly deriver: Pick<Deriver, 'judged' | 'holds'>
  readonly timeZone: string
  readonly now: () => number
}

/** What recurs shows only over a longer time. */
const [leastDays, lookBack] = [120, 400]
/** So many days after its own day a bank may book a payment. */
const lateDays = 14

interface Growth extends BillNews {
  readonly mark: string
}

/**
 * Bills whose price grew since the first snapshot that had their bank, each until it was told. It fetches nothing: where
 * the transactions of some months are not at hand there is no such news, until they are.
 */
export function createBillNews({ store, deriver, timeZone, now }: BillDeps) {
  /** By item_id the names of banks whose transactions are at hand. */
  async function held(sources: readonly SourceState[], asked: Span): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>()
    for (const { connection } of sources)
      if (await deriver.holds(connection.itemId, asked)) names.set(connection.itemId, connection.institution)
    return names
  }

  async function growths(names: ReadonlyMap<string, string>, to: string): Promise<Growth[]> {
    if (names.size === 0) return []
    const span = { from: addDays(to, -lookBack), to }
    const { verdicts } = await deriver.judged(span)
    // Money that is moved between own accounts is no bill.
    const rows = [...verdicts]
      .filter(([, { kind }]) => exclusionOf(kind) === null)
      .flatMap(([row]) => (isWithin(row.date, span) && names.has(row.itemId) ? [row] : []))
    return recurring(rows, to).flatMap((bill) => growthOf(bill, names, store.databaseId))
  }

  /** @param spans what is known of the transactions of each connection */
  return async (
    sources: readonly SourceState[],
    before: Seen | null,
    spans: ReadonlyMap<string, Span>,
  ): Promise<Bills> => {
    const to = today(now(), timeZone)
    const asked = { from: addDays(to, -leastDays), to }
    const names = await held(sources, asked)
    const found = await growths(names, to)
    const known = new Map(before?.connections.map(({ itemId, billsSince }) => [itemId, billsSince]))
    // Of a bank whose bills are seen from the start, those that are booked late are told from the others.
    const first = (itemId: string) => {
      const from = spans.get(itemId)?.from
      const isSeen = names.has(itemId) && from !== undefined && from <= asked.from
      return isSeen ? addDays(to, -lateDays) : to
    }
    const since = new Map(
      sources.map(({ connection: { itemId } }) => [itemId, known.get(itemId) ?? first(itemId)]),
    )
    const told = new Map(before?.bills.map((bill) => [keyOf(bill), bill]))
    const isTold = (growth: Growth) => (told.get(keyOf(growth))?.seenOn ?? '') >= growth.date
    const fresh = found.filter((growth) => !isTold(growth))
    return {
      news: fresh
        .filter(({ itemId, date }) => date > (known.get(itemId) ?? to))
        .map(({ mark: _, ...news }) => news),
      seen: seenNow(told, fresh, to),
      since,
    }
  }
}

function growthOf(bill: Recurring, names: ReadonlyMap<string, string>, salt: string): Growth[] {
  const {
    previousAmount: previous,
    changedOn: date,
    lastAmount: amount,
    key,
    currency,
    accountId,
    name,
  } = bill
  const itemId = bill.rows.at(-1)?.itemId ?? ''
  if (previous === null || date === null || amount >= previous || amount >= 0) return []
  const mark = markOf(salt, itemId, key, previous, amount)
  const institution = names.get(itemId) ?? ''
  return [{ itemId, accountId, institution, date, currency, amount, previous, name, mark }]
}

/**
 * Tells one growth from others without its text, which must not be on the disk. So short that many guesses have the same:
 * it says of no shop that somebody buys there.
 */
function markOf(...words: readonly (string | number)[]): string {
  return createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 6)
}

function keyOf({ itemId, mark }: { readonly itemId: string; readonly mark: string }): string {
  return `${itemId} ${mark}`
}

/** Those of before and the new ones; what is older than anything that is looked at is forgotten. */
function seenNow(told: ReadonlyMap<string, SeenBill>, fresh: readonly Growth[], to: string): SeenBill[] {
  const now = fresh.map(({ itemId, mark }) => ({ itemId, mark, seenOn: to }))
  const all = new Map([...told, ...now.map((bill) => [keyOf(bill), bill] as const)])
  return [...all.values()].filter(({ seenOn }) => seenOn >= addDays(to, -lookBack))
}
