import * as fc from 'fast-check'
import { expect } from 'vitest'
import { anyMovements, leapYear, month, rowsIn, yearOfMovements } from '../snapshot/worlds.ts'
import { flows, slices, windowFrom } from './flows.ts'
import { property, sum } from './property.ts'
import { excludedSum, groupings, groupSums, told, type Told } from './told.ts'

/** Each grouping, and what is in none, beside the totals of the same days. */
function mustAddUp(answer: Told): void {
  for (const flow of answer.totals) {
    const { currency, income, expenses, netCashFlow } = flow
    for (const by of groupings)
      expect({ by, ...groupSums(answer, by, currency) }).toEqual({ by, income, expenses, netCashFlow })
    const out = (reason: string) => excludedSum(answer, reason, currency)
    expect([out('transfer'), out('card_payment'), out('pending')]).toEqual([
      flow.transfersExcluded,
      flow.cardPaymentsExcluded,
      flow.pendingNet,
    ])
  }
  const currencies = new Set(answer.totals.map(({ currency }) => currency))
  expect(
    Object.values(answer.groups)
      .flat()
      .filter(({ currency }) => !currencies.has(currency)),
  ).toEqual([])
}

const wholeYear = property(
  'groups',
  'months, categories, merchants and accounts each add up to the totals, and what is left out to the rest',
  1_000,
  fc.property(yearOfMovements, (movements) => mustAddUp(told(rowsIn(movements), leapYear))),
)

const crowded = property(
  'groups',
  'so they do where equal amounts crowd, over windows of any length',
  1_000,
  fc.property(anyMovements, fc.integer({ min: 1, max: 30 }), (movements, days) => {
    for (const window of slices(month, days)) mustAddUp(told(rowsIn(movements), window))
  }),
)

const byMonth = property(
  'groups',
  'the net of each month is the same alone and in the year, and that of a category the sum over the months',
  500,
  fc.property(yearOfMovements, (movements) => {
    const rows = rowsIn(movements)
    const year = told(rows, leapYear)
    const months = Array.from({ length: 12 }, (_, n) => {
      const last = new Date(Date.UTC(2028, n + 1, 0)).toISOString().slice(0, 10)
      return windowFrom(`${last.slice(0, 7)}-01`, last)
    })
    for (const { key, currency, net } of year.groups['month'] ?? []) {
      const [alone] = months.filter(({ from }) => from.startsWith(key)).map((window) => flows(rows, window))
      expect(alone?.find((flow) => flow.currency === currency)?.netCashFlow).toBe(net)
    }
    const parts = months.flatMap((window) => told(rows, window).groups['category'] ?? [])
    for (const { key, currency, net } of year.groups['category'] ?? []) {
      const own = parts.filter((part) => part.key === key && part.currency === currency)
      expect(sum(own.map((part) => part.net))).toBe(net)
    }
  }),
)

export const groups = [wholeYear, crowded, byMonth]
