import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessToken, type Fake, plaidError, plaidOn, startFake } from './fake-plaid.ts'

let fake: Fake
beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})

const account = (account_id: string, iso_currency_code: string | null = 'USD') => ({
  account_id,
  balances: { current: 1, iso_currency_code, unofficial_currency_code: null },
})
const card = {
  account_id: 'card1',
  aprs: [
    { apr_type: 'cash_apr', apr_percentage: 29.49 },
    { apr_type: 'purchase_apr', apr_percentage: 21.24 },
  ],
  is_overdue: false,
  last_statement_balance: 1_042.1,
  last_statement_issue_date: '2026-11-30',
  minimum_payment_amount: 35,
  next_payment_due_date: '2026-12-25',
}
const nothing = {
  apr: null,
  minimumPayment: null,
  nextPaymentDueOn: null,
  lastStatementBalance: null,
  lastStatementIssuedOn: null,
  isOverdue: null,
}

async function read(liabilities: unknown, accounts: unknown = [account('card1'), account('loan1')]) {
  fake.on('/liabilities/get', { json: { accounts, liabilities } })
  return await plaidOn(fake).plaid.liabilities('item1')
}

describe('liabilities', () => {
  it('of a card have the rate of purchases, and the currency of its account', async () => {
    expect(await read({ credit: [card], mortgage: null, student: null })).toEqual([
      {
        itemId: 'item1',
        accountId: 'card1',
        kind: 'credit',
        apr: '21.24',
        minimumPayment: 3_500,
        nextPaymentDueOn: '2026-12-25',
        lastStatementBalance: 104_210,
        lastStatementIssuedOn: '2026-11-30',
        isOverdue: false,
        currency: 'USD',
      },
    ])
    expect(fake.requests.at(-1)?.body).toEqual({ access_token: accessToken })
  })

  it.each([
    [
      'mortgage',
      {
        interest_rate: { percentage: 3.125, type: 'fixed' },
        next_monthly_payment: 2_037.83,
        next_payment_due_date: '2026-12-01',
        past_due_amount: 0,
      },
      {
        kind: 'mortgage',
        apr: '3.125',
        minimumPayment: 203_783,
        nextPaymentDueOn: '2026-12-01',
        isOverdue: false,
      },
    ],
    [
      'student',
      {
        interest_rate_percentage: 5,
        minimum_payment_amount: 25,
        next_payment_due_date: '2026-12-10',
        last_statement_balance: 138.05,
        is_overdue: true,
      },
      {
        kind: 'student',
        apr: '5',
        minimumPayment: 2_500,
        nextPaymentDueOn: '2026-12-10',
        lastStatementBalance: 13_805,
        isOverdue: true,
      },
    ],
    [
      'loan',
      {
        interest_rate: { percentage: 7.5 },
        next_payment_amount: 310.2,
        next_payment_due_date: '2026-12-03',
      },
      { kind: 'loan', apr: '7.5', minimumPayment: 31_020, nextPaymentDueOn: '2026-12-03' },
    ],
    [
      'line_of_credit',
      {
        interest_rate: null,
        aprs: [{ apr_type: 'purchase_apr', apr_percentage: 9.9 }],
        minimum_payment_amount: 40,
        next_payment_amount: 90,
        past_due_amount: 12.5,
        last_statement_balance: 900,
      },
      { kind: 'loan', apr: '9.9', minimumPayment: 4_000, lastStatementBalance: 90_000, isOverdue: true },
    ],
  ])('of %s', async (list, row, expected) => {
    expect(await read({ credit: null, [list]: [{ account_id: 'loan1', ...row }] })).toEqual([
      { ...nothing, itemId: 'item1', accountId: 'loan1', currency: 'USD', ...expected },
    ])
  })

  it.each(['credit', 'mortgage', 'student', 'loan', 'line_of_credit'])(
    'of %s that say nothing are there all the same',
    async (list) => {
      expect(await read({ [list]: [{ account_id: 'loan1' }] })).toMatchObject([nothing])
    },
  )

  it.each([
    ['no rate of purchases', { aprs: [{ apr_type: 'cash_apr', apr_percentage: 29 }] }, { apr: null }],
    ['no list of rates', { aprs: null }, { apr: null }],
    [
      'a rate that is no number',
      { aprs: [{ apr_type: 'purchase_apr', apr_percentage: null }] },
      { apr: null },
    ],
    ['a day that is none', { next_payment_due_date: 'soon' }, { nextPaymentDueOn: null }],
    [
      'a time for a day',
      { next_payment_due_date: '2026-12-25T00:00:00Z' },
      { nextPaymentDueOn: '2026-12-25' },
    ],
    ['an amount in words', { minimum_payment_amount: 'thirty' }, { minimumPayment: null }],
  ])('with %s', async (_what, more, expected) => {
    expect(await read({ credit: [{ ...card, ...more }] })).toMatchObject([expected])
  })

  it('are one for each account, whatever lists it is in', async () => {
    const twice = { credit: [card, { ...card, minimum_payment_amount: 1 }], loan: [{ account_id: 'card1' }] }
    expect(await read(twice)).toMatchObject([{ kind: 'credit', minimumPayment: 3_500 }])
  })

  it('leave out what names no account', async () => {
    expect(await read({ credit: [{ ...card, account_id: null }, null, 'x', card] })).toHaveLength(1)
  })

  it('guess no currency where the account is missing', async () => {
    expect(await read({ credit: [card] }, [])).toMatchObject([{ currency: 'XXX' }])
    expect(await read({ credit: [card] }, [account('card1', 'CAD')])).toMatchObject([{ currency: 'CAD' }])
  })

  it('are none where all lists are null', async () => {
    expect(await read({ credit: null, mortgage: null, student: null })).toEqual([])
  })

  it.each([undefined, null, []])('are not none because they are missing: %j', async (liabilities) => {
    await expect(read(liabilities)).rejects.toMatchObject({ code: 'PLAID_DOWN' })
  })

  it.each([
    ['NO_LIABILITY_ACCOUNTS', 'PRODUCT_UNAVAILABLE'],
    ['PRODUCTS_NOT_SUPPORTED', 'PRODUCT_UNAVAILABLE'],
    ['ADDITIONAL_CONSENT_REQUIRED', 'CONSENT_REQUIRED'],
  ])('%s is %s', async (plaidCode, code) => {
    fake.on('/liabilities/get', plaidError(plaidCode))
    await expect(plaidOn(fake).plaid.liabilities('item1')).rejects.toMatchObject({ code, plaidCode })
  })
})
