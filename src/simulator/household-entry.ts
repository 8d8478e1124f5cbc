import type { AccountBase, PersonalFinanceCategory } from 'plaid'
import { monthsBetween } from './calendar.ts'
import type { PortfolioPlan } from './household-portfolio-plan.ts'
import type { Plain } from './shapes.ts'

export interface HouseholdAccount {
  readonly key: string
  readonly institutionId: string
  readonly name: string
  readonly officialName: string
  readonly mask: string
  readonly type: Plain<AccountBase['type']>
  readonly subtype: Plain<AccountBase['subtype']>
  /** USD if left out. */
  readonly currency?: string
  /** Minor units of the account's currency, before the first entry; owed on a card or a student loan. */
  readonly opening: number
  /** Minor units. */
  readonly limit?: number
  /** Of an investment account. */
  readonly portfolio?: PortfolioPlan
}

/**
 * What an entry is in truth, whatever its text looks like. A refund is a negative expense. An exchange is own
 * money turned into another currency: there it comes in, here it goes out.
 */
export type EntryKind = 'income' | 'expense' | 'transfer' | 'card_payment' | 'loan_payment' | 'exchange'

/** One booking on one account. Days are absolute, so that it stays the same as time passes. */
export interface Entry {
  /** Unique within the household. */
  readonly key: string
  readonly account: string
  /** Pending from `happened` until `posted`; where both are the same it never was. */
  readonly happened: string
  readonly posted: string
  /** Minor units of the account's currency. Plaid's sign: positive = money out of the account, or owed on a card. */
  readonly cents: number
  /** What a pending row shows, where the final sum is not known yet (a tip). */
  readonly pendingCents?: number
  readonly text: string
  readonly merchant: string | null
  /** null where Plaid makes nothing of the text. */
  readonly category: Plain<PersonalFinanceCategory> | null
  readonly kind: EntryKind
  /** The household's own account on the other side, and the row there: an entry, or a booking of a portfolio. */
  readonly partner: string | null
  readonly partnerKey: string | null
}

/** Made-up people, and what they do with their money month after month. */
export interface Household {
  readonly accounts: readonly HouseholdAccount[]
  /** What happens in a month; some of it answers to what happened in the month before. */
  entriesIn(month: string, lastMonth: readonly Entry[]): Entry[]
}

/** When the accounts begin; no clock of ours stands before it. */
export const firstMonth = '2024-01'

/** All that happens from the first month to the end of the given one. */
export function entriesThrough(household: Household, last: string): Entry[] {
  const entries: Entry[] = []
  let lastMonth: readonly Entry[] = []
  for (const month of monthsBetween(firstMonth, last)) {
    lastMonth = household.entriesIn(month, lastMonth)
    entries.push(...lastMonth)
  }
  return entries
}
