import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessToken, type Fake, plaidError, plaidOn, startFake } from './fake-plaid.ts'

const now = Date.parse('2026-11-20T10:00:00Z')
let fake: Fake
beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})

const checking = {
  account_id: 'BxBXxLj1m4HMXBm9WZZmCWVbPjX16EHwv99vp',
  balances: {
    available: 100.5,
    current: 110.1,
    limit: null,
    iso_currency_code: 'USD',
    unofficial_currency_code: null,
  },
  mask: '0000',
  name: 'Plaid Checking',
  official_name: 'Plaid Gold Standard 0% Interest Checking',
  type: 'depository',
  subtype: 'checking',
  persistent_account_id: '8cfb8beb89b774ee43b090625f0d61d0814322b43bff984eaf60386e',
  a_field_of_next_year: { deep: true },
}

async function accountsFrom(accounts: unknown) {
  fake.on('/accounts/get', { json: { accounts, item: {}, request_id: 'r' } })
  return await plaidOn(fake).plaid.accounts('item1')
}

describe('accounts', () => {
  it('are in our words and in minor units', async () => {
    expect(await accountsFrom([checking])).toEqual([
      {
        accountId: 'BxBXxLj1m4HMXBm9WZZmCWVbPjX16EHwv99vp',
        itemId: 'item1',
        name: 'Plaid Checking',
        mask: '0000',
        type: 'depository',
        subtype: 'checking',
        currency: 'USD',
        current: 11_010,
        available: 10_050,
        limit: null,
        persistentAccountId: '8cfb8beb89b774ee43b090625f0d61d0814322b43bff984eaf60386e',
        dataAsOf: null,
        sameAs: null,
      },
    ])
    expect(fake.requests.at(-1)?.body).toEqual({ access_token: accessToken })
  })

  it.each([
    ['credit', 'credit'],
    ['loan', 'loan'],
    ['investment', 'investment'],
    ['brokerage', 'investment'],
    ['payroll', 'other'],
    ['a type of next year', 'other'],
    [null, 'other'],
  ])('of type %s are %s', async (type, ours) => {
    expect(await accountsFrom([{ ...checking, type }])).toMatchObject([{ type: ours }])
  })

  it('keep the sign of a balance: what is owed on a card is positive', async () => {
    const balances = { ...checking.balances, current: 410, available: null, limit: 2000 }
    expect(await accountsFrom([{ ...checking, type: 'credit', balances }])).toMatchObject([
      { current: 41_000, available: null, limit: 200_000 },
    ])
  })

  it.each([
    [{ iso_currency_code: 'JPY', current: 1500 }, 'JPY', 1500],
    [{ iso_currency_code: null, unofficial_currency_code: 'BTC', current: 0.25 }, 'BTC', 25_000_000],
    [{ iso_currency_code: null, unofficial_currency_code: null, current: 1 }, 'XXX', 100_000_000],
    [{ iso_currency_code: '<b>', current: 1 }, 'XXX', 100_000_000],
    [{ iso_currency_code: 'USD', current: 1e300 }, 'USD', null],
    [{ iso_currency_code: 'USD', current: 'twelve' }, 'USD', null],
  ])('never guess a currency or an amount: %j', async (balances, currency, current) => {
    expect(await accountsFrom([{ ...checking, balances }])).toMatchObject([{ currency, current }])
  })

  it('are left out when they are none, and named when they have no name', async () => {
    const unnamed = { account_id: 'b', name: '\u202e', type: 'loan' }
    expect(
      await accountsFrom([null, 7, 'x', [], {}, { account_id: '' }, { account_id: '../x' }, unnamed]),
    ).toEqual([
      expect.objectContaining({
        accountId: 'b',
        name: 'loan account',
        current: null,
        currency: 'XXX',
        mask: null,
      }),
    ])
  })

  it('have clean names', async () => {
    const name = '[Pay me](http://x.example)\u202e<img>\n'
    expect(await accountsFrom([{ ...checking, name }])).toMatchObject([
      { name: '(Pay me)(http://x.example)‹img›' },
    ])
  })

  it.each([{}, null, 'none', [], [null]])(
    'are not none because the list is empty or missing: %j',
    async (accounts) => {
      await expect(accountsFrom(accounts)).rejects.toMatchObject({ code: 'PLAID_DOWN', retryable: true })
    },
  )
})

describe('liveBalances', () => {
  const plaidNow = () => plaidOn(fake, { now: () => now }).plaid

  it('are as of now, or as of when the bank says', async () => {
    const dated = { ...checking.balances, last_updated_datetime: '2026-11-19T08:00:00+01:00' }
    fake.on('/accounts/balance/get', {
      json: { accounts: [checking, { ...checking, account_id: 'b', balances: dated }] },
    })
    expect((await plaidNow().liveBalances('item1')).map(({ dataAsOf }) => dataAsOf)).toEqual([
      '2026-11-20T10:00:00.000Z',
      '2026-11-19T07:00:00.000Z',
    ])
    expect(fake.requests.at(-1)?.body).toEqual({ access_token: accessToken })
  })

  it('say how old they may be where a bank wants that', async () => {
    fake.on('/accounts/balance/get', plaidError('INVALID_FIELD'), { json: { accounts: [checking] } })
    await expect(plaidNow().liveBalances('item1')).resolves.toHaveLength(1)
    expect(fake.requests.at(-1)?.body).toEqual({
      access_token: accessToken,
      options: { min_last_updated_datetime: '2026-11-19T10:00:00.000Z' },
    })
  })

  it.each([
    ['still refused', 'INVALID_FIELD', 'PLAID_MISCONFIGURED'],
    ['too old at the bank', 'LAST_UPDATED_DATETIME_OUT_OF_RANGE', 'PRODUCT_UNAVAILABLE'],
  ])('are asked for twice at most: %s', async (_what, second, code) => {
    fake.requests.length = 0
    fake.on('/accounts/balance/get', plaidError('INVALID_FIELD'), plaidError(second))
    await expect(plaidNow().liveBalances('item1')).rejects.toMatchObject({ code })
    expect(fake.requests).toHaveLength(2)
  })
})
