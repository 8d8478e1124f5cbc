import { addDays, bankingDay, dayIn } from './calendar.ts'
import { categoryOf } from './category.ts'
import { bills } from './household-bills.ts'
import type { Entry, Household } from './household-entry.ts'
import { familyAccounts } from './household-family-accounts.ts'
import { billsIn, purchasesIn } from './household-habits.ts'
import { evenOut, payCard } from './household-moves.ts'
import { habits } from './household-purchases.ts'

/** Two people, three banks: the same life for one seed. */
export function family(seed: string): Household {
  return {
    accounts: familyAccounts,
    entriesIn: (month, lastMonth) => [
      ...billsIn(month, seed, bills),
      ...purchasesIn(month, seed, habits),
      ...contributions(month),
      ...moves(month, lastMonth),
    ],
  }
}

/** Last month's surplus is evened out and its card bills are paid, so that balances stay near where they began. */
function moves(month: string, lastMonth: readonly Entry[]): Entry[] {
  const checking = { key: 'checking', title: 'First Platypus CHK 4021' }
  const savings = { key: 'savings', title: 'First Platypus SAV 4490' }
  const second = { key: 'tartan-checking', title: 'Tartan CHK 1186' }
  return [
    ...payCard(month, lastMonth, {
      card: 'card',
      checking: 'checking',
      text: 'PLATYPUS REWARDS CARD AUTOPAY',
      day: 21,
    }),
    ...payCard(month, lastMonth, {
      card: 'tartan-card',
      checking: second.key,
      text: 'TARTAN CARD PAYMENT WEB',
      day: 19,
    }),
    ...evenOut(month, lastMonth, { from: second, to: checking, day: 6, travels: 2 }),
    ...evenOut(month, lastMonth, { from: checking, to: savings, day: 4, travels: 0 }),
  ]
}

export interface Contribution {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly day: number
  readonly cents: number
}

/** Monthly savings; the other side is a row of the investment account. */
export const contributionPlan: readonly Contribution[] = [
  { from: 'checking', to: 'ira', text: 'HOUNDSTOOTH IRA CONTRIBUTION', day: 10, cents: 50_000 },
  { from: 'tartan-checking', to: 'brokerage', text: 'HOUNDSTOOTH BROKERAGE DEPOSIT', day: 16, cents: 30_000 },
]

/** The day it leaves the bank, and the day it is there. */
export function contributionDays(month: string, { day }: Contribution) {
  const leaves = bankingDay(dayIn(month, day))
  return { leaves, arrives: bankingDay(addDays(leaves, 1)) }
}

function contributions(month: string): Entry[] {
  return contributionPlan.map((plan) => {
    const { leaves } = contributionDays(month, plan)
    return {
      key: `${month} ${plan.text}`,
      account: plan.from,
      happened: leaves,
      posted: leaves,
      cents: plan.cents,
      text: plan.text,
      merchant: null,
      category: categoryOf('TRANSFER_OUT', 'INVESTMENT_AND_RETIREMENT_FUNDS', 'VERY_HIGH'),
      kind: 'transfer',
      partner: plan.to,
    }
  })
}
