import { isOfficial, toMajor } from '../money.ts'
import {
  addDays,
  type Excluded,
  exclusionOf,
  type FlowGroup,
  flowExcluded,
  flowGroups,
  keysOf,
  type Recurring,
  recurring,
} from '../snapshot/index.ts'
import type { FlowReading, Reading } from '../sync/index.ts'
import { cleanText, textLimits } from '../text.ts'
import { present } from './views.ts'

/** How the tool may group: by something of each row, or by what recurs among them. */
export const groupings = ['month', 'category', 'merchant', 'account', 'recurring'] as const
export type Grouping = (typeof groupings)[number]

/** @param today what recurs is due from then on */
export function groupsView(by: Grouping, flow: FlowReading, today: string) {
  if (by === 'recurring') return recurringView(flow, today)
  const groups = flowGroups(flow.verdicts, flow.window, keysOf[by])
  if (by === 'month') groups.sort((a, b) => (a.key > b.key ? -1 : Number(a.key < b.key)))
  return groups.map((group) => ({
    ...named(by, group, flow),
    ...amountsOf(group),
    ...gapOf(by, group, flow, today),
  }))
}

/** A month with days that are not counted looks like a good one, or like a bad one. */
function gapOf(by: Grouping, { key }: FlowGroup, { window, reading }: FlowReading, today: string) {
  if (by !== 'month') return {}
  const start = `${key}-01`
  const isBegun = start < window.from || !isKnownFrom(reading, start)
  const isCutOff = window.to < today && addDays(window.to, 1).startsWith(key)
  return isBegun || isCutOff ? { partial: true } : {}
}

/** Whether the transactions of every bank are known from this day on. */
export function isKnownFrom(
  { shortSpans, untold }: Pick<Reading, 'shortSpans' | 'untold'>,
  day: string,
): boolean {
  return untold.length === 0 && shortSpans.every(({ from }) => from <= day)
}

function named(by: Grouping, { key, last }: FlowGroup, { accounts }: FlowReading) {
  if (by === 'account') return { key, ...present({ account: accounts.get(key)?.name }) }
  return { key: by === 'merchant' ? (last.transaction?.merchant ?? key) : key }
}

function amountsOf({ currency, income, expenses, net, count }: FlowGroup) {
  const major = (minor: number) => toMajor(minor, currency)
  return { currency, income: major(income), expenses: major(expenses), net: major(net), count }
}

/** The largest first, then what did not come in this window, then all that does not recur. */
function recurringView({ verdicts, window }: FlowReading, today: string) {
  const rows = [...verdicts].flatMap(([row, { kind }]) => (exclusionOf(kind) === null ? [row] : []))
  const found = recurring(rows, today).filter(({ currency }) => isOfficial(currency))
  const seriesOf = new Map(found.flatMap((series) => series.rows.map((row) => [row, series] as const)))
  const groups = flowGroups(verdicts, window, (row) => seriesOf.get(row)?.key ?? '')
  const come = new Set(groups.map(({ last }) => seriesOf.get(last)))
  const nothing = { income: 0, expenses: 0, net: 0, count: 0 }
  return [
    ...groups.flatMap((group) => {
      const series = seriesOf.get(group.last)
      return series === undefined ? [] : [{ ...seriesView(series), ...amountsOf(group) }]
    }),
    ...found
      .filter((series) => !come.has(series))
      .map((series) => ({ ...seriesView(series), currency: series.currency, ...nothing })),
    ...groups
      .filter(({ last }) => !seriesOf.has(last))
      .map((group) => ({ key: 'other', ...amountsOf(group) })),
  ]
}

function seriesView(series: Recurring) {
  const major = (minor: number | null) => (minor === null ? null : toMajor(minor, series.currency))
  return {
    key: series.name,
    cadence: series.cadence,
    next_date: series.nextDate,
    last_amount: toMajor(series.lastAmount, series.currency),
    typical_amount: toMajor(series.typicalAmount, series.currency),
    ...present({ previous_amount: major(series.previousAmount), changed_on: series.changedOn }),
  }
}

/** What is in no group, the most rows first. */
export function excludedView({ verdicts, window, accounts }: FlowReading) {
  return flowExcluded(verdicts, window)
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
    .map(({ reason, currency, count, sum, examples }: Excluded) => ({
      reason,
      count,
      sum: toMajor(sum, currency),
      currency,
      examples: examples.map(({ date, amount, accountId, transaction }) => ({
        date,
        amount: toMajor(amount, currency),
        account: accounts.get(accountId)?.name ?? '',
        ...present({ name: transaction === null ? null : cleanText(transaction.name, textLimits.name) }),
      })),
    }))
}
