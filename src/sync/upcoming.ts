import type { Connection, Span } from '../model.ts'
import { addDays, type Upcoming, upcoming } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import type { Judged } from './derive.ts'
import type { Reading, ReadOptions } from './read.ts'

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
}

interface UpcomingDeps {
  readonly store: Store
  /** Connections that figures are taken from. */
  readonly counted: () => Promise<readonly Connection[]>
  readonly read: (options: ReadOptions) => Promise<Reading>
  readonly judged: (span: Span) => Promise<Judged>
}

export function createUpcoming({ store, counted, read, judged }: UpcomingDeps) {
  return async (
    days: number,
    options: Pick<ReadOptions, 'signal' | 'progress'> = {},
  ): Promise<UpcomingReading> => {
    const reading = await read({ days: historyDays, maxAgeMinutes: 60, rows: true, ...options })
    const { from, to } = reading.window
    const { verdicts, isAtHand } = await judged({ from, to })
    const connections = await counted()
    const ids = new Set(connections.map(({ itemId }) => itemId))
    const isOurs = ({ itemId }: { readonly itemId: string }) => ids.has(itemId)
    const span = { from: to, to: addDays(to, days - 1) }
    const found = upcoming(
      (await store.liabilities.list()).filter(isOurs),
      (await store.accounts.list()).filter(isOurs),
      new Map([...verdicts].filter(([row]) => isOurs(row))),
      span,
    )
    return { ...found, span, reading: tooShortOnly(reading), untold: connections.filter(isUntold) }

    function isUntold({ itemId, products }: Connection): boolean {
      return products.includes('transactions') && !isAtHand(itemId)
    }
  }
}

/** A history of some months tells what recurs; that it is no longer one is of no matter here. */
function tooShortOnly(reading: Reading): Reading {
  const late = addDays(reading.window.to, -leastDays)
  return { ...reading, shortSpans: reading.shortSpans.filter(({ from }) => from > late) }
}
