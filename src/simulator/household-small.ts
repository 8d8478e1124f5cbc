import { categoryOf } from './category.ts'
import { bill } from './household-bills.ts'
import type { Household, HouseholdAccount } from './household-entry.ts'
import { type Bill, billsIn, type Habit, purchasesIn } from './household-habits.ts'
import { evenOut } from './household-moves.ts'
import { habit } from './household-purchases.ts'
import { idOf } from './ids.ts'

/** One person with a checking and a savings account, a different one at each bank. */
export function smallHousehold(seed: string, institutionId: string): Household {
  const own = `${seed} ${institutionId}`
  return {
    accounts: accountsAt(institutionId),
    entriesIn: (month, lastMonth) => [
      ...billsIn(month, own, bills),
      ...purchasesIn(month, own, habits),
      ...evenOut(month, lastMonth, { from: checking, to: savings, day: 5, travels: 0 }),
    ],
  }
}

function accountsAt(institutionId: string): HouseholdAccount[] {
  const digits = idOf(institutionId, 'mask').replaceAll(/\D/g, '').padEnd(4, '0').slice(0, 3)
  const common = { institutionId, type: 'depository' } as const
  return [
    {
      ...common,
      key: 'checking',
      name: 'Checking',
      officialName: 'Everyday Checking',
      mask: `${digits}1`,
      subtype: 'checking',
      opening: 274_318,
    },
    {
      ...common,
      key: 'savings',
      name: 'Savings',
      officialName: 'Simple Savings',
      mask: `${digits}2`,
      subtype: 'savings',
      opening: 620_000,
    },
  ]
}

const checking = { key: 'checking', title: 'Checking' }
const savings = { key: 'savings', title: 'Savings' }
const of = (primary: string, detail: string) => categoryOf(primary, detail, 'VERY_HIGH')

const bills: readonly Bill[] = [
  bill('checking', 15, 'ACME WIDGETS PAYROLL', of('INCOME', 'SALARY'), -1_846.2),
  bill('checking', 31, 'ACME WIDGETS PAYROLL', of('INCOME', 'SALARY'), -1_846.2),
  bill('checking', 1, 'RIVERSIDE APARTMENTS RENT', of('RENT_AND_UTILITIES', 'RENT'), 1_425),
  bill('checking', 9, 'CITY POWER AND LIGHT', of('RENT_AND_UTILITIES', 'GAS_AND_ELECTRICITY'), 48.3, 96.7),
  bill('savings', 31, 'INTEREST PAID', of('INCOME', 'INTEREST_EARNED'), -21.4, -9.8),
]

const habits: readonly Habit[] = [
  habit(
    'checking',
    'NEIGHBORHOOD GROCER',
    'Neighborhood Grocer',
    of('FOOD_AND_DRINK', 'GROCERIES'),
    [6, 8],
    [18.4, 96.2],
  ),
  habit('checking', 'LUNCH COUNTER', 'Lunch Counter', of('FOOD_AND_DRINK', 'FAST_FOOD'), [5, 8], [7.9, 18.6]),
  habit('checking', 'SUNOCO 0882', 'Sunoco', of('TRANSPORTATION', 'GAS'), [2, 4], [28.7, 52.4]),
]
