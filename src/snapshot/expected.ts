import type { Span } from '../model.ts'
import { rhythmOf } from './cadence.ts'
import { type Due, isPaymentOf } from './due.ts'
import type { Verdict } from './judge.ts'
import type { Kind } from './kinds.ts'
import type { Recurring } from './recurring.ts'
import type { FlowRow } from './row.ts'
import { addDays } from './window.ts'

/** One occurrence of something that recurs. `amount` in minor units, positive = in. */
export interface Expected {
  readonly series: Recurring
  readonly date: string
  readonly amount: number
}

/** What is a few days late may be on its way; what is later has been left out this time. */
const lateDays = 4

/**
 * What is to be expected within `span`, by date: income and expenses, and payments of cards; no transfers between
 * own accounts, and nothing that is told as due.
 */
export function expectedItems(
  series: readonly Recurring[],
  verdicts: ReadonlyMap<FlowRow, Verdict>,
  dues: readonly Due[],
  span: Span,
): Expected[] {
  return series
    .filter((each) => countsAsFlow(each, verdicts))
    .flatMap((each) => {
      const left = dues.reduce((dates, due) => withoutPayment(dates, due, each), datesIn(each, span))
      return left.map((date) => ({ series: each, date, amount: amountOf(each) }))
    })
    .sort((a, b) => compare(a.date, b.date) || compare(a.series.key, b.series.key))
}

const notExpected: ReadonlySet<Kind> = new Set(['transfer', 'contribution', 'pending', 'ignored'])

function countsAsFlow(series: Recurring, verdicts: ReadonlyMap<FlowRow, Verdict>): boolean {
  const last = series.rows.at(-1)
  const kind = last === undefined ? undefined : verdicts.get(last)?.kind
  if (last === undefined || kind === undefined || notExpected.has(kind)) return false
  // What a card receives is a payment of it, or a refund.
  return last.accountType !== 'credit' || series.sign === 'out'
}

/** Each day on which it is due, were all to come before it. */
function datesIn({ dates, nextDate }: Recurring, { from, to }: Span): string[] {
  const found: string[] = []
  const seen = [...dates]
  const earliest = addDays(from, -lateDays)
  let next: string | undefined = nextDate
  while (next !== undefined && next <= to) {
    if (next >= earliest) found.push(next < from ? from : next)
    seen.push(next)
    const after: string | undefined = rhythmOf(seen)?.next
    next = after !== undefined && after > next ? after : undefined
  }
  return found
}

function withoutPayment(dates: string[], due: Due, series: Recurring): string[] {
  const at = dates.findIndex((date) => isPaymentOf(due, series, date))
  return at === -1 ? dates : dates.toSpliced(at, 1)
}

/** A price that changed for good stays; a bill that differs is about what it mostly was. */
function amountOf({ lastAmount, typicalAmount, changedOn }: Recurring): number {
  return changedOn === null ? typicalAmount : lastAmount
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
