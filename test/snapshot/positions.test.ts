import { describe, expect, it } from 'vitest'
import type { Holding } from '../../src/model.ts'
import { type Grouping, positions } from '../../src/snapshot/positions.ts'
import { account, holding } from './build.ts'

const accounts = [
  account('taxable', 'investment', { name: 'Taxable', current: 1_000_000, available: 50_000 }),
  account('ira', 'investment', { name: 'IRA' }),
  account('twin', 'investment', { sameAs: 'ira' }),
]
const institutions = new Map([['item-of-taxable', 'First Broker']])

function listed(holdings: Holding[], groupBy: Grouping = 'none') {
  return positions(holdings, accounts, { groupBy, institutions })
}

const apple = holding('taxable', 'AAPL', 300_000, {
  quantity: '10',
  price: '300.00',
  priceAsOf: '2026-11-19',
  costBasis: 210_050,
})

describe('a position', () => {
  it('has everything that is known of it', () => {
    expect(listed([apple]).positions).toEqual([
      {
        item_id: 'item-of-taxable',
        institution: 'First Broker',
        account_id: 'taxable',
        account: 'Taxable',
        security_id: 'security-AAPL',
        ticker: 'AAPL',
        name: 'AAPL',
        type: 'equity',
        quantity: 10,
        price: 300,
        price_as_of: '2026-11-19',
        value: 3000,
        cost_basis: 2100.5,
        unrealized_gain: 899.5,
        weight: 1,
        currency: 'USD',
      },
    ])
  })

  it('leaves out what is not', () => {
    const unknown = holding('ira', 'X', 500, { ticker: null })
    expect(Object.keys(listed([unknown]).positions[0] ?? {})).toEqual([
      'item_id',
      'account_id',
      'account',
      'security_id',
      'name',
      'type',
      'quantity',
      'value',
      'weight',
      'currency',
    ])
  })

  it.each([
    [-60_000, 'as the bank gives it'],
    [60_000, 'turned, since it was money in'],
  ])('that is short has a negative cost: %d %s', (costBasis) => {
    const short = holding('taxable', 'GME', -50_000, { quantity: '-100', costBasis })
    expect(listed([short]).positions).toMatchObject([
      { quantity: -100, value: -500, cost_basis: -600, unrealized_gain: 100 },
    ])
  })

  it('that lost its worth has a loss', () => {
    const option = holding('taxable', 'OPT', 0, { type: 'derivative', costBasis: 12_000 })
    expect(listed([option]).positions).toMatchObject([{ value: 0, unrealized_gain: -120, weight: 0 }])
  })

  it('of options is what the bank says: its contracts are counted a hundredfold already', () => {
    const option = holding('taxable', 'NFLX261218C00600000', 31_000, {
      type: 'derivative',
      quantity: '100',
      price: '3.10',
      costBasis: 25_000,
    })
    expect(listed([option])).toMatchObject({
      positions: [{ quantity: 100, price: 3.1, value: 310, cost_basis: 250, unrealized_gain: 60 }],
      totals: [{ value: 310, by_type: { derivative: 310 } }],
    })
  })

  it('is worth what the bank says, also where quantity and price say something else', () => {
    const fund = holding('taxable', 'BOND', 98_765, { quantity: '10', price: '100.00', costBasis: 90_000 })
    expect(listed([fund])).toMatchObject({
      positions: [{ quantity: 10, price: 100, value: 987.65, unrealized_gain: 87.65 }],
      totals: [{ value: 987.65 }],
    })
  })

  it('without a price has its value, and no price', () => {
    const plan = holding('ira', 'PLAN', 70_000, { costBasis: 60_000 })
    const [shown] = listed([plan]).positions
    expect(shown).toMatchObject({ value: 700, unrealized_gain: 100 })
    expect(shown).not.toHaveProperty('price')
    expect(shown).not.toHaveProperty('price_as_of')
  })

  it('that nobody tells the value of is listed last, without one, and is in no total', () => {
    const bond = holding('taxable', 'BOND', null, { type: 'fixed income', quantity: '5', costBasis: 90_000 })
    const option = holding('taxable', 'OPT', null, { type: 'derivative', price: '3.10' })
    const { positions, totals } = listed([bond, option, apple])
    expect(positions).toMatchObject([
      { ticker: 'AAPL', value: 3000, weight: 1 },
      { ticker: 'BOND', quantity: 5, cost_basis: 900, without_value: 1 },
      { ticker: 'OPT', price: 3.1, without_value: 1 },
    ])
    for (const row of positions.slice(1))
      for (const field of ['value', 'weight', 'unrealized_gain']) expect(row).not.toHaveProperty(field)
    expect(totals).toEqual([
      {
        currency: 'USD',
        value: 3000,
        without_value: 2,
        cost_basis: 2100.5,
        unrealized_gain: 899.5,
        without_cost: 2,
        by_type: { equity: 3000 },
      },
    ])
  })

  it('has no value in a group of such, and in another group is left out of cost and gain', () => {
    const bond = holding('taxable', 'BOND', null, { type: 'fixed income', costBasis: 90_000 })
    expect(listed([bond, apple], 'type').positions).toMatchObject([
      { name: 'equity', value: 3000 },
      { name: 'fixed income', cost_basis: 900, without_value: 1 },
    ])
    expect(listed([bond, apple], 'account').positions).toMatchObject([
      { value: 3000, without_value: 1, cost_basis: 2100.5, unrealized_gain: 899.5, without_cost: 1 },
    ])
    expect(listed([bond]).totals).toEqual([])
  })

  it('that is short takes its value from the total, and has a negative weight', () => {
    const short = holding('taxable', 'GME', -100_000, { quantity: '-100', costBasis: -120_000 })
    expect(listed([apple, short])).toMatchObject({
      positions: [{ weight: 1.5 }, { weight: -0.5, unrealized_gain: 200 }],
      totals: [{ value: 2000, by_type: { equity: 2000 } }],
    })
  })

  it('keeps the digits of a small quantity', () => {
    const coin = holding('taxable', 'BTC', 4_200_000, { quantity: '0.00000001', type: 'cryptocurrency' })
    expect(listed([coin]).positions).toMatchObject([{ quantity: 1e-8, value: 42_000 }])
  })

  it('on an account that another login shows too is not listed', () => {
    expect(listed([holding('twin', 'AAPL', 100)])).toEqual({ positions: [], totals: [] })
  })
})

describe('the list', () => {
  const cash = holding('taxable', 'CUR:USD', 50_000, { type: 'cash', quantity: '500' })
  const fund = holding('ira', 'VTI', 150_000, { type: 'etf', costBasis: 100_000 })
  const more = holding('ira', 'AAPL', 100_000, { quantity: '3.5', costBasis: null })
  const euro = holding('ira', 'SAP', 900_000, { currency: 'EUR' })
  const coin = holding('ira', 'DOGE', 900_000_000_000, { currency: 'DOGE', type: 'cryptocurrency' })
  const all = [cash, coin, fund, euro, more, apple]

  it('has the largest first within a currency, the main currency first, unofficial ones last', () => {
    expect(listed(all).positions.map(({ ticker, value, weight }) => [ticker, value, weight])).toEqual([
      ['AAPL', 3000, 0.5],
      ['VTI', 1500, 0.25],
      ['AAPL', 1000, 0.1667],
      ['CUR:USD', 500, 0.0833],
      ['SAP', 9000, 1],
      ['DOGE', 9000, 0],
    ])
  })

  it('is the same whatever the order it came in', () => {
    expect(listed(all.toReversed())).toEqual(listed(all))
  })

  it('has totals per official currency, by type, with cash once and gains where the cost is known', () => {
    expect(listed(all).totals).toEqual([
      {
        currency: 'USD',
        value: 6000,
        cost_basis: 3100.5,
        unrealized_gain: 1399.5,
        without_cost: 1,
        by_type: { equity: 4000, etf: 1500, cash: 500 },
      },
      { currency: 'EUR', value: 9000, by_type: { equity: 9000 } },
    ])
  })

  it('says of how many the cost is not known; that of cash is no question', () => {
    expect(listed([apple, cash]).totals[0]).not.toHaveProperty('without_cost')
    expect(listed([apple, more, fund, holding('ira', 'X', 1)]).totals).toMatchObject([{ without_cost: 2 }])
    const [none] = listed([more]).totals
    expect([none?.cost_basis, none?.unrealized_gain, none?.without_cost]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('can be one row per security, over all accounts', () => {
    expect(listed(all, 'security').positions[0]).toEqual({
      security_id: 'security-AAPL',
      ticker: 'AAPL',
      name: 'AAPL',
      type: 'equity',
      quantity: 13.5,
      value: 4000,
      cost_basis: 2100.5,
      unrealized_gain: 899.5,
      without_cost: 1,
      weight: 0.6667,
      currency: 'USD',
    })
  })

  it('can be one row per type', () => {
    expect(listed(all, 'type').positions.slice(0, 2)).toEqual([
      {
        name: 'equity',
        type: 'equity',
        value: 4000,
        cost_basis: 2100.5,
        unrealized_gain: 899.5,
        without_cost: 1,
        weight: 0.6667,
        currency: 'USD',
      },
      {
        item_id: 'item-of-ira',
        account_id: 'ira',
        account: 'IRA',
        name: 'etf',
        type: 'etf',
        value: 1500,
        cost_basis: 1000,
        unrealized_gain: 500,
        weight: 0.25,
        currency: 'USD',
      },
    ])
  })

  it('can be one row per account and currency', () => {
    const rows = listed(all, 'account').positions.map(({ account, name, type, value, currency }) => [
      account,
      name,
      type,
      value,
      currency,
    ])
    expect(rows).toEqual([
      ['Taxable', 'Taxable', 'mixed', 3500, 'USD'],
      ['IRA', 'IRA', 'mixed', 2500, 'USD'],
      ['IRA', 'IRA', 'equity', 9000, 'EUR'],
      ['IRA', 'IRA', 'cryptocurrency', 9000, 'DOGE'],
    ])
  })

  it('has no weights where shorts outweigh the rest', () => {
    const short = holding('taxable', 'GME', -500_000, { quantity: '-100' })
    expect(listed([apple, short]).positions.map(({ weight }) => weight)).toEqual([0, 0])
  })
})
