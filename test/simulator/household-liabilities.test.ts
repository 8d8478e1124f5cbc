import { describe, expect, it } from 'vitest'
import { mortgageOn } from '../../src/simulator/household-mortgage.ts'
import { bankDataOf } from '../../src/simulator/login.ts'

function bankOn(today: string) {
  const login = {
    institutionId: 'ins_109508',
    username: 'user_good',
    password: 'pass_good',
    itemSeed: 'item',
  }
  return bankDataOf({ ...login, today })
}

describe('the card', () => {
  it('asks for what was bought in the last month, and says when it was last paid', () => {
    const data = bankOn('2026-11-21')
    const card = data.accounts.find(({ type }) => type === 'credit')
    const bought = data.transactions.filter(
      ({ account_id, authorized_date, name }) =>
        account_id === card?.account_id &&
        authorized_date?.startsWith('2026-10') &&
        !name.includes('THANK YOU'),
    )
    const paid = data.transactions.find(({ name }) => name === 'AUTOPAY PAYMENT - THANK YOU')
    const [liability] = data.liabilities.credit ?? []
    const statement = bought.reduce((sum, { amount }) => sum + amount, 0)
    expect(liability?.last_statement_balance).toBeCloseTo(statement, 2)
    expect(liability).toMatchObject({
      account_id: card?.account_id,
      last_statement_issue_date: '2026-10-31',
      next_payment_due_date: '2026-11-25',
      last_payment_amount: -(paid?.amount ?? 0),
      last_payment_date: paid?.date,
      is_overdue: false,
    })
  })

  it.each([
    ['2026-11-25', '2026-11-25'],
    ['2026-11-26', '2026-12-25'],
    ['2026-04-25', '2026-04-27'],
  ])('on %s the next payment is due on %s', (today, due) => {
    expect(bankOn(today).liabilities.credit?.[0]?.next_payment_due_date).toBe(due)
  })
})

describe('the mortgage', () => {
  // 380,000 at 3.125 %: a month costs 989.58 of interest at first, and 1,627.83 are paid.
  it('goes down by what is left of a payment after interest', () => {
    expect(mortgageOn('2021-06-30').owed).toBe(38_000_000)
    expect(mortgageOn('2021-07-01').owed).toBe(38_000_000 - (162_783 - 98_958))
  })

  it('is paid on the first working day', () => {
    expect(mortgageOn('2026-10-31').lastPayment).toBe('2026-10-01')
    expect(mortgageOn('2026-11-01').lastPayment).toBe('2026-10-01')
    expect(mortgageOn('2026-11-02').lastPayment).toBe('2026-11-02')
  })

  it('is paid off at the end of its term', () => {
    expect(Math.abs(mortgageOn('2051-06-30').owed)).toBeLessThan(1_000)
  })

  it('is told as its terms and what is owed, with no transactions', () => {
    const data = bankOn('2026-11-21')
    const account = data.accounts.find(({ subtype }) => subtype === 'mortgage')
    const [liability] = data.liabilities.mortgage ?? []
    expect(account?.balances.current).toBe(mortgageOn('2026-11-21').owed / 100)
    expect(data.transactions.some(({ account_id }) => account_id === account?.account_id)).toBe(false)
    expect(liability).toMatchObject({
      account_id: account?.account_id,
      last_payment_amount: 2_037.83,
      next_payment_due_date: '2026-12-01',
      interest_rate: { percentage: 3.125, type: 'fixed' },
    })
    const paid = data.transactions.filter(({ name }) => name === 'FIRST PLATYPUS MORTGAGE PMT')
    expect(paid.map(({ amount }) => amount)).toEqual(paid.map(() => 2_037.83))
    const thisYear = (liability?.ytd_interest_paid ?? 0) + (liability?.ytd_principal_paid ?? 0)
    expect(thisYear).toBeCloseTo(11 * 1_627.83, 2)
  })
})
