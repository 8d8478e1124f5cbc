import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessToken, type Fake, plaidError, plaidOn, startFake } from './fake-plaid.ts'

let fake: Fake
beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})

const coffee = {
  transaction_id: 'lPNjeW1nR6CDn5okmGQ6hEpMo4lLNoSrzqDje',
  account_id: 'acc1',
  amount: 4.33,
  iso_currency_code: 'USD',
  unofficial_currency_code: null,
  date: '2026-11-02',
  name: 'STARBUCKS #1234',
  merchant_name: 'Starbucks',
  pending: false,
  pending_transaction_id: null,
  personal_finance_category: {
    primary: 'FOOD_AND_DRINK',
    detailed: 'FOOD_AND_DRINK_COFFEE',
    confidence_level: 'HIGH',
  },
}

async function read(...rows: unknown[]) {
  fake.on('/transactions/get', {
    json: { accounts: [], transactions: rows, total_transactions: rows.length },
  })
  return await plaidOn(fake).plaid.transactions('item1', '2026-11-01', '2026-11-30')
}

describe('transactions', () => {
  it('are in our words: money that goes out is negative', async () => {
    expect(await read(coffee)).toEqual([
      {
        transactionId: 'lPNjeW1nR6CDn5okmGQ6hEpMo4lLNoSrzqDje',
        accountId: 'acc1',
        date: '2026-11-02',
        amount: -433,
        currency: 'USD',
        name: 'STARBUCKS #1234',
        merchant: 'Starbucks',
        category: { primary: 'FOOD_AND_DRINK', detailed: 'FOOD_AND_DRINK_COFFEE', confidence: 'HIGH' },
        pending: false,
        pendingTransactionId: null,
      },
    ])
    expect(fake.requests.at(-1)?.body).toEqual({
      access_token: accessToken,
      start_date: '2026-11-01',
      end_date: '2026-11-30',
      options: { count: 500, offset: 0 },
    })
  })

  it.each([
    [-1500, 'USD', 150_000],
    [0, 'USD', 0],
    [-0, 'USD', 0],
    [0.1 + 0.2, 'USD', -30],
    [12.3456785, 'USD', -1235],
    [1e-7, 'USD', 0],
    [500, 'JPY', -500],
  ])('turn %d %s into %d', async (amount, currency, minor) => {
    const [row] = await read({ ...coffee, amount, iso_currency_code: currency })
    expect(Object.is(row?.amount, minor)).toBe(true)
  })

  it('say it when Plaid is still fetching', async () => {
    fake.on('/transactions/get', plaidError('PRODUCT_NOT_READY'))
    await expect(plaidOn(fake).plaid.transactions('item1', '2026-11-01', '2026-11-30')).rejects.toMatchObject(
      {
        code: 'NOT_READY',
        retryable: true,
      },
    )
  })

  it('count a purchase once when both its pending and its posted row came', async () => {
    const pending = { ...coffee, transaction_id: 'p1', pending: true }
    const other = { ...coffee, transaction_id: 'p2', pending: true }
    const posted = { ...coffee, transaction_id: 't1', pending_transaction_id: 'p1' }
    expect((await read(pending, posted, other)).map((row) => row.transactionId)).toEqual(['t1', 'p2'])
  })

  it('have their posted day, also where they were authorized in another month', async () => {
    const [row] = await read({ ...coffee, date: '2026-11-01', authorized_date: '2026-10-31' })
    expect(row?.date).toBe('2026-11-01')
  })

  it('keep two equal purchases of a day', async () => {
    expect(await read(coffee, { ...coffee, transaction_id: 'second' })).toHaveLength(2)
  })

  it.each([
    null,
    'row',
    {},
    { ...coffee, transaction_id: null },
    { ...coffee, account_id: 7 },
    { ...coffee, amount: null },
    { ...coffee, amount: 'a lot' },
    { ...coffee, date: null },
    { ...coffee, date: '02.11.2026' },
    { ...coffee, date: '2026-13-01' },
  ])('are not read without what is no transaction, as if it were gone: %j', async (row) => {
    const reading = read(row, { ...coffee, transaction_id: 'good' })
    await expect(reading).rejects.toMatchObject({ code: 'PLAID_DOWN' })
  })

  it('leave out an amount that no sum would be exact with', async () => {
    const rows = await read({ ...coffee, amount: 1e300 }, { ...coffee, transaction_id: 'good' })
    expect(rows).toMatchObject([{ transactionId: 'good' }])
  })

  it('may have their amount as text and their day with a time', async () => {
    const [row] = await read({ ...coffee, amount: '4.33', date: '2026-11-02T23:30:00-08:00' })
    expect(row).toMatchObject({ amount: -433, date: '2026-11-02' })
  })

  it.each([
    [{ personal_finance_category: null }, { category: null }],
    [
      { personal_finance_category: { primary: 'TRAVEL' } },
      { category: { primary: 'TRAVEL', detailed: 'TRAVEL', confidence: null } },
    ],
    [{ personal_finance_category: { primary: '[x](y)' } }, { category: null }],
    [{ name: null }, { name: 'Starbucks' }],
    [
      { name: null, merchant_name: null },
      { name: '', merchant: null },
    ],
    [{ name: '\u001b[31m<b>Pay\u200b now</b>' }, { name: '‹b›Pay now‹/b›' }],
    [
      { iso_currency_code: null, unofficial_currency_code: 'ETH', amount: -2 },
      { currency: 'ETH', amount: 200_000_000 },
    ],
  ])('with %j have %j', async (given, expected) => {
    expect(await read({ ...coffee, ...given })).toMatchObject([expected])
  })

  it.each([
    [
      { iso_currency_code: 'JPY', unofficial_currency_code: null },
      { currency: 'JPY', amount: -4 },
    ],
    [
      { iso_currency_code: null, unofficial_currency_code: 'ETH' },
      { currency: 'ETH', amount: -433_000_000 },
    ],
  ])('that name no currency have that of their account: %j', async (balances, expected) => {
    const { iso_currency_code: _iso, unofficial_currency_code: _other, ...bare } = coffee
    const nulls = { ...coffee, iso_currency_code: null, transaction_id: 'second' }
    const strange = { ...bare, account_id: 'acc2', transaction_id: 'third' }
    const transactions = [bare, nulls, strange]
    fake.on('/transactions/get', {
      json: { accounts: [{ account_id: 'acc1', balances }], transactions, total_transactions: 3 },
    })
    const rows = await plaidOn(fake).plaid.transactions('item1', '2026-11-01', '2026-11-30')
    expect(rows).toMatchObject([expected, expected, { currency: 'XXX' }])
  })

  it('are read to the last page', async () => {
    const rows = Array.from({ length: 1201 }, (_, at) => ({ ...coffee, transaction_id: `t${at}` }))
    fake.on('/transactions/get', ({ body }) => {
      const { count, offset } = body.options as { count: number; offset: number }
      return { json: { transactions: rows.slice(offset, offset + count), total_transactions: rows.length } }
    })
    const read = await plaidOn(fake).plaid.transactions('item1', '2026-11-01', '2026-11-30')
    expect(read.map((row) => row.transactionId)).toEqual(rows.map((row) => row.transaction_id))
  })

  it('begun again have no page of the reading before', async () => {
    const rows = Array.from({ length: 1500 }, (_, at) => ({ ...coffee, transaction_id: `t${at}` }))
    const total_transactions = rows.length
    const asked: number[] = []
    fake.on('/transactions/get', async ({ body }) => {
      const { offset } = body.options as { offset: number }
      const isFirst = !asked.includes(offset)
      asked.push(offset)
      // The list moves under the first reading, whose last page is still on its way when it is begun again.
      if (isFirst && offset === 1000) await new Promise((resolve) => setTimeout(resolve, 200))
      const from = isFirst && offset === 500 ? 499 : offset
      return { json: { transactions: rows.slice(from, offset + 500), total_transactions } }
    })
    const read = await plaidOn(fake).plaid.transactions('item1', '2026-11-01', '2026-11-30')
    expect(read).toHaveLength(1500)
    expect(asked.filter((offset) => offset === 1000)).toHaveLength(2)
  })

  it.each([
    ['does not wait half a minute to begin', [30_000], 'PLAID_RATE_LIMITED'],
    ['waits half a minute to go on: the pages so far would be lost', [0, 30_000], 'CANCELLED'],
  ])('%s', async (_what, waits, code) => {
    fake.on('/transactions/get', { json: { transactions: [coffee], total_transactions: 2 } })
    const budget = { take: async () => waits.shift() ?? 0 }
    const reading = plaidOn(fake, { budget }).plaid.transactions(
      'item1',
      '2026-11-01',
      '2026-11-30',
      AbortSignal.timeout(150),
    )
    await expect(reading).rejects.toMatchObject({ code })
  })
})
