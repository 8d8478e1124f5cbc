import { describe, expect, it } from 'vitest'
import { categoryOf, guessOf } from '../../src/simulator/category.ts'
import { customUserFile, hasPlaidFiles } from './conformity.ts'

/** Plaid's second taxonomy has these primaries and no others. */
const primaries = new Set(
  `INCOME LOAN_DISBURSEMENTS LOAN_PAYMENTS TRANSFER_IN TRANSFER_OUT BANK_FEES ENTERTAINMENT FOOD_AND_DRINK
  GENERAL_MERCHANDISE HOME_IMPROVEMENT MEDICAL PERSONAL_CARE GENERAL_SERVICES GOVERNMENT_AND_NON_PROFIT
  TRANSPORTATION TRAVEL RENT_AND_UTILITIES OTHER`.split(/\s+/),
)

describe('what a text is about', () => {
  it.each([
    ['MONTHLY PAYCHECK', -2000, 'INCOME_SALARY', null],
    ['Plaid Direct Dep', -2000, 'INCOME_SALARY', null],
    ['INTRST PYMNT', -4.2, 'INCOME_INTEREST_EARNED', null],
    ['Uber Payout', -80, 'INCOME_GIG_ECONOMY', null],
    ['Uber 063015 SF**POOL**', 5.4, 'TRANSPORTATION_TAXIS_AND_RIDE_SHARES', 'Uber'],
    ['UBER   EATSDebit Card Purchase', 20, 'FOOD_AND_DRINK_RESTAURANT', 'Uber Eats'],
    ['United Airlines **** REFUND ****', -500, 'TRAVEL_FLIGHTS', 'United Airlines'],
    ['CREDIT CARD 3333 PAYMENT *//', 25, 'LOAN_PAYMENTS_CREDIT_CARD_PAYMENT', null],
    ['AUTOMATIC PAYMENT - THANK', 2078.5, 'LOAN_PAYMENTS_CREDIT_CARD_PAYMENT', null],
    ['Auto Loan Payment', 300, 'LOAN_PAYMENTS_CAR_PAYMENT', null],
    ['Student Loan Repayment', 300, 'LOAN_PAYMENTS_STUDENT_LOAN_PAYMENT', null],
    ['Monthly Rent Payment', 1200, 'RENT_AND_UTILITIES_RENT', null],
    ['Overdraft fee', 5, 'BANK_FEES_OVERDRAFT_FEES', null],
    ['Withdrawal Debit Card STARBUCKS 012-012-0123 WA', 5, 'FOOD_AND_DRINK_COFFEE', 'Starbucks'],
    ['Whole Foods Market', 50, 'FOOD_AND_DRINK_GROCERIES', 'Whole Foods Market'],
    ['ZELLE PAYMENT TO JO', 50, 'TRANSFER_OUT_TRANSFER_OUT_FROM_APPS', null],
    ['ZELLE FROM JO', -50, 'TRANSFER_IN_TRANSFER_IN_FROM_APPS', null],
  ])('%s (%d) is %s', (text, amount, detailed, merchant) => {
    const guess = guessOf(text, amount)
    expect([guess.category.detailed, guess.merchant]).toEqual([detailed, merchant])
  })

  it('a text that says nothing is OTHER, and not surely so', () => {
    expect(guessOf('Tectra Inc', 500)).toEqual({
      category: {
        primary: 'OTHER',
        detailed: 'OTHER_OTHER',
        confidence_level: 'LOW',
        version: 'v2',
      },
      merchant: null,
    })
  })

  it('earning words mean nothing where money goes out', () => {
    expect(guessOf('Payroll', 100).category.primary).toBe('OTHER')
  })

  it('the detail repeats the primary', () => {
    expect(categoryOf('TRAVEL', 'LODGING', 'HIGH').detailed).toBe('TRAVEL_LODGING')
  })
})

describe.skipIf(!hasPlaidFiles)("texts of Plaid's own users (skipped without the files)", () => {
  const text = hasPlaidFiles ? customUserFile('assets_custom_user2') : '{}'
  const found = [...text.matchAll(/"description": *"([^"]+)"/g)].map((match) => match[1] ?? '')
  const guesses = found.map((each) => guessOf(each, 10).category)

  it('all fall into the taxonomy, and most are known', () => {
    expect(guesses.length).toBeGreaterThan(80)
    expect(guesses.filter(({ primary }) => !primaries.has(primary))).toEqual([])
    const unknown = guesses.filter(({ primary }) => primary === 'OTHER')
    expect(unknown.length / guesses.length).toBeLessThan(0.1)
  })
})
