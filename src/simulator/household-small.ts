import { categoryOf } from './category.ts'
import { bill } from './household-bills.ts'
import type { Household, HouseholdAccount } from './household-entry.ts'
import { type Bill, billsIn, type Habit, purchasesIn } from './household-habits.ts'
import { evenOut, payCard } from './household-moves.ts'
import { habit } from './household-purchases.ts'
import { idOf } from './ids.ts'

/** One person with a checking and a savings account, a different one at each bank. */
export function smallHousehold(seed: string, institutionId: string): Household {
  const own = `${seed} ${institutionId}`
  return {
    accounts: bankAccounts(institutionId),
    entriesIn: (month, lastMonth) => [
      ...billsIn(month, own, bills),
      ...purchasesIn(month, own, purchases('checking')),
      ...evenOut(month, lastMonth, sweep),
    ],
  }
}

/** The same with a card, which is what the shops see. */
export function smallHouseholdWithCard(seed: string, institutionId: string): Household {
  const own = `${seed} ${institutionId}`
  return {
    accounts: [...bankAccounts(institutionId), cardAccount(institutionId)],
    entriesIn: (month, lastMonth) => [
      ...billsIn(month, own, bills),
      ...purchasesIn(month, own, purchases('card')),
      ...payCard(month, lastMonth, {
        card: 'card',
        checking: 'checking',
        text: 'CREDIT CARD AUTOPAY',
        day: 22,
      }),
      ...evenOut(month, lastMonth, sweep),
    ],
  }
}

function bankAccounts(institutionId: string): HouseholdAccount[] {
  const common = { institutionId, type: 'depository' } as const
  return [
    {
      ...common,
      key: 'checking',
      name: 'Checking',
      officialName: 'Everyday Checking',
      mask: maskOf(institutionId, 1),
      subtype: 'checking',
      opening: 274_318,
    },
    {
      ...common,
      key: 'savings',
      name: 'Savings',
      officialName: 'Simple Savings',
      mask: maskOf(institutionId, 2),
      subtype: 'savings',
      opening: 620_000,
    },
  ]
}

function cardAccount(institutionId: string): HouseholdAccount {
  return {
    institutionId,
    key: 'card',
    name: 'Travel Card',
    officialName: 'Travel Rewards Card',
    mask: maskOf(institutionId, 3),
    type: 'credit',
    subtype: 'credit card',
    opening: 0,
    limit: 500_000,
  }
}

function maskOf(institutionId: string, last: number): string {
  const digits = idOf(institutionId, 'mask').replaceAll(/\D/g, '').padEnd(3, '0')
  return `${digits.slice(0, 3)}${last}`
}

const sweep = {
  from: { key: 'checking', title: 'Checking' },
  to: { key: 'savings', title: 'Savings' },
  day: 5,
  travels: 0,
}

const of = (primary: string, detail: string) => categoryOf(primary, detail, 'VERY_HIGH')
const salary = of('INCOME', 'SALARY')
const rent = of('RENT_AND_UTILITIES', 'RENT')
const energy = of('RENT_AND_UTILITIES', 'GAS_AND_ELECTRICITY')
const interest = of('INCOME', 'INTEREST_EARNED')
const groceries = of('FOOD_AND_DRINK', 'GROCERIES')
const fastFood = of('FOOD_AND_DRINK', 'FAST_FOOD')
const fuel = of('TRANSPORTATION', 'GAS')

const bills: readonly Bill[] = [
  bill('checking', 15, 'ACME WIDGETS PAYROLL', salary, -1_846.2),
  bill('checking', 31, 'ACME WIDGETS PAYROLL', salary, -1_846.2),
  bill('checking', 1, 'RIVERSIDE APARTMENTS RENT', rent, 1_425),
  bill('checking', 9, 'CITY POWER AND LIGHT', energy, 48.3, 96.7),
  bill('savings', 31, 'INTEREST PAID', interest, -21.4, -9.8),
]

function purchases(account: string): Habit[] {
  return [
    habit(account, 'NEIGHBORHOOD GROCER', 'Neighborhood Grocer', groceries, [6, 8], [18.4, 96.2]),
    habit(account, 'LUNCH COUNTER', 'Lunch Counter', fastFood, [5, 8], [7.9, 18.6]),
    habit(account, 'SUNOCO 0882', 'Sunoco', fuel, [2, 4], [28.7, 52.4]),
  ]
}
