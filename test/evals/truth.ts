import type { AccountBase } from 'plaid'
import { z } from 'zod'
import type { BankData } from '../../src/simulator/bank-data.ts'
import { addDays, monthOf } from '../../src/simulator/calendar.ts'
import { type Entry, entriesThrough, type Household } from '../../src/simulator/household-entry.ts'
import { householdTruth, type MonthTruth } from '../../src/simulator/household-truth.ts'
import { householdOf } from '../../src/simulator/household.ts'

/** A figure as the maker of the household knows it; a span is `from` and `to`, or so many `days` to today. */
export const truth = z.strictObject({
  truth: z.enum([
    'bank_balance',
    'credit_owed',
    'loans_owed',
    'investments',
    'net_worth',
    'income',
    'expenses',
    'net',
    'transfers',
    'card_payments',
    'runway_months',
    'flow',
    'rows',
    'last_amount',
    'balance',
    'due_date',
    'statement',
    'positions',
    'largest_position',
  ]),
  days: z.number().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  currency: z.string().default('USD'),
  /** By its name at the bank. */
  account: z.string().optional(),
  merchant: z.string().optional(),
  /** Plaid's primary category. */
  category: z.string().optional(),
  /** In the text of the row. */
  text: z.string().optional(),
})
type Truth = z.output<typeof truth>

/** What the simulator shows of a household on the day that it is. */
export interface Facts {
  readonly household: Household
  /** Of the banks that are connected. */
  readonly institutionIds: readonly string[]
  readonly today: string
}

/** In major units, money out negative; days and counts as they are. */
export function truthOf(facts: Facts, asked: Truth): number | string {
  switch (asked.truth) {
    case 'income':
    case 'expenses':
    case 'net':
    case 'transfers':
    case 'card_payments':
      return monthsOf(facts, asked)[asked.truth] / 100
    case 'flow':
      return -sum(rowsOf(facts, asked).map(({ cents }) => cents)) / 100
    case 'rows':
      return rowsOf(facts, asked).length
    case 'last_amount':
      return (
        -(
          rowsOf(facts, asked)
            .toSorted((a, b) => a.posted.localeCompare(b.posted))
            .at(-1)?.cents ?? 0
        ) / 100
      )
    case 'runway_months':
      return runway(facts, asked)
    default:
      return shownBy(facts, asked)
  }
}

function monthsOf({ household, institutionIds, today }: Facts, asked: Truth) {
  const months = householdTruth(household, {
    ...spanOf(asked, today),
    institutionIds,
    currency: asked.currency,
  })
  const total = (of: (month: MonthTruth) => number) => sum(months.map(of))
  const [income, expenses] = [total((month) => month.income), total((month) => month.expenses)]
  const [transfers, card_payments] = [total((month) => month.transfers), total((month) => month.cardPayments)]
  return { income, expenses, net: income + expenses, transfers, card_payments }
}

function runway(facts: Facts, asked: Truth): number {
  const { net } = monthsOf(facts, asked)
  const { days = 30 } = asked
  const balance = Number(shownBy(facts, { ...asked, truth: 'bank_balance' }))
  // As the snapshot tells it, in hundredths of a month.
  return Math.round((balance / -((net / 100) * (30 / days))) * 100) / 100
}

/** Posted rows of bank and card accounts that fit all that is asked for. */
function rowsOf({ household, institutionIds, today }: Facts, asked: Truth): Entry[] {
  const { from, to } = spanOf(asked, today)
  const accounts = new Map(household.accounts.map((account) => [account.key, account]))
  return entriesThrough(household, monthOf(to)).filter((entry) => {
    const account = accounts.get(entry.account)
    return (
      account !== undefined &&
      institutionIds.includes(account.institutionId) &&
      ['depository', 'credit'].includes(account.type) &&
      (account.currency ?? 'USD') === asked.currency &&
      entry.posted >= from &&
      entry.posted <= to &&
      (asked.account ?? account.name) === account.name &&
      (asked.merchant ?? entry.merchant) === entry.merchant &&
      (asked.category ?? entry.category?.primary) === entry.category?.primary &&
      entry.text.toLowerCase().includes((asked.text ?? '').toLowerCase())
    )
  })
}

function spanOf({ from, to, days = 30 }: Truth, today: string) {
  return { from: from ?? addDays(to ?? today, 1 - days), to: to ?? today }
}

/** Read off what the banks show. */
function shownBy(facts: Facts, { truth: what, currency, account: name }: Truth): number | string {
  const banks = facts.institutionIds.map((institutionId) => bankOf(facts, institutionId))
  const accounts = banks
    .flatMap((bank) => bank.accounts)
    .filter(({ balances }) => balances.iso_currency_code === currency)
  const of = (type: string) => sum(accounts.filter((one) => one.type === type).map(currentOf))
  const values = banks.flatMap((bank) => bank.holdings.map(({ institution_value }) => institution_value))
  const account = () => found(accounts.find((one) => one.name === name))
  const card = () => {
    const { account_id } = account()
    const cards = banks.flatMap(({ liabilities }) => [
      ...(liabilities.credit ?? []),
      ...(liabilities.mortgage ?? []),
    ])
    return found(cards.find((one) => one.account_id === account_id))
  }
  switch (what) {
    case 'bank_balance':
      return of('depository')
    case 'credit_owed':
      return of('credit')
    case 'loans_owed':
      return of('loan')
    case 'investments':
      return of('investment')
    case 'net_worth':
      return of('depository') + of('investment') - of('credit') - of('loan')
    case 'balance':
      return currentOf(account())
    case 'due_date':
      return found(card().next_payment_due_date)
    case 'statement': {
      const found = card()
      return 'last_statement_balance' in found ? (found.last_statement_balance ?? 0) : 0
    }
    case 'positions':
      return values.length
    default:
      return Math.max(...values)
  }
}

function bankOf({ household, today }: Facts, institutionId: string): BankData {
  const login = {
    institutionId,
    username: 'user_good',
    password: 'pass_good',
    itemSeed: institutionId,
    today,
  }
  return householdOf(household, login)
}

function currentOf({ balances }: Pick<AccountBase, 'balances'>): number {
  return balances.current ?? 0
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the simulator has nothing of that name')
  return value
}
