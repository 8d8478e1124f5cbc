import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessToken, type Fake, plaidOn, startFake } from './fake-plaid.ts'

let fake: Fake
beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})

const holding = {
  account_id: 'acc1',
  security_id: 'sec1',
  quantity: 10.5,
  institution_price: 42.125,
  institution_price_as_of: '2026-11-19',
  institution_value: 442.31,
  cost_basis: 400,
  iso_currency_code: 'USD',
  unofficial_currency_code: null,
}
const security = {
  security_id: 'sec1',
  name: 'Platypus Growth Fund',
  ticker_symbol: 'PLTY',
  type: 'mutual fund',
}
const account = { account_id: 'acc1', name: 'IRA', type: 'investment', balances: {} }

async function holdingsFrom(holdings: unknown, securities: unknown = [security]) {
  fake.on('/investments/holdings/get', { json: { accounts: [account], holdings, securities } })
  return await plaidOn(fake).plaid.holdings('item1')
}

describe('holdings', () => {
  it('come with their security', async () => {
    fake.on('/investments/holdings/get', {
      json: { accounts: [account], holdings: [holding], securities: [security] },
    })
    expect(await plaidOn(fake).plaid.holdings('item1')).toEqual([
      {
        itemId: 'item1',
        accountId: 'acc1',
        securityId: 'sec1',
        ticker: 'PLTY',
        name: 'Platypus Growth Fund',
        type: 'mutual fund',
        quantity: '10.5',
        price: '42.125',
        priceAsOf: '2026-11-19',
        value: 44_231,
        costBasis: 40_000,
        currency: 'USD',
      },
    ])
    expect(fake.requests.at(-1)?.body).toEqual({ access_token: accessToken })
  })

  it.each([
    [
      'a short position',
      { quantity: -100, institution_value: -500 },
      {},
      { quantity: '-100', value: -50_000 },
    ],
    [
      'a speck of a coin',
      { quantity: 1e-8, iso_currency_code: null, unofficial_currency_code: 'BTC', institution_value: 1e-8 },
      { type: 'cryptocurrency' },
      { quantity: '0.00000001', value: 1, currency: 'BTC', type: 'cryptocurrency' },
    ],
    [
      'no cost, no price date',
      { cost_basis: null, institution_price_as_of: null },
      {},
      { costBasis: null, priceAsOf: null },
    ],
    [
      'a value of its own only in pieces and their price',
      { institution_value: null, quantity: 0.1, institution_price: 0.35 },
      {},
      { value: 4, price: '0.35' },
    ],
    [
      'no value and no price but that of the market',
      { institution_value: null, institution_price: null },
      { close_price: 7.5, close_price_as_of: '2026-11-18', iso_currency_code: 'USD' },
      { value: 7_875, price: '7.5', priceAsOf: '2026-11-18' },
    ],
    ['a security without a name', {}, { name: null }, { name: 'PLTY' }],
    [
      'a security with nothing',
      {},
      { name: null, ticker_symbol: null, type: null },
      { name: 'Unnamed security', ticker: null, type: 'other' },
    ],
    [
      'a coin that the broker calls cash',
      {},
      { type: 'cash', ticker_symbol: 'CUR:BTC' },
      { type: 'cryptocurrency', ticker: 'CUR:BTC' },
    ],
    ['cash in dollars', {}, { type: 'cash', ticker_symbol: 'CUR:USD' }, { type: 'cash' }],
    ['a type of next year', {}, { type: 'carbon credit' }, { type: 'other' }],
    ['a foreign name', {}, { name: '![x](http://x.example)' }, { name: '!(x)(http://x.example)' }],
  ])('with %s', async (_what, ofHolding, ofSecurity, expected) => {
    expect(
      await holdingsFrom([{ ...holding, ...ofHolding }], [{ ...security, ...ofSecurity }]),
    ).toMatchObject([expected])
  })

  it.each([[[]], [null], [[null, 'x', {}]], [[{ ...security, security_id: 'other' }]]])(
    'keep their value when the security is missing: %j',
    async (securities) => {
      expect(await holdingsFrom([holding], securities)).toMatchObject([
        { value: 44_231, name: 'Unnamed security', type: 'other' },
      ])
    },
  )

  it.each([null, {}, { ...holding, security_id: null }, { ...holding, quantity: null }])(
    'leave out what is no position: %j',
    async (row) => {
      expect(await holdingsFrom([row, holding])).toHaveLength(1)
    },
  )

  it.each([
    [{ type: 'derivative' }, {}],
    [{ close_price: 7.5, iso_currency_code: 'EUR' }, { institution_price: null }],
    [{}, { quantity: 1e12, institution_price: 1e9 }],
    [{}, { quantity: 1e6, institution_price: 1e6 }],
    [{ type: 'fixed income' }, {}],
    [{ type: 'something new' }, {}],
    [{}, { institution_value: 'x', institution_price: null }],
  ])(
    'without a value that can be told are positions all the same: %j and %j',
    async (ofSecurity, ofHolding) => {
      const row = { ...holding, institution_value: null, ...ofHolding }
      expect(await holdingsFrom([row], [{ ...security, ...ofSecurity }])).toMatchObject([
        { value: null, quantity: String(row.quantity) },
      ])
    },
  )

  it('are not none because the list is missing', async () => {
    await expect(holdingsFrom(undefined)).rejects.toMatchObject({ code: 'PLAID_DOWN' })
  })
})

describe('investmentTransactions', () => {
  const buy = {
    investment_transaction_id: 'it1',
    account_id: 'acc1',
    security_id: 'sec1',
    date: '2026-11-03',
    name: 'BUY Platypus',
    quantity: 2,
    amount: 84.25,
    price: 42.125,
    fees: 4.95,
    type: 'buy',
    subtype: 'buy',
    iso_currency_code: 'USD',
    unofficial_currency_code: null,
  }
  async function read(...rows: unknown[]) {
    const json = {
      investment_transactions: rows,
      total_investment_transactions: rows.length,
      accounts: [],
      securities: [],
    }
    fake.on('/investments/transactions/get', { json })
    return await plaidOn(fake).plaid.investmentTransactions('item1', '2026-11-01', '2026-11-30')
  }

  it('are in our words: cash that leaves the account is negative', async () => {
    expect(await read(buy)).toEqual([
      {
        transactionId: 'it1',
        accountId: 'acc1',
        date: '2026-11-03',
        amount: -8425,
        currency: 'USD',
        name: 'BUY Platypus',
        fees: -495,
        type: 'buy',
        subtype: 'buy',
      },
    ])
    expect(fake.requests.at(-1)?.body).toEqual({
      access_token: accessToken,
      start_date: '2026-11-01',
      end_date: '2026-11-30',
      options: { count: 500, offset: 0, async_update: true },
    })
  })

  it.each([null, {}, { ...buy, amount: null }, { ...buy, date: 'today' }])(
    'are not read without what is none: %j',
    async (row) => {
      await expect(read(row, { ...buy, investment_transaction_id: 'good' })).rejects.toMatchObject({
        code: 'PLAID_DOWN',
      })
    },
  )

  it('leave out amounts that no sum is exact with, and take new words', async () => {
    const odd = { ...buy, investment_transaction_id: 'it2', type: 'airdrop', subtype: null, amount: -5 }
    expect(await read({ ...buy, amount: 1e300 }, odd)).toMatchObject([
      { type: 'airdrop', subtype: 'other', amount: 500 },
    ])
  })
})
