import { describe, expect, it } from 'vitest'
import type { BankData } from '../../src/simulator/bank-data.ts'
import { addDays } from '../../src/simulator/calendar.ts'
import { bankDataOf } from '../../src/simulator/login.ts'
import { customUserFile, deviationsOf, hasPlaidFiles } from './conformity.ts'

const today = '2026-11-21'
const files = [
  'assets_custom_user2',
  'auth_canada_custom_user',
  'bank_income_basic',
  'brokerage_custom_user',
  'credit_card_custom_user',
  'selfEmployedGiguser',
  'student_loan_custom_user',
  'transactions_checking+savings_custom_user',
]

function load(name: string, itemSeed = 'item', day = today): BankData {
  const password = customUserFile(name)
  return bankDataOf({ institutionId: 'ins_109508', username: 'user_custom', password, itemSeed, today: day })
}

/** In cents, so that the file's own sums are exact. */
function total(data: BankData, accountIndex: number): number {
  const accountId = data.accounts[accountIndex]?.account_id
  const rows = data.transactions.filter(({ account_id }) => account_id === accountId)
  return rows.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0)
}

function facts(data: BankData) {
  return data.accounts.map(({ type, subtype, balances, mask, name }) => {
    const { current, available, limit } = balances
    return { type, subtype, current, available, limit, mask, name }
  })
}

describe.skipIf(!hasPlaidFiles)("Plaid's own custom users (skipped without the files)", () => {
  it.each(files)('%s shows only what Plaid could show', (name) => {
    expect(deviationsOf(load(name))).toEqual([])
  })

  it.each(files)('%s: the same rows for one Item, other ids for a second', (name) => {
    expect(load(name)).toEqual(load(name))
    const ids = (seed: string) => load(name, seed).accounts.map(({ account_id }) => account_id)
    expect(ids('one').filter((id) => ids('other').includes(id))).toEqual([])
  })

  const dated = files.filter((name) => !/student_loan|auth_canada/.test(name))
  it.each(dated)('%s: its newest day is yesterday, whatever the clock', (name) => {
    for (const day of ['2024-02-29', today, '2031-01-01']) {
      const { transactions, holdings } = load(name, 'item', day)
      const priced = holdings.map((holding) => holding.institution_price_as_of ?? '')
      const newest = transactions.length > 0 ? transactions.map(({ date }) => date) : priced
      expect(newest.toSorted().at(-1)).toBe(addDays(day, -1))
      expect(transactions.some(({ pending }) => pending)).toBe(false)
    }
  })

  it('the Canadian one: two accounts with the ends of their numbers', () => {
    expect(facts(load('auth_canada_custom_user'))).toEqual([
      bank('checking', 6543.23, '0000', 'Plaid Checking'),
      bank('savings', 275649.12, '2222', 'Plaid Savings'),
    ])
  })

  it('the card: its balances, five rows and three rates', () => {
    const data = load('credit_card_custom_user')
    expect(facts(data)).toEqual([
      {
        type: 'credit',
        subtype: 'credit card',
        current: 1245.67,
        available: 8754.33,
        limit: 10_000,
        mask: '0000',
        name: 'Plaid Credit Card',
      },
    ])
    // 87.43 + 156.89 + 45 + 1200 + 23.50
    expect(total(data, 0)).toBe(151_282)
    expect(data.transactions.map(({ amount }) => amount)).toEqual([87.43, 156.89, 45, 1200, 23.5])
    const gaps = data.transactions.map(({ date }) => date)
    expect(gaps).toEqual(['2026-11-20', '2026-11-18', '2026-11-16', '2026-11-14', '2026-11-12'])
    expect(data.liabilities.credit).toMatchObject([
      {
        account_id: data.accounts[0]?.account_id,
        last_payment_amount: 250,
        minimum_payment_amount: 35,
        is_overdue: false,
        aprs: [
          { apr_type: 'purchase_apr', apr_percentage: 16.99 },
          { apr_type: 'cash_apr', apr_percentage: 24.99 },
          { apr_type: 'balance_transfer_apr', apr_percentage: 18.99 },
          { apr_type: 'special', apr_percentage: 0 },
        ],
      },
    ])
  })

  it('checking and savings: two rows each', () => {
    const data = load('transactions_checking+savings_custom_user')
    expect(facts(data)).toEqual([
      bank('checking', 110, '0000', 'Plaid Checking'),
      bank('savings', 210, '1111', 'Plaid Savings'),
    ])
    expect([total(data, 0), total(data, 1)]).toEqual([39_834 + 110_901, 89_665 + 170_812])
  })

  it('the one with assets: four accounts, 84 rows, a loan and a card', () => {
    const data = load('assets_custom_user2')
    expect(facts(data)).toEqual([
      bank('savings', 210, '0000', 'Plaid Savings'),
      bank('checking', 4300, '1111', 'Plaid Checking'),
      {
        type: 'loan',
        subtype: 'student',
        current: 10_000,
        available: null,
        limit: null,
        mask: '2222',
        name: 'Plaid Student',
      },
      {
        type: 'credit',
        subtype: 'credit card',
        current: 10_000,
        available: null,
        limit: null,
        mask: '3333',
        name: 'Plaid Credit Card',
      },
    ])
    expect(data.transactions).toHaveLength(84)
    expect([total(data, 0), total(data, 1)]).toEqual([89_665 + 170_812, -262_327])
    expect(data.liabilities.credit).toHaveLength(1)
    expect(data.liabilities.student).toHaveLength(1)
    expect(data.liabilities.mortgage).toBeNull()
  })

  it('the employee and the gig worker: every row, no row authorized after it posted', () => {
    const [employee, gig] = [load('bank_income_basic'), load('selfEmployedGiguser')]
    expect([employee.transactions.length, total(employee, 0)]).toEqual([74, -515_271])
    expect([gig.transactions.length, total(gig, 0)]).toEqual([34, -1_898_776])
    expect(facts(gig)).toEqual([bank('savings', 30_000, '0000', 'Plaid Savings')])
    const rows = [...employee.transactions, ...gig.transactions]
    expect(rows.filter(({ authorized_date, date }) => (authorized_date ?? '') > date)).toEqual([])
  })

  it('the student: what was borrowed, and what a month costs', () => {
    const data = load('student_loan_custom_user')
    expect(data.accounts[0]?.balances.current).toBe(45_123)
    // 45,123 at 4.23 % / 12 over 120 months
    expect(data.liabilities.student).toMatchObject([
      {
        interest_rate_percentage: 4.23,
        guarantor: 'DEPT OF ED',
        loan_name: 'Plaid Student Loan',
        origination_date: '2022-01-01',
        expected_payoff_date: '2033-01-01',
        minimum_payment_amount: 461.8,
        loan_status: { type: 'repayment' },
      },
    ])
  })
})

describe.skipIf(!hasPlaidFiles)('the brokerage user (skipped without the files)', () => {
  const data = hasPlaidFiles ? load('brokerage_custom_user') : undefined
  const holdings = data?.holdings ?? []
  const tickerOf = new Map(data?.securities.map((each) => [each.security_id, each.ticker_symbol]))
  const held = (ticker: string) => holdings.find(({ security_id }) => tickerOf.get(security_id) === ticker)

  it('has the balance of the file, not the sum of its holdings', () => {
    expect(data?.accounts[0]?.balances).toMatchObject({ current: 120, available: 120 })
  })

  it('has all eighteen holdings', () => {
    const tickers = holdings.map(({ security_id }) => tickerOf.get(security_id))
    expect(tickers.join(' ')).toBe(
      'AAPL PAGP GOOGL CHD AMZN TDY CUR:BTC AMC BIO F TSLA GPRO PAYX XEL MRNA D T F241108C00005000',
    )
  })

  it('values each by quantity and price, in the currency that the file says', () => {
    expect(held('AAPL')).toMatchObject({ institution_value: 1684.8, cost_basis: null })
    expect(held('TDY')).toMatchObject({ institution_value: 1849.1, cost_basis: 29.36 })
    // 0.00293644 x 19,999.54 = 58.7274...
    expect(held('CUR:BTC')).toMatchObject({
      quantity: 0.00293644,
      institution_value: 58.73,
      iso_currency_code: 'USD',
      unofficial_currency_code: null,
    })
  })

  it('says what each is', () => {
    const kinds = new Map(data?.securities.map(({ ticker_symbol, type }) => [ticker_symbol, type]))
    expect([kinds.get('CUR:BTC'), kinds.get('AAPL')]).toEqual(['cryptocurrency', 'equity'])
    const option = data?.securities.find(({ type }) => type === 'derivative')
    expect(option?.option_contract).toEqual({
      contract_type: 'call',
      expiration_date: '2024-11-08',
      strike_price: 5,
      underlying_security_ticker: 'F',
    })
  })

  it('has eighteen bookings with their fees', () => {
    const bookings = data?.investmentTransactions ?? []
    expect(bookings).toHaveLength(18)
    const amounts = bookings.map(({ type, amount }) => `${type} ${amount}`)
    // 10 x 10 + 20; 160 x 121.45 + 20; a fee of 4; 12 x 125.98 + 6.55
    for (const one of ['buy 120', 'buy 19452', 'fee 4', 'transfer 1518.31']) expect(amounts).toContain(one)
    const known = new Set(data?.securities.map(({ security_id }) => security_id))
    expect(bookings.every(({ security_id }) => known.has(security_id ?? ''))).toBe(true)
  })
})

function bank(subtype: string, balance: number, mask: string, name: string) {
  return { type: 'depository', subtype, current: balance, available: balance, limit: null, mask, name }
}
