import * as fc from 'fast-check'
import { expect } from 'vitest'
import { isOfficial } from '../../src/money.ts'
import type { CurrencyFlow } from '../../src/snapshot/flow.ts'
import { judge, REFUND_DAYS, type Verdict } from '../../src/snapshot/judge.ts'
import { PAIR_DAYS } from '../../src/snapshot/pairs.ts'
import { type FlowRow, isFlowAccount, rowsOf } from '../../src/snapshot/row.ts'
import { addDays, isWithin, type Window } from '../../src/snapshot/window.ts'
import { looksLike, transaction } from '../snapshot/build.ts'
import { household, leapYear, rowsIn, yearOfMovements } from '../snapshot/worlds.ts'
import { flows, slices, windowFrom } from './flows.ts'
import { property, sum } from './property.ts'

const months = Array.from({ length: 12 }, (_, n) => {
  const end = new Date(Date.UTC(2028, n + 1, 0)).toISOString().slice(0, 10)
  return windowFrom(`${end.slice(0, 7)}-01`, end)
})

/** What adds up. Income alone does not: refunds beyond the expenses of a day count as income of that day. */
const additive: Record<string, (flow: CurrencyFlow) => number> = {
  netCashFlow: (flow) => flow.netCashFlow,
  plainNetCashFlow: (flow) => flow.plainNetCashFlow,
  pendingNet: (flow) => flow.pendingNet,
  unmatchedCount: (flow) => flow.unmatchedTransfers.count,
  unmatchedSum: (flow) => flow.unmatchedTransfers.sum,
}

function added(parts: readonly CurrencyFlow[]): Record<string, number> {
  return Object.fromEntries(Object.entries(additive).map(([name, of]) => [name, sum(parts.map(of))]))
}

/** Per currency; one that a part lacks adds nothing to it. */
function over(windows: readonly Window[], rows: readonly FlowRow[]): Record<string, Record<string, number>> {
  const parts = windows.flatMap((window) => flows(rows, window))
  const byCurrency = Map.groupBy(parts, ({ currency }) => currency)
  return Object.fromEntries([...byCurrency].map(([currency, group]) => [currency, added(group)]))
}

const calendar = property(
  'parts',
  'days, weeks and months add up to the year',
  2_000,
  fc.property(yearOfMovements, (movements) => {
    const rows = rowsIn(movements)
    const year = over([leapYear], rows)
    expect(over(months, rows)).toEqual(year)
    expect(over(slices(leapYear, 7), rows)).toEqual(year)
    expect(over(slices(leapYear, 1), rows)).toEqual(year)
  }),
)

const leftOut = new Set(['transfer', 'contribution', 'card_payment', 'pending'])

const accountsAndKinds = property(
  'parts',
  'accounts, and what rows count as, add up to the household',
  2_000,
  fc.property(yearOfMovements, (movements) => {
    const rows = rowsIn(movements)
    const counted = [...judge(rows)].filter(([row, { kind }]) => counts(row) && !leftOut.has(kind))
    const net = Object.fromEntries(flows(rows, leapYear).map((flow) => [flow.currency, flow.netCashFlow]))
    expect(summed(counted, net, ([row]) => row.accountId)).toEqual(net)
    expect(summed(counted, net, ([, { kind }]) => kind)).toEqual(net)
  }),
)

function counts(row: FlowRow): boolean {
  const isOurs = isFlowAccount(row.accountType) && !row.duplicate && isOfficial(row.currency)
  return isOurs && isWithin(row.date, leapYear)
}

/** The sums of all groups together, per currency of the household. */
function summed(
  judged: readonly [FlowRow, Verdict][],
  net: Record<string, number>,
  by: (one: [FlowRow, Verdict]) => string,
): Record<string, number> {
  const groups = [...Map.groupBy(judged, by).values()]
  const of = (currency: string) => (group: readonly [FlowRow, Verdict][]) =>
    sum(group.filter(([row]) => row.currency === currency).map(([row]) => row.amount))
  return Object.fromEntries(Object.keys(net).map((currency) => [currency, sum(groups.map(of(currency)))]))
}

/** Shops where one buys and gets money back, over a year; each amount once, as equal transfers form chains. */
const shopping = fc
  .array(
    fc.record({
      merchant: fc.constantFrom('Bookshop', 'Gym', null),
      day: fc.nat(365),
      isOut: fc.boolean(),
      look: fc.constantFrom({}, {}, looksLike.groceries, looksLike.transferOut),
    }),
    { maxLength: 40, size: 'max' },
  )
  .map((all) =>
    all.map(({ merchant, day, isOut, look }, n) =>
      transaction('checking', addDays(leapYear.from, day), isOut ? -1 - n : 1 + n, { merchant, ...look }),
    ),
  )

const history = property(
  'parts',
  'what the rows of a window count as is the same however much of the past is at hand',
  1_000,
  fc.property(shopping, fc.integer({ min: 64, max: 365 }), (transactions, start) => {
    const rows = rowsOf(transactions, [], household)
    const from = addDays(leapYear.from, start)
    const since = addDays(from, -PAIR_DAYS - REFUND_DAYS)
    const kindsOf = (all: readonly FlowRow[]) =>
      [...judge(all)].filter(([row]) => row.date >= from).map(([, { kind }]) => kind)
    expect(kindsOf(rows.filter(({ date }) => date >= since))).toEqual(kindsOf(rows))
  }),
)

export const parts = [calendar, accountsAndKinds, history]
