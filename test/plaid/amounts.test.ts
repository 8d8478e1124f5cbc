import { describe, expect, it } from 'vitest'
import { currencyOf, minorAt, turnedAt } from '../../src/plaid/amounts.ts'

describe('an amount', () => {
  it.each([
    [12.34, 'USD', 1_234],
    [-0.1, 'USD', -10],
    [5, 'JPY', 5],
    [0.00000001, 'DOGE', 1],
    [null, 'USD', null],
    ['12.34', 'USD', 1_234],
    ['-0.1', 'USD', -10],
    ['1,200', 'USD', null],
    ['', 'USD', null],
    ['1e3', 'USD', null],
    [80_000_000_000, 'USD', 8_000_000_000_000],
    [90_000_000_000, 'USD', null],
    [-90_000_000_000_000, 'USD', null],
    [1e300, 'USD', null],
    [1_000_000, 'DOGE', 100_000_000_000_000],
    [20_000_000, 'DOGE', null],
  ])('%s %s is %s minor units', (amount, currency, minor) => {
    expect(minorAt({ amount }, 'amount', currency)).toBe(minor)
    expect(turnedAt({ amount }, 'amount', currency)).toBe(minor === null ? null : -minor)
  })

  it('of nothing has no sign', () => {
    expect(Object.is(turnedAt({ amount: 0 }, 'amount', 'USD'), 0)).toBe(true)
  })
})

describe('a currency', () => {
  it.each([
    [{ iso_currency_code: 'USD', unofficial_currency_code: null }, 'USD'],
    [{ iso_currency_code: null, unofficial_currency_code: 'BTC' }, 'BTC'],
    [{ iso_currency_code: null, unofficial_currency_code: null }, 'XXX'],
    [{ iso_currency_code: 'a currency of one’s own' }, 'XXX'],
  ])('of %o is %s', (row, currency) => {
    expect(currencyOf(row)).toBe(currency)
  })
})
