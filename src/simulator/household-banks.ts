import { addDays } from './calendar.ts'
import { crossBorder } from './household-cross-border.ts'
import { crossBorderAccounts } from './household-cross-border-accounts.ts'
import { firstMonth, type Household, type HouseholdAccount } from './household-entry.ts'
import { family } from './household-family.ts'
import { familyAccounts } from './household-family-accounts.ts'
import { freelancer } from './household-freelancer.ts'
import { freelancerAccounts } from './household-freelancer-accounts.ts'
import { smallHousehold, smallHouseholdWithCard } from './household-small.ts'

/** What banks do differently. */
export interface BankTraits {
  /** The first day that it still shows on a day; how much of it a client asked for is Plaid's to cut. */
  readonly firstDay: (today: string) => string
  readonly showsPending: boolean
  /** Plaid can name an account the same through every login where the bank gives out account tokens. */
  readonly hasPersistentIds: boolean
  readonly offersCards: boolean
}

const usual: BankTraits = {
  firstDay: () => `${firstMonth}-01`,
  showsPending: true,
  hasPersistentIds: false,
  offersCards: false,
}

const special: Readonly<Record<string, BankTraits>> = {
  // Capital One
  ins_128026: { ...usual, firstDay: (today) => addDays(today, -90), showsPending: false, offersCards: true },
  // Chase
  ins_56: { ...usual, hasPersistentIds: true },
}

export function traitsOf(institutionId: string): BankTraits {
  return special[institutionId] ?? usual
}

/** Those who have several banks: a family, a freelancer with uneven income, and one with dollars of two countries. */
const known: readonly (readonly [accounts: readonly HouseholdAccount[], of: (seed: string) => Household])[] =
  [
    [familyAccounts, family],
    [freelancerAccounts, freelancer],
    [crossBorderAccounts, crossBorder],
  ]

/** Who banks there: one of the known households at its banks, somebody else at every other. */
export function householdAt(institutionId: string, seed: string): Household {
  const found = known.find(([accounts]) =>
    accounts.some((account) => account.institutionId === institutionId),
  )
  if (found !== undefined) return found[1](seed)
  const { offersCards } = traitsOf(institutionId)
  return offersCards ? smallHouseholdWithCard(seed, institutionId) : smallHousehold(seed, institutionId)
}
