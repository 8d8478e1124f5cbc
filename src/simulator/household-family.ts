import { bills } from './household-bills.ts'
import { contributionsIn } from './household-contributions.ts'
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
      ...contributionsIn(month, familyAccounts),
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
