import { describe, expect, it } from 'vitest'
import type { BankData } from '../../src/simulator/bank-data.ts'
import { addDays } from '../../src/simulator/calendar.ts'
import { lastClose, priceOf } from '../../src/simulator/household-prices.ts'
import { bankDataOf } from '../../src/simulator/login.ts'

const today = '2026-11-21'

function bankOn(day: string): BankData {
  const login = { username: 'user_good', password: 'pass_good', itemSeed: 'item' }
  return bankDataOf({ ...login, institutionId: 'ins_109512', today: day })
}

const data = bankOn(today)
const [brokerage, ira] = data.accounts
const tickers = new Map(data.securities.map((security) => [security.security_id, security.ticker_symbol]))

function holdingsIn(accountId: string | undefined, of: BankData = data) {
  return of.holdings.filter((holding) => holding.account_id === accountId)
}

function cashIn(accountId: string | undefined, of: BankData = data): number {
  const cash = holdingsIn(accountId, of).find(({ security_id }) => tickers.get(security_id) === 'CUR:USD')
  return cash?.institution_value ?? Number.NaN
}

describe('positions', () => {
  it('are stocks, funds, bitcoin and cash', () => {
    const kinds = data.securities.map(({ ticker_symbol, type }) => [ticker_symbol, type])
    expect(Object.fromEntries(kinds)).toEqual({
      VTI: 'etf',
      VXUS: 'etf',
      BND: 'etf',
      AAPL: 'equity',
      MSFT: 'equity',
      'CUR:BTC': 'cryptocurrency',
      'CUR:USD': 'cash',
      VTIVX: 'mutual fund',
    })
  })

  it.each([0, 1])('the balance of account %i is the value of what it holds', (index) => {
    const account = data.accounts[index]
    const value = holdingsIn(account?.account_id).reduce((sum, each) => sum + each.institution_value, 0)
    expect(account?.balances.current).toBeCloseTo(value, 2)
  })

  it('the cash position is what is available, and the retirement account says nothing of it', () => {
    expect(brokerage?.balances.available).toBe(cashIn(brokerage?.account_id))
    expect(ira?.balances.available).toBeNull()
  })

  it('every holding has its security, a price of a day that the exchange was open, and a value', () => {
    for (const holding of data.holdings) {
      expect(tickers.has(holding.security_id)).toBe(true)
      expect(holding.institution_price_as_of).toBe('2026-11-20')
      expect(holding.institution_value).toBeCloseTo(holding.quantity * holding.institution_price, 2)
    }
  })

  it('the cost of what came from elsewhere is not known', () => {
    const unknown = data.holdings.filter((holding) => holding.cost_basis === null)
    expect(unknown.map(({ security_id }) => tickers.get(security_id))).toEqual(['VXUS'])
  })
})

describe('bookings', () => {
  it('are newest first and not from tomorrow', () => {
    const dates = data.investmentTransactions.map(({ date }) => date)
    expect(dates).toEqual(dates.toSorted().toReversed())
    expect(dates.at(0)).toSatisfy((day: string) => day <= today)
  })

  it('kinds of a year', () => {
    const rows = data.investmentTransactions.filter(({ date }) => date > addDays(today, -365))
    const count = (subtype: string) => rows.filter((row) => row.subtype === subtype).length
    expect(['contribution', 'deposit', 'buy', 'sell', 'dividend', 'account fee'].map(count)).toEqual([
      12, 12, 36, 1, 28, 1,
    ])
  })

  it.each([0, 1])('change the cash of account %i, and nothing else does', (index) => {
    const accountId = data.accounts[index]?.account_id
    const start = '2026-01-31'
    const rows = data.investmentTransactions.filter((row) => row.account_id === accountId && row.date > start)
    const out = rows.reduce((sum, { amount }) => sum + amount, 0)
    expect(cashIn(accountId)).toBeCloseTo(cashIn(accountId, bankOn(start)) - out, 2)
  })

  it('purchases and sales change the quantities', () => {
    const start = '2026-01-31'
    const securities = holdingsIn(brokerage?.account_id).filter(
      ({ security_id }) => tickers.get(security_id) !== 'CUR:USD',
    )
    for (const holding of securities) {
      const before = bankOn(start).holdings.find(
        (each) => each.security_id === holding.security_id && each.account_id === holding.account_id,
      )
      const traded = data.investmentTransactions.filter(
        (row) => row.security_id === holding.security_id && row.date > start && row.type !== 'cash',
      )
      const moved = traded.reduce((sum, { quantity }) => sum + quantity, 0)
      expect(holding.quantity).toBeCloseTo((before?.quantity ?? 0) + moved, 4)
    }
  })

  it('what arrives left a checking account on the working day before', () => {
    const login = { username: 'user_good', password: 'pass_good', itemSeed: 'x', today }
    const sent = bankDataOf({ ...login, institutionId: 'ins_109508' }).transactions.filter(
      ({ name }) => name === 'HOUNDSTOOTH IRA CONTRIBUTION',
    )
    const got = data.investmentTransactions.filter(({ subtype }) => subtype === 'contribution')
    expect(got).toHaveLength(24)
    expect(got.map(({ amount }) => amount)).toEqual(sent.slice(0, 24).map(({ amount }) => -amount))
    for (const [index, row] of got.entries()) expect(row.date > (sent[index]?.date ?? '')).toBe(true)
  })
})

describe('prices', () => {
  it.each([
    ['2026-11-21', '2026-11-20'],
    ['2026-11-22', '2026-11-20'],
    ['2026-11-23', '2026-11-20'],
    ['2026-11-24', '2026-11-23'],
  ])('on %s the last close is %s', (day, close) => {
    expect(lastClose(day)).toBe(close)
  })

  it('move a little from day to day, and cash does not', () => {
    const [monday, tuesday] = [priceOf('VTI', '2026-11-16'), priceOf('VTI', '2026-11-17')]
    expect(monday).not.toBe(tuesday)
    expect(Math.abs(monday / tuesday - 1)).toBeLessThan(0.05)
    expect(priceOf('CUR:USD', today)).toBe(1)
  })
})
