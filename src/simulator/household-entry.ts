import type { AccountBase, PersonalFinanceCategory } from 'plaid'
import { monthsBetween } from './calendar.ts'
import type { Plain } from './shapes.ts'

export interface HouseholdAccount {
  readonly key: string
  readonly institutionId: string
  readonly name: string
  readonly officialName: string
  readonly mask: string
  readonly type: Plain<AccountBase['type']>
  readonly subtype: Plain<AccountBase['subtype']>
  /** Cents, before the first entry; owed on a card. */
  readonly opening: number
  /** Cents. */
  readonly limit?: number
}

/** What an entry is in truth, whatever its text looks like. A refund is a negative expense. */
export type EntryKind = 'income' | 'expense' | 'transfer' | 'card_payment'

/** One booking on one account. Days are absolute, so that it stays the same as time passes. */
export interface Entry {
  /** Unique within the household. */
  readonly key: string
  readonly account: string
  /** Pending from `happened` until `posted`; where both are the same it never was. */
  readonly happened: string
  readonly posted: string
  /** Plaid's sign: positive = money out of the account, or owed on a card. */
  readonly cents: number
  /** What a pending row shows, where the final sum is not known yet (a tip). */
  readonly pendingCents?: number
  readonly text: string
  readonly merchant: string | null
  readonly category: Plain<PersonalFinanceCategory>
  readonly kind: EntryKind
  /** The household's own account on the other side. */
  readonly partner: string | null
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
