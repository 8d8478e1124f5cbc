import { monthOf, monthsBetween } from './calendar.ts'
import { type Entry, entriesThrough, type Household } from './household-entry.ts'

/** Minor units of one currency. Posted rows on bank and card accounts, by the month they posted in. */
export interface MonthTruth {
  readonly month: string
  readonly currency: string
  income: number
  /** Zero or less; refunds make it smaller. */
  expenses: number
  /** Each pair once, by the side that the money left. */
  transfers: number
  cardPayments: number
}

export interface TruthOptions {
  /** The days that count, both included. */
  readonly from: string
  readonly to: string
  /** Whose accounts are seen; every bank's if left out. */
  readonly institutionIds?: readonly string[]
  /** Only accounts in this one; USD if left out. */
  readonly currency?: string
}

/**
 * What a household's money really did, as its maker knows it: the yardstick for anything that works it out from
 * the rows. A move counts as one only where both of its banks are seen; else it is income or an expense, as it
 * must look from outside.
 */
export function householdTruth(household: Household, options: TruthOptions): MonthTruth[] {
  const { from, to, institutionIds, currency = 'USD' } = options
  const seen = household.accounts.filter((each) => institutionIds?.includes(each.institutionId) ?? true)
  const counted = new Set(
    seen.filter((each) => hasFlow(each.type) && (each.currency ?? 'USD') === currency).map(({ key }) => key),
  )
  const own = new Set(seen.map(({ key }) => key))
  const months = monthsBetween(monthOf(from), monthOf(to)).map((month) => ({ month, currency, ...nothing }))
  const byMonth = new Map(months.map((each) => [each.month, each]))
  for (const entry of entriesThrough(household, monthOf(to))) {
    const month = byMonth.get(monthOf(entry.posted))
    if (month === undefined || !counted.has(entry.account)) continue
    if (entry.posted >= from && entry.posted <= to) count(month, entry, own)
  }
  return months
}

const nothing = { income: 0, expenses: 0, transfers: 0, cardPayments: 0 }

function hasFlow(type: string): boolean {
  return type === 'depository' || type === 'credit'
}

function count(month: MonthTruth, { kind, cents, partner }: Entry, own: ReadonlySet<string>): void {
  const isMove = partner !== null && own.has(partner) && (kind === 'transfer' || kind === 'card_payment')
  if (isMove) {
    const left = Math.max(0, cents)
    if (kind === 'transfer') month.transfers += left
    else month.cardPayments += left
    return
  }
  const isIncome = kind === 'income' || (kind !== 'expense' && cents < 0)
  if (isIncome) month.income -= cents
  else month.expenses -= cents
}
