import type { Account, Connection, Liability, Product, Span } from '../model.ts'
import { addDays, type Upcoming, upcoming } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import type { Judged } from './judging.ts'
import type { Reading, ReadOptions } from './read.ts'
import type { RowsReading } from './read-rows.ts'

/** What comes once a year is seen when a year and its delays are looked at. */
const historyDays = 400
/** With less, hardly anything that recurs can be told. */
const leastDays = 90

export interface UpcomingReading extends Upcoming {
  /** From today on. */
  readonly span: Span
  readonly reading: Reading
  /** Connections whose recurring items are not known: their transactions cannot be had now. */
  readonly untold: readonly Connection[]
  /** Connections whose recurring items are known only as far as the rows from that day on, YYYY-MM-DD, tell them. */
  readonly partly: readonly { readonly connection: Connection; readonly from: string }[]
  /** Connections that share what is due on their cards and loans, and have not told it yet. */
  readonly dueUntold: readonly Connection[]
  /** Broken ones whose last known due dates are over: what is due there now is not known. */
  readonly outdated: readonly Connection[]
}

interface UpcomingDeps {
  readonly store: Store
  /** What the owner agreed to use at all. */
  readonly products: readonly Product[]
  /** Connections that figures are taken from. */
  readonly counted: () => Promise<readonly Connection[]>
  readonly readRows: (options: ReadOptions) => Promise<RowsReading>
}

export function createUpcoming({ store, products, counted, readRows }: UpcomingDeps) {
  /** Those with a card or a loan of which nothing due is known, as right after its owner agreed to share it. */
  async function dueUntold(connections: readonly Connection[], accounts: readonly Account[]) {
    if (!products.includes('liabilities')) return []
    const told = await store.liabilities.told()
    const owing = new Set(accounts.filter(isOwing).map(({ itemId }) => itemId))
    return connections.filter(
      (row) => row.products.includes('liabilities') && owing.has(row.itemId) && !told.has(row.itemId),
    )
  }

  return async (
    days: number,
    options: Pick<ReadOptions, 'admit' | 'signal' | 'progress'> = {},
  ): Promise<UpcomingReading> => {
    const { reading, judged } = await readRows({ days: historyDays, maxAgeMinutes: 60, ...options })
    const { to } = reading.window
    const connections = await counted()
    const ids = new Set(connections.map(({ itemId }) => itemId))
    const isOurs = ({ itemId }: { readonly itemId: string }) => ids.has(itemId)
    const span = { from: to, to: addDays(to, days - 1) }
    const liabilities = (await store.liabilities.list()).filter(isOurs)
    const accounts = (await store.accounts.list()).filter(isOurs)
    const verdicts = new Map([...judged.verdicts].filter(([row]) => isOurs(row)))
    const short = connections.flatMap((connection) => shortOf(connection, judged, to))
    return {
      ...upcoming(liabilities, accounts, verdicts, span),
      span,
      // What of it matters here is in `untold` and `partly`: a history of some months tells what recurs.
      reading: { ...reading, oldRules: [], shortSpans: [] },
      untold: short.filter(({ from }) => from === null).map(({ connection }) => connection),
      partly: short.flatMap(({ connection, from }) => (from === null ? [] : [{ connection, from }])),
      dueUntold: await dueUntold(connections, accounts),
      outdated: connections.filter((row) => isOutdated(row, liabilities, to)),
    }
  }
}

function isOwing({ type }: Account): boolean {
  return type === 'credit' || type === 'loan'
}

/** Of whose past less is known than it has, or hardly anything; `from`: the first day that is, if any. */
function shortOf(connection: Connection, { isAtHand, rowsFrom }: Judged, today: string) {
  const { itemId, products } = connection
  if (!products.includes('transactions')) return []
  const from = rowsFrom(itemId)
  const tellsMuch = from !== null && from <= addDays(today, -leastDays)
  return tellsMuch && isAtHand(itemId) ? [] : [{ connection, from }]
}

/** A bank that works may just not have told its next date yet. */
function isOutdated(row: Connection, liabilities: readonly Liability[], today: string): boolean {
  const works = row.status === 'active' || row.status === 'expiring' || row.status === 'preparing'
  return !works && liabilities.some((known) => known.itemId === row.itemId && isOver(known, today))
}

function isOver({ nextPaymentDueOn: on, isOverdue }: Liability, today: string): boolean {
  return on !== null && on < today && isOverdue !== true
}
