import * as fc from 'fast-check'
import type { Account, InvestmentTransaction, Transaction } from '../../src/model.ts'
import { type FlowRow, rowsOf } from '../../src/snapshot/row.ts'
import { addDays } from '../../src/snapshot/window.ts'
import { account, category, investment, looksLike, transaction } from './build.ts'

/** A household of two banks, a card each, a loan and a brokerage. */
export const household: readonly Account[] = [
  account('checking', 'depository', { itemId: 'bank-a' }),
  account('savings', 'depository', { itemId: 'bank-b' }),
  account('card', 'credit', { itemId: 'bank-a' }),
  account('visa', 'credit', { itemId: 'bank-b' }),
  account('mortgage', 'loan', { itemId: 'bank-b' }),
  account('brokerage', 'investment', { itemId: 'broker' }),
  account('twin', 'depository', { itemId: 'broker', sameAs: 'checking' }),
]

export const firstDay = '2026-10-20'
export const month = { from: '2026-11-01', to: '2026-11-30', days: 30, time_zone: 'UTC' }
export const wide = { from: '2026-10-01', to: '2026-12-31', days: 92, time_zone: 'UTC' }

export interface Movements {
  readonly transactions: Transaction[]
  readonly investments: InvestmentTransaction[]
}

/** Few amounts and few days, so that equal ones meet. */
const amount = fc.constantFrom(100, 250, 999)
const day = fc.integer({ min: 0, max: 50 }).map((n) => addDays(firstDay, n))
const lag = fc.integer({ min: -1, max: 4 })

const look = fc.constantFrom<Partial<Transaction>>(
  {},
  {},
  { merchant: 'Outdoor Shop' },
  { name: 'Transfer' },
  { name: 'Payment thank you' },
  { category: category('GENERAL_MERCHANDISE', 'OTHER', 'LOW') },
  ...Object.values(looksLike),
)

/** Any row on any account: no story, every combination. */
const anyRow = fc
  .record({
    accountId: fc.constantFrom(...household.map(({ accountId }) => accountId)),
    date: day,
    amount,
    out: fc.boolean(),
    look,
    pending: fc.boolean(),
    currency: fc.constantFrom('USD', 'USD', 'USD', 'CAD', 'BTC'),
  })
  .map(({ accountId, date, amount, out, look, pending, currency }) =>
    transaction(accountId, date, out ? -amount : amount, { ...look, pending, currency }),
  )

/** What brokers call it: Plaid's type and subtype, and whether it takes cash out. */
const bookings = fc.constantFrom(
  { type: 'cash', subtype: 'deposit', out: false },
  { type: 'cash', subtype: 'withdrawal', out: true },
  { type: 'cash', subtype: 'dividend', out: false },
  { type: 'cash', subtype: 'interest', out: false },
  { type: 'fee', subtype: 'management fee', out: true },
  { type: 'buy', subtype: 'dividend reinvestment', out: true },
)

const anyInvestment = fc
  .record({ date: day, amount, booking: bookings, currency: fc.constantFrom('USD', 'USD', 'CAD') })
  .map(({ date, amount, booking: { out, ...words }, currency }) =>
    investment('brokerage', date, out ? -amount : amount, { ...words, currency }),
  )

export const anyMovements: fc.Arbitrary<Movements> = fc.record({
  transactions: fc.array(anyRow, { maxLength: 40 }),
  investments: fc.array(anyInvestment, { maxLength: 6 }),
})

/** One thing that happens in a closed household, with both of its sides. */
export interface Happening {
  readonly kind:
    | 'purchase'
    | 'salary'
    | 'refund'
    | 'transfer'
    | 'cardPayment'
    | 'contribution'
    | 'loanPayment'
  readonly from: string
  readonly to: string
  readonly date: string
  readonly lag: number
  readonly amount: number
}

export const happening: fc.Arbitrary<Happening> = fc
  .record({
    kind: fc.constantFrom<Happening['kind'][]>(
      'purchase',
      'salary',
      'refund',
      'transfer',
      'cardPayment',
      'contribution',
      'loanPayment',
    ),
    swap: fc.boolean(),
    date: day,
    lag,
    amount,
  })
  .map(({ kind, swap, ...rest }) => ({ kind, ...ends[kind](swap), ...rest }))

const ends: Record<Happening['kind'], (swap: boolean) => { from: string; to: string }> = {
  purchase: (swap) => ({ from: swap ? 'checking' : 'card', to: 'shop' }),
  salary: (swap) => ({ from: 'work', to: swap ? 'checking' : 'savings' }),
  refund: (swap) => ({ from: 'shop', to: swap ? 'visa' : 'card' }),
  transfer: (swap) => (swap ? { from: 'savings', to: 'checking' } : { from: 'checking', to: 'savings' }),
  cardPayment: (swap) => ({ from: 'checking', to: swap ? 'card' : 'visa' }),
  contribution: (swap) => ({ from: swap ? 'checking' : 'savings', to: 'brokerage' }),
  loanPayment: () => ({ from: 'checking', to: 'mortgage' }),
}

const looksOf: Record<Happening['kind'], { out: Partial<Transaction>; in: Partial<Transaction> }> = {
  purchase: { out: looksLike.groceries, in: {} },
  salary: { out: {}, in: looksLike.salary },
  refund: { out: {}, in: {} },
  transfer: { out: looksLike.transferOut, in: { name: 'Transfer from own account' } },
  cardPayment: { out: looksLike.cardPayment, in: { name: 'PAYMENT THANK YOU' } },
  contribution: { out: looksLike.transferOut, in: {} },
  loanPayment: { out: looksLike.loanPayment, in: {} },
}

/** What the banks show of it; a side that is not connected shows nothing. */
export function shown(happenings: readonly Happening[]): Movements {
  const transactions: Transaction[] = []
  const investments: InvestmentTransaction[] = []
  for (const { kind, from, to, date, lag, amount } of happenings) {
    const arrives = addDays(date, lag)
    if (isConnected(from)) transactions.push(transaction(from, date, -amount, looksOf[kind].out))
    if (to === 'brokerage') investments.push(investment(to, arrives, amount))
    else if (isConnected(to)) transactions.push(transaction(to, arrives, amount, looksOf[kind].in))
  }
  return { transactions, investments }
}

function isConnected(accountId: string): boolean {
  return household.some((known) => known.accountId === accountId)
}

export function rowsIn({ transactions, investments }: Movements): FlowRow[] {
  return rowsOf(transactions, investments, household)
}
