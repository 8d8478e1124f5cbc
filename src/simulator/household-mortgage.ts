import { bankingDay, monthOf, monthsBetween } from './calendar.ts'
import { categoryOf } from './category.ts'

/** Cents. Plaid gives no transactions for a mortgage: only what is still owed, and its terms. */
export const mortgage = {
  principal: 38_000_000,
  percent: 3.125,
  months: 360,
  /** Interest and principal, and what the bank sets aside for taxes. */
  payment: 203_783,
  escrow: 41_000,
  originated: '2021-06-01',
  matures: '2051-06-01',
  category: categoryOf('LOAN_PAYMENTS', 'MORTGAGE_PAYMENT', 'VERY_HIGH'),
} as const

export interface MortgageState {
  /** Cents still owed. */
  readonly owed: number
  readonly lastPayment: string | null
  readonly interestThisYear: number
  readonly principalThisYear: number
}

/** The mortgage after all payments up to and including `today`: one on the first working day of each month. */
export function mortgageOn(today: string): MortgageState {
  const state = { owed: mortgage.principal, interestThisYear: 0, principalThisYear: 0 }
  let lastPayment: string | null = null
  for (const month of monthsBetween('2021-07', monthOf(today))) {
    const day = bankingDay(`${month}-01`)
    if (day > today) break
    lastPayment = day
    pay(state, month.startsWith(today.slice(0, 4)))
  }
  return { ...state, lastPayment }
}

function pay(state: { owed: number; interestThisYear: number; principalThisYear: number }, counts: boolean) {
  const interest = Math.round((state.owed * mortgage.percent) / 1200)
  const principal = mortgage.payment - mortgage.escrow - interest
  state.owed -= principal
  if (!counts) return
  state.interestThisYear += interest
  state.principalThisYear += principal
}
