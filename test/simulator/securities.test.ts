import { describe, expect, it } from 'vitest'
import { securityIdOf, securityShape } from '../../src/simulator/securities.ts'
import { currencyFields, holdingShape, rounded } from '../../src/simulator/shapes.ts'

const priced = { price: 1, priceAsOf: '2026-11-20' }

describe('securities', () => {
  it.each([
    ['AAPL', 'equity', 'Apple Inc.', false],
    ['VTI', 'etf', 'Vanguard Total Stock Market ETF', false],
    ['VTIVX', 'mutual fund', 'Vanguard Target Retirement 2045 Fund', false],
    ['CUR:USD', 'cash', 'U S Dollar', true],
    ['CUR:BTC', 'cryptocurrency', 'Bitcoin', false],
    ['F241108C00005000', 'derivative', 'F241108C00005000', false],
    ['NOBODY', 'equity', 'NOBODY', false],
  ])('%s is %s', (ticker, type, name, isCash) => {
    expect(securityShape({ ticker, ...priced })).toMatchObject({ type, name, is_cash_equivalent: isCash })
  })

  it('a put says what it is of', () => {
    expect(securityShape({ ticker: 'SPY270115P00412500', ...priced }).option_contract).toEqual({
      contract_type: 'put',
      expiration_date: '2027-01-15',
      strike_price: 412.5,
      underlying_security_ticker: 'SPY',
    })
  })

  it('have one id everywhere', () => {
    expect(securityShape({ ticker: 'AAPL', ...priced }).security_id).toBe(securityIdOf('AAPL'))
    expect(securityIdOf('AAPL')).not.toBe(securityIdOf('MSFT'))
  })
})

describe('money in shapes', () => {
  it.each([
    ['USD', 'USD', null],
    ['JPY', 'JPY', null],
    ['BTC', null, 'BTC'],
    ['USDT', null, 'USDT'],
  ])('%s is said in one of two fields', (code, iso, other) => {
    expect(currencyFields(code)).toEqual({ iso_currency_code: iso, unofficial_currency_code: other })
  })

  it('a value has whole cents', () => {
    const holding = { accountId: 'a', securityId: 's', quantity: 0.1, price: 0.2 }
    const shape = holdingShape({ ...holding, priceAsOf: null, costBasis: null })
    expect(shape.institution_value).toBe(0.02)
    expect(rounded(0.1 + 0.2)).toBe(0.3)
  })
})
