import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Rule, ruleKinds, type Transaction } from '../../src/model.ts'
import type { CurrencyFlow } from '../../src/snapshot/flow.ts'
import { flowTotals } from './flow-totals.ts'
import { flowExcluded, flowGroups, keysOf } from '../../src/snapshot/groups.ts'
import { judge } from '../../src/snapshot/judge.ts'
import { keep, restore } from '../../src/snapshot/keep.ts'
import { type FlowRow, rowsOf } from '../../src/snapshot/row.ts'
import { underRules } from '../../src/snapshot/rules.ts'
import { looksLike, transaction } from './build.ts'
import { anyMovements, household, month, rowsIn } from './worlds.ts'

const on = '2026-11-10'

function rows(...transactions: Transaction[]): FlowRow[] {
  return rowsOf(transactions, [], household)
}

function groupsBy(keyOf: (row: FlowRow) => string, all: readonly FlowRow[]) {
  return flowGroups(judge(all), month, keyOf).map(({ key, income, expenses, count }) => [
    key,
    income,
    expenses,
    count,
  ])
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}

describe('groups', () => {
  const shop = { merchant: 'Corner Shop', ...looksLike.groceries }
  const all = rows(
    transaction('checking', on, 3_000, { ...looksLike.salary, name: 'ACME PAYROLL 8812' }),
    transaction('checking', on, -40, shop),
    transaction('card', '2026-11-02', -30, { ...shop, merchant: 'CORNER SHOP' }),
    transaction('card', on, 5, shop),
    transaction('card', '2026-10-31', -999, shop),
    transaction('checking', on, -700, looksLike.transferOut),
    transaction('savings', on, 700, looksLike.transferIn),
  )

  it('are of the window, each with what it brought and cost, the largest first', () => {
    expect(groupsBy(keysOf.month, all)).toEqual([['2026-11', 3_000, -65, 4]])
    expect(groupsBy(keysOf.category, all)).toEqual([
      ['INCOME', 3_000, 0, 1],
      ['FOOD_AND_DRINK', 0, -65, 3],
    ])
    expect(groupsBy(keysOf.account, all)).toEqual([
      ['checking', 3_000, -40, 2],
      ['card', 0, -25, 2],
    ])
  })

  it('by merchant take the text of a bank that names none, without its numbers', () => {
    expect(groupsBy(keysOf.merchant, all)).toEqual([
      ['acme payroll', 3_000, 0, 1],
      ['corner shop', 0, -65, 3],
    ])
  })

  it('of rows without a text are one that is unknown', () => {
    const kept = restore(keep(all, judge(all)), household)
    for (const keyOf of [keysOf.category, keysOf.merchant])
      expect(groupsBy(keyOf, kept)).toEqual([['unknown', 3_000, -65, 4]])
    expect(groupsBy(keysOf.category, rows(transaction('checking', on, -1)))).toEqual([['unknown', 0, -1, 1]])
  })

  it('of two currencies with as many rows come in one order, whichever row was read first', () => {
    const [one, other] = [{ currency: 'USD' }, { currency: 'CAD' }].map((more) =>
      transaction('checking', on, 500, { ...looksLike.salary, ...more }),
    )
    if (one === undefined || other === undefined) throw new Error('no rows')
    const currencies = (...all: Transaction[]) =>
      flowGroups(judge(rows(...all)), month, keysOf.account).map(({ currency }) => currency)
    expect([currencies(one, other), currencies(other, one)]).toEqual([
      ['CAD', 'USD'],
      ['CAD', 'USD'],
    ])
  })

  it('show where more was given back than spent, and call it income where that is so of the window', () => {
    const back = transaction('card', on, 50, { ...shop, merchant: 'Other Shop' })
    const paid = (cents: number) => transaction('checking', on, -cents, shop)
    expect(groupsBy(keysOf.merchant, rows(back, paid(80)))).toEqual([
      ['corner shop', 0, -80, 1],
      ['other shop', 0, 50, 1],
    ])
    expect(groupsBy(keysOf.merchant, rows(back, paid(20)))).toEqual([
      ['other shop', 30, 20, 1],
      ['corner shop', 0, -20, 1],
    ])
  })
})

describe('what is excluded', () => {
  it('is told by why, a pair once, with the newest three', () => {
    const moves = ['02', '04', '06', '08'].flatMap((day) => [
      transaction('checking', `2026-11-${day}`, -100 - Number(day), looksLike.transferOut),
      transaction('savings', `2026-11-${day}`, 100 + Number(day), looksLike.transferIn),
    ])
    const excluded = flowExcluded(
      judge(rows(...moves, transaction('card', on, -7, { pending: true }))),
      month,
    )
    expect(excluded).toMatchObject([
      { reason: 'transfer', currency: 'USD', count: 4, sum: 420 },
      { reason: 'pending', currency: 'USD', count: 1, sum: -7 },
    ])
    expect(excluded[0]?.examples.map(({ date, amount }) => [date, amount])).toEqual([
      ['2026-11-08', -108],
      ['2026-11-06', -106],
      ['2026-11-04', -104],
    ])
  })

  it('gives no sum of several as an example', () => {
    const two = rows(
      transaction('checking', on, -3, { pending: true }),
      transaction('checking', on, -4, { pending: true }),
    )
    const kept = restore(keep(two, judge(two)), household)
    expect(flowExcluded(judge(kept), month)).toMatchObject([{ count: 2, sum: -7, examples: [] }])
  })
})

describe('whatever the rows and rules', () => {
  const rules = fc.array(
    fc.tuple(fc.constantFrom('something', 'transfer', 'o'), fc.constantFrom(...ruleKinds)),
    {
      maxLength: 2,
    },
  )
  const world = fc.tuple(anyMovements, rules).map(([movements, pairs]) => {
    const all = pairs.map(
      ([match, kind]): Rule => ({ ruleId: match, match, kind, category: null, createdAt: on }),
    )
    return underRules(rowsIn(movements), all)
  })

  it('groups add up to the totals, and what is excluded to what they leave out', () => {
    const keyOf = fc.constantFrom(...Object.values(keysOf))
    fc.assert(
      fc.property(world, keyOf, fc.boolean(), (live, keyOf, isKept) => {
        const all = isKept ? restore(keep(live, judge(live)), household) : live
        const verdicts = judge(all)
        const groups = flowGroups(verdicts, month, keyOf)
        const excluded = flowExcluded(verdicts, month)
        for (const flow of flowTotals(all, month)) {
          const own = groups.filter(({ currency }) => currency === flow.currency)
          expect(sum(own.map(({ income }) => income))).toBe(flow.income)
          expect(sum(own.map(({ expenses }) => expenses))).toBe(flow.expenses)
          expect(sum(own.map(({ net }) => net))).toBe(flow.netCashFlow)
          for (const { income, expenses, net } of own) {
            expect(income).toBeGreaterThanOrEqual(0)
            expect(income + expenses).toBe(net)
          }
          expectExcluded(excluded, flow)
        }
      }),
      { numRuns: 3_000 },
    )
  })

  function expectExcluded(excluded: ReturnType<typeof flowExcluded>, flow: CurrencyFlow): void {
    const of = (wanted: string) =>
      sum(
        excluded
          .filter(({ reason, currency }) => reason === wanted && currency === flow.currency)
          .map((each) => each.sum),
      )
    expect(of('transfer')).toBe(flow.transfersExcluded)
    expect(of('card_payment')).toBe(flow.cardPaymentsExcluded)
    expect(of('pending')).toBe(flow.pendingNet)
  }
})
