import { type Cadence, daysOf, type Rhythm, rhythmOf } from './cadence.ts'
import { payeeOf } from './payee.ts'
import { type FlowRow, isFlowAccount } from './row.ts'
import { addDays } from './window.ts'

/** Something that comes again and again: a salary, rent, a subscription. Amounts in minor units, positive = in. */
export interface Recurring {
  /** Tells it from all others; made of what a stranger wrote. */
  readonly key: string
  /** What to call it: the merchant, or the bank's text of the last one. A stranger wrote it. */
  readonly name: string
  readonly merchant: string | null
  readonly sign: 'in' | 'out'
  readonly currency: string
  readonly cadence: Cadence
  readonly nextDate: string
  readonly lastAmount: number
  /** The middle one. */
  readonly typicalAmount: number
  /** What it was before its price changed for good, and since when it is another; null where it did not. */
  readonly previousAmount: number | null
  readonly changedOn: string | null
  readonly count: number
  /** Where the last one was booked. */
  readonly accountId: string
  /** Ascending, as `rows`. */
  readonly dates: readonly string[]
  readonly rows: readonly FlowRow[]
}

/** So many prove it, however much the amounts differ. */
const enough: Record<Cadence, number> = {
  weekly: 8,
  biweekly: 6,
  semimonthly: 6,
  monthly: 4,
  quarterly: 4,
  yearly: 3,
}

/**
 * What recurs among these rows, what is due first coming first. Give posted rows with their transactions of a
 * year or more; others are passed over. What has not come for long is over, and left out.
 * @param asOf the day on which it is looked at; without it that of the last row
 */
export function recurring(rows: readonly FlowRow[], asOf = lastDay(rows)): Recurring[] {
  const groups = Map.groupBy(rows.filter(isTold), keyOf)
  return [...groups]
    .flatMap(([key, group]) => seriesIn(key, group.toSorted(byDate)))
    .filter((series) => !isOver(series, asOf))
    .sort((a, b) => compare(a.nextDate, b.nextDate) || compare(a.key, b.key))
}

function isTold(row: FlowRow): boolean {
  const counts = !row.duplicate && !row.pending && isFlowAccount(row.accountType)
  return counts && payeeOf(row) !== ''
}

function keyOf(row: FlowRow): string {
  return [row.currency, signOf(row), payeeOf(row)].join(' ')
}

function signOf({ amount }: FlowRow): Recurring['sign'] {
  return amount > 0 ? 'in' : 'out'
}

/** Beside purchases at a shop there may be a subscription of the same name: always the same amount. */
function seriesIn(key: string, rows: readonly FlowRow[]): Recurring[] {
  const whole = seriesOf(key, rows)
  if (whole !== null) return [whole]
  return [...Map.groupBy(rows, ({ amount }) => amount)].flatMap(([amount, equal]) => {
    const series =
      equal.length < 3 || equal.length === rows.length ? null : seriesOf(`${key} ${amount}`, equal)
    return series ?? []
  })
}

function seriesOf(key: string, rows: readonly FlowRow[]): Recurring | null {
  const last = rows.at(-1)
  const dates = rows.map(({ date }) => date)
  const rhythm = rows.length < 2 ? null : rhythmOf(dates)
  if (last === undefined || rhythm === null || !isProven(rows, rhythm)) return null
  const { merchant = null, name = '' } = last.transaction ?? {}
  return {
    key,
    name: merchant ?? name,
    merchant,
    sign: signOf(last),
    currency: last.currency,
    cadence: rhythm.cadence,
    nextDate: rhythm.next,
    lastAmount: last.amount,
    typicalAmount: middleOf(rows.map(({ amount }) => amount)),
    ...priceChange(rows),
    count: rows.length,
    accountId: last.accountId,
    dates,
    rows,
  }
}

/** Few that happen to lie right prove nothing, unless their amounts agree, or their days to the day. */
function isProven(rows: readonly FlowRow[], { cadence, strayed }: Rhythm): boolean {
  const isLong = cadence === 'quarterly' || cadence === 'yearly'
  if (rows.length < 3) return isLong && rows[0]?.amount === rows[1]?.amount
  const isExact = strayed <= 1 && (isLong || cadence === 'monthly')
  return rows.length >= enough[cadence] || isExact || isSteady(rows)
}

/** Within a quarter of the middle one. */
function isSteady(rows: readonly FlowRow[]): boolean {
  const middle = middleOf(rows.map(({ amount }) => amount))
  return rows.every(({ amount }) => 4 * Math.abs(amount - middle) <= Math.abs(middle))
}

function middleOf(amounts: readonly number[]): number {
  return amounts.toSorted((a, b) => a - b)[Math.floor(amounts.length / 2)] ?? 0
}

/** Only where an amount stayed for some time: a bill that differs every month has no price. */
function priceChange(rows: readonly FlowRow[]): Pick<Recurring, 'previousAmount' | 'changedOn'> {
  const now = lastRun(rows)
  const before = lastRun(rows.slice(0, rows.length - now.length))
  const [first, previous] = [now[0], before[0]]
  if (first === undefined || previous === undefined || now.length + before.length < 3)
    return { previousAmount: null, changedOn: null }
  return { previousAmount: previous.amount, changedOn: first.date }
}

/** The last rows that have the amount of the very last. */
function lastRun(rows: readonly FlowRow[]): readonly FlowRow[] {
  const last = rows.at(-1)
  return rows.slice(rows.findLastIndex(({ amount }) => amount !== last?.amount) + 1)
}

function isOver({ nextDate, cadence }: Recurring, asOf: string): boolean {
  return addDays(nextDate, Math.min(30, Math.ceil(daysOf[cadence] / 2))) < asOf
}

function lastDay(rows: readonly FlowRow[]): string {
  return rows.reduce((last, { date }) => (date > last ? date : last), '')
}

function byDate(a: FlowRow, b: FlowRow): number {
  return compare(a.date, b.date) || a.amount - b.amount || compare(a.accountId, b.accountId)
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
