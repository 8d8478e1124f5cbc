import { describe, expect, it } from 'vitest'
import type { InvestmentTransaction, Transaction } from '../../src/model.ts'
import { judge } from '../../src/snapshot/judge.ts'
import { rowsOf } from '../../src/snapshot/row.ts'
import { investment, looksLike, transaction } from './build.ts'
import { household } from './worlds.ts'

const date = '2026-11-10'
const row = (accountId: string, amount: number, more: Partial<Transaction> = {}) =>
  transaction(accountId, date, amount, more)
const at = (merchant: string, more: Partial<Transaction> = {}) => ({ merchant, ...more })

/** What each row counts as, in the order of the rows. */
function kindsOf(transactions: Transaction[], investments: InvestmentTransaction[] = []): string[] {
  return [...judge(rowsOf(transactions, investments, household)).values()].map(({ kind }) => kind)
}

describe('the two sides of a pair', () => {
  it.each([
    ['own accounts', [row('checking', -70, looksLike.transferOut), row('savings', 70)], 'transfer'],
    ['a card', [row('checking', -70, looksLike.transferOut), row('card', 70)], 'card_payment'],
    [
      'a card, told by the bank alone',
      [row('checking', -70, looksLike.cardPayment), row('card', 70)],
      'card_payment',
    ],
    [
      'a card payment that came back, told by the card',
      [row('card', -70, { name: 'RETURNED PAYMENT' }), row('checking', 70)],
      'card_payment',
    ],
    [
      'a card payment that came back, told by the bank',
      [row('card', -70, looksLike.transferOut), row('checking', 70, looksLike.cardPayment)],
      'card_payment',
    ],
    ['a cash advance', [row('card', -70, looksLike.transferOut), row('checking', 70)], 'transfer'],
    ['a loan', [row('checking', -70, looksLike.transferOut), row('mortgage', 70)], 'loan_payment'],
    ['money out of a loan', [row('mortgage', -70, looksLike.transferOut), row('checking', 70)], 'transfer'],
  ])('between %s', (_between, rows, kind) => {
    expect(kindsOf(rows)).toEqual([kind, kind])
    expect(kindsOf(rows.toReversed())).toEqual([kind, kind])
  })

  it.each([
    ['into a brokerage', -70],
    ['out of it', 70],
  ])('%s', (_way, amount) => {
    const cash = investment('brokerage', date, -amount, { subtype: amount < 0 ? 'deposit' : 'withdrawal' })
    expect(kindsOf([row('checking', amount)], [cash])).toEqual(['contribution', 'contribution'])
  })

  it('is pending as long as the row is', () => {
    const rows = [row('checking', -70, { ...looksLike.transferOut, pending: true }), row('savings', 70)]
    expect(kindsOf(rows)).toEqual(['pending', 'transfer'])
  })
})

describe('a credit at a merchant of an earlier purchase', () => {
  const credit = row('checking', 30, at('Shop'))

  it.each([
    ['bought without a category', row('checking', -50, at('Shop'))],
    ['surely bought', row('savings', -50, at('SHOP', looksLike.groceries))],
    ['a fee', row('card', -50, at('Shop', looksLike.fee))],
  ])('is a refund: %s', (_what, purchase) => {
    expect(kindsOf([purchase, credit])[1]).toBe('refund')
    expect(kindsOf([credit, purchase])[0]).toBe('refund')
  })

  it.each([
    ['another merchant', row('checking', -50, at('Market'))],
    ['no merchant', row('checking', -50)],
    ['a later purchase', transaction('checking', '2026-11-11', -50, at('Shop'))],
    ['another currency', row('checking', -50, at('Shop', { currency: 'CAD' }))],
    ['a transfer', row('checking', -50, at('Shop', looksLike.transferOut))],
    ['another credit', row('savings', 50, at('Shop'))],
    ['what a loan account shows', row('mortgage', -50, at('Shop'))],
  ])('is none with %s', (_what, other) => {
    expect(kindsOf([other, credit])[1]).toBe('income')
  })

  it('goes by the first of several purchases, whatever their order', () => {
    const days = ['2026-11-09', '2026-11-20', '2026-11-15']
    const bought = days.map((day) => transaction('checking', day, -50, at('Shop')))
    expect(kindsOf([...bought, credit])[3]).toBe('refund')
    expect(kindsOf([...bought.toReversed(), credit])[3]).toBe('refund')
  })

  it('stays what Plaid is sure of', () => {
    const interest = row('checking', 30, at('Shop', looksLike.interest))
    expect(kindsOf([row('checking', -50, at('Shop')), interest])[1]).toBe('interest')
  })

  it('without a merchant is none of the purchases without one', () => {
    expect(kindsOf([row('checking', -50), row('checking', 30)])[1]).toBe('income')
  })
})
