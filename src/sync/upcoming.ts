import type { Connection, Liability, Span } from '../model.ts'
import { addDays, type Upcoming, upcoming } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
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
  /** Connections whose recurring items are known by the rows from that day on, YYYY-MM-DD, and not by those before. */
  readonly partly: readonly { readonly connection: Connection; readonly from: string }[]
  /** Broken ones whose last known due dates are over: what is due there now is not known. */
  readonly outdated: readonly Connection[]
}

interface UpcomingDeps {
  readonly store: Store
  /** Connections that figures are taken from. */
  readonly counted: () => Promise<readonly Connection[]>
  readonly readRows: (options: ReadOptions) => Promise<RowsReading>
}

export function createUpcoming({ store, counted, readRows }: UpcomingDeps) {
  return async (
    days: number,
    options: Pick<ReadOptions, 'admit' | 'signal' | 'progress'> = {},
  ): Promise<UpcomingReading> => {
    const { reading, judged } = await readRows({ days: historyDays, maxAgeMinutes: 60, ...options })
    const { verdicts, isAtHand, rowsFrom } = judged
    const { to } = reading.window
    const connections = await counted()
    const ids = new Set(connections.map(({ itemId }) => itemId))
    const isOurs = ({ itemId }: { readonly itemId: string }) => ids.has(itemId)
    const span = { from: to, to: addDays(to, days - 1) }
    const liabilities = (await store.liabilities.list()).filter(isOurs)
    const found = upcoming(
      liabilities,
      (await store.accounts.list()).filter(isOurs),
      new Map([...verdicts].filter(([row]) => isOurs(row))),
      span,
    )
    const short = connections
      .filter(({ itemId, products }) => products.includes('transactions') && !isAtHand(itemId))
      .map((connection) => ({ connection, from: rowsFrom(connection.itemId) }))
    return {
      ...found,
      span,
      reading: tooShortOnly(reading),
      untold: short.filter(({ from }) => from === null).map(({ connection }) => connection),
      partly: short.flatMap(({ connection, from }) => (from === null ? [] : [{ connection, from }])),
      outdated: connections.filter((row) => isOutdated(row, liabilities, to)),
    }
  }
}

/** A bank that works may just not have told its next date yet. */
function isOutdated(row: Connection, liabilities: readonly Liability[], today: string): boolean {
  const works = row.status === 'active' || row.status === 'expiring' || row.status === 'preparing'
  return !works && liabilities.some((known) => known.itemId === row.itemId && isOver(known, today))
}

function isOver({ nextPaymentDueOn: on, isOverdue }: Liability, today: string): boolean {
  return on !== null && on < today && isOverdue !== true
}

/** A history of some months tells what recurs; that it is no longer one is of no matter here, nor are sums. */
function tooShortOnly(reading: Reading): Reading {
  const late = addDays(reading.window.to, -leastDays)
  return { ...reading, oldRules: [], shortSpans: reading.shortSpans.filter(({ from }) => from > late) }
}
