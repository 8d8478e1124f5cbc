import { monthOf, monthsBetween } from './calendar.ts'
import { type Entry, entriesThrough } from './household-entry.ts'
import { family } from './household-family.ts'
import { familyAccounts } from './household-family-accounts.ts'

/** Cents. Posted rows on bank and card accounts, by the month they posted in. */
export interface MonthTruth {
  readonly month: string
  income: number
  /** Zero or less; refunds make it smaller. */
  expenses: number
  /** Each pair once, by the side that the money left. */
  transfers: number
  cardPayments: number
}

/**
 * What the family's money really did from one day to another, both included, as its maker knows it: the
 * yardstick for anything that works it out from the rows. A move counts as one only where both of its
 * banks are among `institutionIds`; else it is income or an expense, as it must look from outside.
 */
export function householdTruth(
  seed: string,
  from: string,
  to: string,
  institutionIds: readonly string[] = familyAccounts.map(({ institutionId }) => institutionId),
): MonthTruth[] {
  const seen = new Set(
    familyAccounts.filter((each) => institutionIds.includes(each.institutionId)).map(({ key }) => key),
  )
  const months = monthsBetween(monthOf(from), monthOf(to)).map((month) => ({ month, ...nothing }))
  const byMonth = new Map(months.map((each) => [each.month, each]))
  for (const entry of entriesThrough(family(seed), monthOf(to))) {
    const month = byMonth.get(monthOf(entry.posted))
    if (month === undefined || !seen.has(entry.account)) continue
    if (entry.posted >= from && entry.posted <= to) count(month, entry, seen)
  }
  return months
}

const nothing = { income: 0, expenses: 0, transfers: 0, cardPayments: 0 }

function count(month: MonthTruth, { kind, cents, partner }: Entry, seen: ReadonlySet<string>): void {
  const isPair = partner !== null && seen.has(partner)
  if (isPair) {
    const left = Math.max(0, cents)
    if (kind === 'transfer') month.transfers += left
    else month.cardPayments += left
    return
  }
  const isIncome = kind === 'income' || (kind !== 'expense' && cents < 0)
  if (isIncome) month.income -= cents
  else month.expenses -= cents
}
