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
const day = dayAfter(firstDay, 50)
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

function dayAfter(first: string, days: number): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: days }).map((n) => addDays(first, n))
}

/** Any row on any account: no story, every combination. */
const anyRow = (day: fc.Arbitrary<string>) =>
  fc
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
  { type: 'buy', subtype: 'dividend reinvestment', out: true, fees: -30 },
)

const anyInvestment = (day: fc.Arbitrary<string>) =>
  fc
    .record({ date: day, amount, booking: bookings, currency: fc.constantFrom('USD', 'USD', 'CAD') })
    .map(({ date, amount, booking: { out, ...words }, currency }) =>
      investment('brokerage', date, out ? -amount : amount, { ...words, currency }),
    )

function movementsOn(day: fc.Arbitrary<string>): fc.Arbitrary<Movements> {
  return fc.record({
    transactions: fc.array(anyRow(day), { maxLength: 40 }),
    investments: fc.array(anyInvestment(day), { maxLength: 6 }),
  })
}

export const anyMovements: fc.Arbitrary<Movements> = movementsOn(day)

export const leapYear = { from: '2028-01-01', to: '2028-12-31', days: 366, time_zone: 'UTC' }

/** The same over a whole year, in bursts, so that equal amounts still meet; with days before and after it. */
export const yearOfMovements: fc.Arbitrary<Movements> = movementsOn(
  fc
    .tuple(fc.constantFrom('2027-12-28', '2028-02-26', '2028-06-28', '2028-12-25'), fc.nat(9))
    .map(([first, n]) => addDays(first, n)),
)

/** Few amounts, so that equal ones meet, and now and then any other. */
const moved = fc.oneof({ arbitrary: amount, weight: 3 }, fc.integer({ min: 1, max: 500_000_000 }))

const kinds = [
  'purchase',
  'salary',
  'refund',
  'interest',
  'fee',
  'transfer',
  'cardPayment',
  'contribution',
  'withdrawal',
  'loanPayment',
] as const

/** One thing that happens in a closed household, with both of its sides. */
export interface Happening {
  readonly kind: (typeof kinds)[number]
  readonly from: string
  readonly to: string
  readonly date: string
  readonly lag: number
  readonly amount: number
  readonly told?: Told
}

/** Whose bank tells what it is; the other side is a plain row. */
type Told = 'both' | 'from' | 'to'

function happeningOf(only: readonly Happening['kind'][], told: readonly Told[]): fc.Arbitrary<Happening> {
  return fc
    .record({
      kind: fc.constantFrom(...only),
      swap: fc.boolean(),
      date: day,
      lag,
      amount: moved,
      told: fc.constantFrom(...told),
    })
    .map(({ kind, swap, ...rest }) => ({ kind, ...ends[kind](swap), ...rest }))
}

const ends: Record<Happening['kind'], (swap: boolean) => { from: string; to: string }> = {
  purchase: (swap) => ({ from: swap ? 'checking' : 'card', to: 'shop' }),
  salary: (swap) => ({ from: 'work', to: swap ? 'checking' : 'savings' }),
  refund: (swap) => ({ from: 'shop', to: swap ? 'visa' : 'card' }),
  interest: (swap) => ({ from: 'bank', to: swap ? 'checking' : 'savings' }),
  fee: (swap) => ({ from: swap ? 'checking' : 'visa', to: 'bank' }),
  transfer: (swap) => (swap ? { from: 'savings', to: 'checking' } : { from: 'checking', to: 'savings' }),
  cardPayment: (swap) => ({ from: 'checking', to: swap ? 'card' : 'visa' }),
  contribution: (swap) => ({ from: swap ? 'checking' : 'savings', to: 'brokerage' }),
  withdrawal: (swap) => ({ from: 'brokerage', to: swap ? 'checking' : 'savings' }),
  loanPayment: () => ({ from: 'checking', to: 'mortgage' }),
}

export const happening = happeningOf(kinds, ['both'])

export function happenings(
  only: readonly Happening['kind'][] = kinds,
  told: readonly Told[] = ['both'],
): fc.Arbitrary<Happening[]> {
  return fc.array(happeningOf(only, told), { maxLength: 30 })
}

type Sides = { readonly out: Partial<Transaction>; readonly in: Partial<Transaction> }

const looksOf: Record<Happening['kind'], Sides> = {
  purchase: { out: looksLike.groceries, in: {} },
  salary: { out: {}, in: looksLike.salary },
  refund: { out: {}, in: {} },
  interest: { out: {}, in: looksLike.interest },
  fee: { out: looksLike.fee, in: {} },
  transfer: { out: looksLike.transferOut, in: { name: 'Transfer from own account' } },
  cardPayment: { out: looksLike.cardPayment, in: { name: 'PAYMENT THANK YOU' } },
  contribution: { out: looksLike.transferOut, in: {} },
  withdrawal: { out: {}, in: looksLike.transferIn },
  loanPayment: { out: looksLike.loanPayment, in: {} },
}

/** What the banks show of it; a side that is not connected shows nothing. */
export function shown(happenings: readonly Happening[], currency = 'USD'): Movements {
  const sides = happenings.flatMap(({ kind, from, to, date, lag, amount, told }) => {
    const looks = looksOf[kind]
    return [
      { accountId: from, date, amount: -amount, look: told === 'to' ? {} : looks.out },
      { accountId: to, date: addDays(date, lag), amount, look: told === 'from' ? {} : looks.in },
    ]
  })
  const connected = sides.filter(({ accountId }) => isConnected(accountId))
  const [invested, banked] = [connected.filter(isInvested), connected.filter((side) => !isInvested(side))]
  return {
    transactions: banked.map(({ accountId, date, amount, look }) =>
      transaction(accountId, date, amount, { ...look, currency }),
    ),
    investments: invested.map(({ accountId, date, amount }) =>
      investment(accountId, date, amount, { subtype: amount > 0 ? 'deposit' : 'withdrawal', currency }),
    ),
  }
}

function isInvested({ accountId }: { readonly accountId: string }): boolean {
  return accountId === 'brokerage'
}

function isConnected(accountId: string): boolean {
  return household.some((known) => known.accountId === accountId)
}

export function rowsIn({ transactions, investments }: Movements): FlowRow[] {
  return rowsOf(transactions, investments, household)
}
