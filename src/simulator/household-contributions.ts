import { categoryOf } from './category.ts'
import type { Entry, HouseholdAccount } from './household-entry.ts'
import { type Contribution, contributionDays, contributionKeys } from './household-portfolio-plan.ts'

/** What leaves the bank accounts for the household's own investment accounts. */
export function contributionsIn(month: string, accounts: readonly HouseholdAccount[]): Entry[] {
  const plans = accounts.flatMap(({ portfolio }) => portfolio?.contributions ?? [])
  return plans.map((plan) => contributionEntry(month, plan))
}

function contributionEntry(month: string, plan: Contribution): Entry {
  const { leaves } = contributionDays(month, plan)
  const keys = contributionKeys(month, plan)
  return {
    key: keys.leaves,
    account: plan.from,
    happened: leaves,
    posted: leaves,
    cents: plan.cents,
    text: plan.text,
    merchant: null,
    category: categoryOf('TRANSFER_OUT', 'INVESTMENT_AND_RETIREMENT_FUNDS', 'VERY_HIGH'),
    kind: 'transfer',
    partner: plan.to,
    partnerKey: keys.arrives,
  }
}
