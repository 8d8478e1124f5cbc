import { describe, expect, it } from 'vitest'
import { rowOf, rowOfInvestment, rowsOf } from '../../src/snapshot/row.ts'
import { account, investment, looksLike, transaction } from './build.ts'

const checking = account('checking', 'depository')
const brokerage = account('brokerage', 'investment')
const date = '2026-11-02'

describe('rowOf', () => {
  it('takes over what the flow needs, beside the transaction itself', () => {
    const made = transaction('checking', date, -45, { name: 'CAFE', merchant: 'Cafe' })
    expect(rowOf(made, checking)).toEqual({
      itemId: 'item-of-checking',
      accountId: 'checking',
      accountType: 'depository',
      duplicate: false,
      date,
      amount: -45,
      currency: 'USD',
      pending: false,
      look: 'plain',
      merchant: 'cafe',
      kind: null,
      count: 1,
      rule: null,
      transaction: made,
    })
  })
})

describe('rowOfInvestment', () => {
  it('is a transfer where cash moved', () => {
    expect(rowOfInvestment(investment('brokerage', date, 500), brokerage)).toMatchObject({
      accountType: 'investment',
      amount: 500,
      look: 'transfer',
    })
  })

  it.each([
    ['cash', 'qualified dividend', 'dividend'],
    ['fee', 'dividend', 'dividend'],
    ['cash', 'interest', 'interest'],
    ['fee', 'account fee', 'fee'],
    ['fee', 'something new', 'fee'],
  ])('of %s, %s is decided: %s', (type, subtype, kind) => {
    const row = rowOfInvestment(investment('brokerage', date, 500, { type, subtype }), brokerage)
    expect(row).toMatchObject({ kind, look: kind, amount: 500 })
  })

  it('is nothing for what a dividend bought at once, nor for a word that only an object knows', () => {
    const bought = { type: 'buy', subtype: 'dividend reinvestment' }
    expect(rowOfInvestment(investment('brokerage', date, -500, bought), brokerage)).toBeNull()
    const odd = { type: 'cash', subtype: 'constructor' }
    expect(rowOfInvestment(investment('brokerage', date, -500, odd), brokerage)).toBeNull()
  })

  it('is nothing for a trade but what the broker took for it', () => {
    const of = (type: string, fees: number | null) =>
      rowOfInvestment(investment('brokerage', date, -500, { type, fees }), brokerage)
    expect(of('buy', null)).toBeNull()
    expect(of('buy', -7)).toMatchObject({ kind: 'fee', look: 'fee', amount: -7 })
    expect(of('sell', -9)).toMatchObject({ kind: 'fee', amount: -9 })
    // Whatever else has fees has them in its own amount.
    expect(of('fee', -9)).toMatchObject({ kind: 'fee', amount: -500 })
  })
})

describe('rowsOf', () => {
  const pending = transaction('checking', date, -45, { pending: true })
  const posted = transaction('checking', date, -50, { pendingTransactionId: pending.transactionId })

  it('has each transaction once', () => {
    expect(rowsOf([posted, posted], [], [checking])).toHaveLength(1)
    const cash = investment('brokerage', date, 500)
    expect(rowsOf([], [cash, cash], [brokerage])).toHaveLength(1)
  })

  it('has a pending one until it is posted', () => {
    expect(rowsOf([pending], [], [checking])).toMatchObject([{ amount: -45, pending: true }])
    expect(rowsOf([pending, posted], [], [checking])).toMatchObject([{ amount: -50, pending: false }])
    expect(rowsOf([posted, pending], [], [checking])).toMatchObject([{ amount: -50, pending: false }])
  })

  it('has none of an unknown account, and none of nothing', () => {
    const nothing = transaction('checking', date, 0, looksLike.transferIn)
    const elsewhere = [transaction('other', date, 5)]
    expect(rowsOf([nothing, ...elsewhere], [investment('other', date, 5)], [checking])).toEqual([])
  })

  it('marks those of an account that another login shows too', () => {
    const twin = account('twin', 'depository', { sameAs: 'checking' })
    expect(rowsOf([transaction('twin', date, -5)], [], [twin])).toMatchObject([{ duplicate: true }])
  })
})
