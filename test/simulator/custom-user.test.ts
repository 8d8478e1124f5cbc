import { describe, expect, it } from 'vitest'
import type { BankData } from '../../src/simulator/bank-data.ts'
import { PlaidFailure } from '../../src/simulator/failure.ts'
import { bankDataOf } from '../../src/simulator/login.ts'

const today = '2026-11-21'

function load(file: unknown): BankData {
  const password = typeof file === 'string' ? file : JSON.stringify(file)
  const login = { institutionId: 'ins_109508', username: 'user_custom', itemSeed: 'item', today }
  return bankDataOf({ ...login, password })
}

function refusalOf(file: unknown): string {
  try {
    load(file)
  } catch (error) {
    if (error instanceof PlaidFailure) return error.body.error_code
  }
  return 'let in'
}

const checking = { type: 'depository', subtype: 'checking' }

function oneAccount(fields: object): BankData {
  return load({ override_accounts: [{ ...checking, ...fields }] })
}

function row(date_transacted: string, date_posted: string, amount = 1) {
  return { date_transacted, date_posted, amount, description: 'Shop', currency: 'USD' }
}

describe('a file that Plaid would not take', () => {
  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no accounts', {}],
    ['an empty list', { override_accounts: [] }],
    ['a type that there is not', { override_accounts: [{ type: 'piggy bank', subtype: 'checking' }] }],
    ['a subtype of another type', { override_accounts: [{ type: 'credit', subtype: 'checking' }] }],
    ['an amount in words', { override_accounts: [{ ...checking, starting_balance: 'much' }] }],
    [
      'a day that there is not',
      { override_accounts: [{ ...checking, transactions: [row('2026-02-30', '2026-03-01')] }] },
    ],
    ['eleven accounts', { override_accounts: Array.from({ length: 11 }, () => checking) }],
  ])('%s', (_name, file) => {
    expect(refusalOf(file)).toBe('INVALID_CREDENTIALS')
  })

  it('one that asks for an error', () => {
    expect(refusalOf({ override_accounts: [checking], force_error: 'ITEM_LOCKED' })).toBe('ITEM_LOCKED')
    expect(refusalOf({ override_accounts: [checking], force_error: 'NO_SUCH_CODE' })).toBe('let in')
  })
})

describe('accounts', () => {
  it('payroll is no account', () => {
    const { accounts } = load({ override_accounts: [{ type: 'payroll', subtype: 'payroll' }, checking] })
    expect(accounts.map(({ subtype }) => subtype)).toEqual(['checking'])
  })

  it.each([
    [{ starting_balance: 50 }, { current: 50, available: 50 }],
    [
      { starting_balance: 50, force_available_balance: 20 },
      { current: 50, available: 20 },
    ],
    [
      { starting_balance: 50, has_null_available_balance: true },
      { current: 50, available: null },
    ],
    [
      { starting_balance: -5, currency: 'CAD' },
      { current: -5, iso_currency_code: 'CAD' },
    ],
    [{ currency: 'BTC' }, { iso_currency_code: null, unofficial_currency_code: 'BTC' }],
  ])('%j has %j', (fields, balances) => {
    expect(oneAccount(fields).accounts[0]?.balances).toMatchObject(balances)
  })

  it.each([
    [{}, '0000'],
    [{ numbers: { account: '00001234' } }, '1234'],
    [{ numbers: { account: '00001234' }, meta: { mask: '99' } }, '99'],
  ])('%j ends in %s', (fields, mask) => {
    expect(oneAccount(fields).accounts[0]?.mask).toBe(mask)
  })

  it('a card without a forced balance has what its limit leaves', () => {
    const card = { type: 'credit', subtype: 'credit card', starting_balance: 300.1, meta: { limit: 1000 } }
    const { accounts } = load({ override_accounts: [card] })
    expect(accounts[0]?.balances).toMatchObject({ current: 300.1, available: 699.9, limit: 1000 })
  })

  it('an investment account without a balance is worth its holdings', () => {
    const holding = { institution_price: 2.5, quantity: 3, security: { ticker_symbol: 'XYZ' } }
    const account = { type: 'investment', subtype: 'ira', holdings: [holding, holding] }
    const { accounts, securities } = load({ override_accounts: [account] })
    expect(accounts[0]?.balances.current).toBe(15)
    expect(securities).toHaveLength(1)
  })
})

describe('days', () => {
  it('rows that happened and will post stay pending, and no day is moved', () => {
    const { transactions } = oneAccount({
      transactions: [row('2026-11-20', '2026-11-23'), row('2026-11-01', '2026-11-02')],
    })
    expect(transactions.map(({ date, pending }) => [date, pending])).toEqual([
      ['2026-11-20', true],
      ['2026-11-02', false],
    ])
  })

  it('of several accounts move together', () => {
    const { transactions } = load({
      override_accounts: [
        { ...checking, transactions: [row('2020-01-09', '2020-01-10')] },
        { type: 'depository', subtype: 'savings', transactions: [row('2019-12-31', '2019-12-31')] },
      ],
    })
    expect(transactions.map(({ date }) => date)).toEqual(['2026-11-20', '2026-11-10'])
  })
})

describe('investments', () => {
  const security = { isin: 'XX0000000001', currency: 'USD' }
  const booking = { date: '2026-01-02', name: 'x', quantity: 4, price: 10, fees: 1, security }

  it.each([
    ['buy', 41, 4, 'buy'],
    ['sell', -39, -4, 'sell'],
    ['cash', 41, 4, 'withdrawal'],
    ['fee', 1, 4, 'miscellaneous fee'],
    ['transfer', 41, 4, 'transfer'],
  ])('%s costs %d for %d', (type, amount, quantity, subtype) => {
    const bookings = [{ ...booking, type }]
    const account = { type: 'investment', subtype: 'brokerage', investment_transactions: bookings }
    const { investmentTransactions } = load({ override_accounts: [account] })
    expect(investmentTransactions).toMatchObject([{ amount, quantity, subtype, date: '2026-11-20' }])
  })

  it('a coin held in itself has no ISO currency; a short position is below zero', () => {
    const coin = {
      institution_price: 1,
      quantity: 2,
      currency: 'ETH',
      security: { ticker_symbol: 'CUR:ETH' },
    }
    const short = { institution_price: 8, quantity: -5, security: { ticker_symbol: 'F' } }
    const account = { type: 'investment', subtype: 'brokerage', holdings: [coin, short] }
    const { holdings } = load({ override_accounts: [account] })
    expect(holdings).toMatchObject([
      { iso_currency_code: null, unofficial_currency_code: 'ETH', institution_price_as_of: null },
      { quantity: -5, institution_value: -40, iso_currency_code: 'USD' },
    ])
  })
})

describe('debts', () => {
  it('a mortgage with its rate', () => {
    const liability = {
      type: 'mortgage',
      principal: 200_000,
      nominal_apr: 4.5,
      origination_date: '2020-05-01',
    }
    const data = load({ override_accounts: [{ type: 'loan', subtype: 'mortgage', liability }] })
    expect(data.accounts[0]?.balances.current).toBe(200_000)
    expect(data.liabilities).toMatchObject({
      credit: null,
      student: null,
      mortgage: [{ interest_rate: { percentage: 4.5 }, origination_date: '2020-05-01' }],
    })
  })

  it.each([
    [12, 'in grace', 833.33],
    [0, 'repayment', 833.33],
  ])('a student loan without interest, %d months before repayment: %s', (pause, type, payment) => {
    const repayment_model = { type: 'standard', non_repayment_months: pause, repayment_months: 12 }
    const liability = {
      type: 'student',
      principal: 10_000,
      nominal_apr: 0,
      origination_date: '2026-10-31',
      repayment_model,
    }
    const data = load({ override_accounts: [{ type: 'loan', subtype: 'student', liability }] })
    expect(data.liabilities.student).toMatchObject([
      { loan_status: { type }, minimum_payment_amount: payment },
    ])
  })
})
