import { describe, expect, it } from 'vitest'
import { addDays } from '../../src/simulator/calendar.ts'
import { PlaidFailure } from '../../src/simulator/failure.ts'
import { bankDataOf } from '../../src/simulator/login.ts'
import { deviationsOf, hasPlaidFiles } from './conformity.ts'

const today = '2026-11-21'

function load(username: string, password: string, day = today) {
  return bankDataOf({ institutionId: 'ins_109508', username, password, itemSeed: 'item', today: day })
}

describe('user_transactions_dynamic', () => {
  const data = load('user_transactions_dynamic', 'any')

  it('has fifty rows of a month, newest first, on an account and a card', () => {
    const dates = data.transactions.map(({ date }) => date)
    expect(dates).toHaveLength(50)
    expect(dates).toEqual(dates.toSorted().toReversed())
    expect([dates.at(0), dates.at(-1)]).toEqual([today, '2026-10-24'])
    expect(data.accounts.map(({ type }) => type)).toEqual(['depository', 'credit'])
    expect(new Set(data.transactions.map((row) => row.account_id)).size).toBe(2)
  })

  it('the last three days are pending, the rest posted', () => {
    for (const { date, pending } of data.transactions) expect(pending).toBe(date >= addDays(today, -2))
  })

  it('some amounts have more digits than a cent', () => {
    const fine = data.transactions.filter(({ amount }) => Number(amount.toFixed(2)) !== amount)
    expect(fine.length).toBeGreaterThan(10)
  })

  it.skipIf(!hasPlaidFiles)("is as Plaid's schemas say (skipped without them)", () => {
    expect(deviationsOf(data)).toEqual([])
  })
})

describe('user_many', () => {
  it.each([0, 1, 29, 30, 31, 1_000, 25_000])('%d rows of thirty days, newest first', (count) => {
    const { transactions } = load('user_many', String(count))
    const dates = transactions.map(({ date }) => date)
    expect(transactions).toHaveLength(count)
    expect(new Set(transactions.map((row) => row.transaction_id)).size).toBe(count)
    expect(dates.every((date, index) => date <= (dates[index - 1] ?? today))).toBe(true)
    expect(dates.every((date) => date > addDays(today, -30))).toBe(true)
  })

  it('a row stays as it is the day after', () => {
    const [before, after] = [load('user_many', '300'), load('user_many', '300', addDays(today, 1))]
    const later = new Map(after.transactions.map((row) => [row.transaction_id, row]))
    const kept = before.transactions.filter(({ date }) => date > addDays(today, -29))
    expect(kept.map((row) => later.get(row.transaction_id))).toEqual(kept)
  })

  it.each(['', 'many', '-1', '1.5', '1e3'])('%j is no number of rows', (password) => {
    expect(() => load('user_many', password)).toThrow(PlaidFailure)
  })
})
