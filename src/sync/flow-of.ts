import { ageOf } from '../age.ts'
import type { Connection, Span } from '../model.ts'
import { addDays, PAIR_DAYS, REFUND_DAYS, rowsOf } from '../snapshot/index.ts'
import type { Fetched } from './fetch.ts'
import type { Recent } from './recent-rows.ts'

/** Plaid gives the last 30 days of a new connection first, and does not say when the history before has come. */
const firstDays = 30
const historyComesWithinMs = 86_400_000

/** The days of what was asked for that can be judged: the first of it only tell which purchases were refunded later. */
export function judgedSpan({ from, to }: Span): Span {
  return { from: addDays(from, REFUND_DAYS), to }
}

/** The days whose rows count: of which they tell everything, and which can be judged. The same are kept. */
export function countedSpan({ span, wanted }: Pick<Recent, 'span' | 'wanted'>): Span {
  const { from, to } = judgedSpan(wanted)
  return { from: from > span.from ? from : span.from, to }
}

/** Whether more of a connection's past may yet come. */
export function mayHaveMore({ createdAt }: Pick<Connection, 'createdAt'>, at: number): boolean {
  return ageOf(createdAt, at) <= historyComesWithinMs
}

/** The first day of those that come at once. @param to the last of them */
export function firstToCome(to: string): string {
  return addDays(to, 1 - firstDays - PAIR_DAYS)
}

/** The rows of a fetch, and the days that they tell everything of. @param at when it began, ms since 1970 */
export function flowOf(fetched: Omit<Fetched, 'updates'>, span: Span, at: number): Recent {
  const transactions = fetched.transactions ?? []
  const investments = fetched.investmentTransactions ?? []
  const rows = rowsOf(transactions, investments, fetched.accounts)
  if (!mayHaveMore({ createdAt: fetched.since }, at)) return { rows, span, wanted: span }
  const oldest = [...transactions, ...investments].reduce(
    (day, { date }) => (date < day ? date : day),
    firstToCome(span.to),
  )
  return { rows, span: { from: oldest > span.from ? oldest : span.from, to: span.to }, wanted: span }
}
