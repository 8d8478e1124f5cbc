import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ruleKinds, type Transaction } from '../../src/model.ts'
import { toMajor } from '../../src/money.ts'
import { judge } from '../../src/snapshot/judge.ts'
import { keep, restore } from '../../src/snapshot/keep.ts'
import { rowsOf } from '../../src/snapshot/row.ts'
import { underRules } from '../../src/snapshot/rules.ts'
import { search, type Search } from '../../src/snapshot/search.ts'
import { isWithin } from '../../src/snapshot/window.ts'
import { looksLike, transaction } from './build.ts'
import { anyMovements, household, month, rowsIn } from './worlds.ts'

const on = '2026-11-10'
const all = [
  transaction('card', on, -999, { name: 'SQ *CORNER 12', merchant: 'Corner Shop', ...looksLike.groceries }),
  transaction('checking', '2026-11-12', 300_000, { name: 'ACME PAYROLL', ...looksLike.salary }),
  transaction('checking', '2026-11-11', -4_000, { name: 'Corner Bar', pending: true }),
  transaction('checking', '2026-10-31', -5_000, { name: 'OLD CORNER' }),
]

function names(wanted: Partial<Search>, transactions: readonly Transaction[] = all): string[] {
  const verdicts = judge(rowsOf(transactions, [], household))
  return search(verdicts, { span: month, ...wanted }).map((one) => one.transaction.name)
}

describe('a search', () => {
  it('without a wish finds all of the span, newest first', () => {
    expect(names({})).toEqual(['ACME PAYROLL', 'Corner Bar', 'SQ *CORNER 12'])
  })

  it.each<[string, Partial<Search>, string[]]>([
    ['text of the name', { query: 'corner' }, ['Corner Bar', 'SQ *CORNER 12']],
    ['text of the merchant', { query: 'corner shop' }, ['SQ *CORNER 12']],
    ['an account', { accountId: 'card' }, ['SQ *CORNER 12']],
    ['a primary category', { category: 'food_and_drink' }, ['SQ *CORNER 12']],
    ['a detailed category', { category: 'Food and drink groceries' }, ['SQ *CORNER 12']],
    ['no part of a category', { category: 'FOOD' }, []],
    ['money in', { min: 0 }, ['ACME PAYROLL']],
    ['what cost 10 or more', { max: -10 }, ['Corner Bar']],
    ['what cost 9.99 or more', { max: -9.99 }, ['Corner Bar', 'SQ *CORNER 12']],
    ['what cost 9.99 at most', { min: -9.99, max: 0 }, ['SQ *CORNER 12']],
    ['more than there can be', { min: -1e300, max: 1e300 }, ['ACME PAYROLL', 'Corner Bar', 'SQ *CORNER 12']],
    ['pending ones', { pending: true }, ['Corner Bar']],
    ['posted ones', { pending: false }, ['ACME PAYROLL', 'SQ *CORNER 12']],
  ])('for %s', (_what, wanted, found) => {
    expect(names(wanted)).toEqual(found)
  })

  it('finds what two logins show once, and where the other account is asked for there', () => {
    const twice = ['checking', 'twin'].map((accountId) => transaction(accountId, on, -5, { name: accountId }))
    expect(names({}, twice)).toEqual(['checking'])
    expect(names({ accountId: 'twin' }, twice)).toEqual(['twin'])
  })

  it('says what each counts as, and knows the categories of the owner', () => {
    const rule = { ruleId: '1', match: 'corner', kind: ruleKinds[3], category: 'Treats', createdAt: on }
    const verdicts = judge(underRules(rowsOf(all, [], household), [rule]))
    const found = search(verdicts, { span: month, category: 'treats' })
    expect(found.map(({ kind }) => kind)).toEqual(['pending', 'ignored'])
  })

  it('finds nothing in sums', () => {
    const rows = rowsOf(all, [], household)
    const kept = restore(keep(rows, judge(rows)), household)
    expect(search(judge(kept), { span: month })).toEqual([])
  })

  it('parts everything into what is wanted and what is not', () => {
    const bound = fc.constantFrom(-2.5, -1, 0, 1, 2.5)
    fc.assert(
      fc.property(anyMovements, bound, (movements, min) => {
        const verdicts = judge(rowsIn(movements))
        const every = search(verdicts, { span: month })
        const above = search(verdicts, { span: month, min })
        expect(above).toEqual(
          every.filter(({ transaction: row }) => toMajor(row.amount, row.currency) >= min),
        )
        expect(every.every(({ transaction: row }) => isWithin(row.date, month))).toBe(true)
        const dates = every.map(({ transaction: row }) => row.date)
        expect(dates).toEqual(dates.toSorted().toReversed())
      }),
      { numRuns: 500 },
    )
  })
})
