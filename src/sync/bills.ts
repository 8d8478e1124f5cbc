import type { Span } from '../model.ts'
import {
  addDays,
  exclusionOf,
  type FlowRow,
  isWithin,
  recurring,
  type Recurring,
  today,
} from '../snapshot/index.ts'
import type { Seen, SeenBill } from '../store/store.ts'
import type { Deriver } from './derive.ts'
import { mayHaveMore } from './flow-of.ts'
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
  readonly deriver: Pick<Deriver, 'allJudged' | 'holds'>
  readonly timeZone: string
  readonly now: () => number
}

/** A usual fetch has these at hand, and a bill that comes each month shows in them; what comes seldom shows in more. */
const [leastDays, lookBack] = [90, 400]
/** So many days after its own day a bank may book a payment. */
const lateDays = 14
/** Plaid has no more than these of a new connection until its history has come. */
const newDays = 34

interface Found {
  readonly growths: readonly BillNews[]
  /** By item_id the day of the first transaction that is at hand. */
  readonly begins: ReadonlyMap<string, string>
}

/**
 * Bills whose price grew since the first snapshot that had their bank, each until it was told. It fetches nothing: where
 * the transactions of three months are not at hand there is no such news, until they are.
 */
export function createBillNews({ deriver, timeZone, now }: BillDeps) {
  /** By item_id the names of banks whose transactions are at hand. */
  async function held(sources: readonly SourceState[], asked: Span): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>()
    for (const { connection } of sources)
      if (await deriver.holds(connection.itemId, asked)) names.set(connection.itemId, connection.institution)
    return names
  }

  async function find(names: ReadonlyMap<string, string>, to: string): Promise<Found> {
    if (names.size === 0) return { growths: [], begins: new Map() }
    const span = { from: addDays(to, -lookBack), to }
    const { verdicts } = await deriver.allJudged(span)
    const known = [...verdicts].filter(([row]) => isWithin(row.date, span) && names.has(row.itemId))
    // Money that is moved between own accounts is no bill.
    const rows = known.flatMap(([row, { kind }]) => (exclusionOf(kind) === null ? [row] : []))
    return {
      growths: recurring(rows, to).flatMap((bill) => growthOf(bill, names)),
      begins: firstDays(known.map(([row]) => row)),
    }
  }

  /** Of a bank whose bills are seen from the start, those that are booked late are told from the others. */
  function firstSince({ connection }: SourceState, { begins }: Found, to: string): string {
    const begun = begins.get(connection.itemId)
    const hasAll = !mayHaveMore(connection, now()) || (begun ?? to) <= addDays(to, -newDays)
    return begun !== undefined && hasAll ? addDays(to, -lateDays) : to
  }

  return async (sources: readonly SourceState[], before: Seen | null): Promise<Bills> => {
    const to = today(now(), timeZone)
    const found = await find(await held(sources, { from: addDays(to, -leastDays), to }), to)
    const known = new Map(before?.connections.map(({ itemId, billsSince }) => [itemId, billsSince]))
    const since = sources.map((source) => {
      const { itemId } = source.connection
      return [itemId, known.get(itemId) ?? firstSince(source, found, to)] as const
    })
    const told = new Map(before?.bills.map((bill) => [keyOf(bill), bill]))
    const isTold = (growth: BillNews) => (told.get(keyOf(growth))?.seenOn ?? '') >= growth.date
    const fresh = found.growths.filter((growth) => !isTold(growth))
    return {
      news: fresh.filter(({ itemId, date }) => date > (known.get(itemId) ?? to)),
      seen: seenNow(told, fresh, to),
      since: new Map(since),
    }
  }
}

function firstDays(rows: readonly FlowRow[]): ReadonlyMap<string, string> {
  const days = new Map<string, string>()
  for (const { itemId, date, transaction } of rows)
    if (transaction !== null && date < (days.get(itemId) ?? '9')) days.set(itemId, date)
  return days
}

function growthOf(bill: Recurring, names: ReadonlyMap<string, string>): BillNews[] {
  const { previousAmount: previous, changedOn: date, lastAmount: amount, currency, name } = bill
  // Later ones may be booked elsewhere: that is no other growth.
  const first = bill.rows.find((row) => row.date === date && row.amount === amount)
  if (first === undefined || previous === null || amount >= previous || amount >= 0) return []
  const { itemId, accountId } = first
  const institution = names.get(itemId) ?? ''
  return [{ itemId, accountId, institution, date: first.date, currency, amount, previous, name }]
}

/**
 * Tells one growth from others by what the sums of each day tell too. Whose bill it is must not be on the disk, nor any
 * hash of that: names can be guessed.
 */
function keyOf({ itemId, accountId, currency, previous, amount }: Omit<SeenBill, 'seenOn'>): string {
  return [itemId, accountId, currency, previous, amount].join(' ')
}

/** Those of before and the new ones; what is older than anything that is looked at is forgotten. */
function seenNow(told: ReadonlyMap<string, SeenBill>, fresh: readonly BillNews[], to: string): SeenBill[] {
  const now = fresh.map(
    ({ itemId, accountId, currency, previous, amount }): SeenBill => ({
      itemId,
      accountId,
      currency,
      previous,
      amount,
      seenOn: to,
    }),
  )
  const all = new Map([...told, ...now.map((bill) => [keyOf(bill), bill] as const)])
  return [...all.values()].filter(({ seenOn }) => seenOn >= addDays(to, -lookBack))
}
