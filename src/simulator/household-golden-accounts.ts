import type { HouseholdAccount } from './household-entry.ts'
import { familyAccounts } from './household-family-accounts.ts'
import { brokeragePlan } from './household-family-portfolios.ts'

const taken = ['checking', 'savings', 'card', 'tartan-checking', 'tartan-card', 'brokerage']

const loan: HouseholdAccount = {
  key: 'loan',
  institutionId: 'ins_109508',
  name: 'Student Loan',
  officialName: 'First Platypus Education Loan',
  mask: '6064',
  type: 'loan',
  subtype: 'student',
  opening: 2_840_000,
}

const portfolio = {
  ...brokeragePlan,
  contributions: [
    ...brokeragePlan.contributions,
    { from: 'checking', to: 'brokerage', text: 'HOUNDSTOOTH ACH INVESTMENT', day: 10, cents: 50_000 },
  ],
}

/** Two checking accounts, savings, two cards, a loan that lists its rows, and a brokerage: at three banks. */
export function goldenAccounts(currency: string): HouseholdAccount[] {
  const family = familyAccounts.filter(({ key }) => taken.includes(key))
  return [...family, loan].map((account) => ({
    ...account,
    currency,
    ...(account.portfolio === undefined ? {} : { portfolio }),
  }))
}
