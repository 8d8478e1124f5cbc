import { dayIn } from './calendar.ts'
import { categoryOf } from './category.ts'
import { chanceOf } from './chance.ts'
import { bill } from './household-bills.ts'
import { contributionsIn } from './household-contributions.ts'
import { crossBorderAccounts } from './household-cross-border-accounts.ts'
import type { Entry, Household } from './household-entry.ts'
import { type Bill, billsIn, type Habit, purchasesIn } from './household-habits.ts'
import { bothSides, evenOut, payCard } from './household-moves.ts'
import { habit } from './household-purchases.ts'

/** Somebody who earns Canadian dollars and spends those of both countries. */
export function crossBorder(seed: string): Household {
  const own = `${seed} cross border`
  return {
    accounts: crossBorderAccounts,
    entriesIn: (month, lastMonth) => [
      ...billsIn(month, own, bills),
      ...purchasesIn(month, own, habits),
      ...contributionsIn(month, crossBorderAccounts),
      ...payCard(month, lastMonth, visaPlan),
      ...payCard(month, lastMonth, usCardPlan),
      ...exchange(month, lastMonth, own),
      ...evenOut(month, lastMonth, saving),
    ],
  }
}

const visaPlan = { card: 'visa', checking: 'chequing', text: 'DOMINION VISA CREDIT CARD PAYMENT', day: 17 }
const usCardPlan = { card: 'us-card', checking: 'us-checking', text: 'PAISLEY CREDIT CARD AUTOPAY', day: 20 }
const saving = {
  from: { key: 'chequing', title: 'Dominion CHQ 3350' },
  to: { key: 'savings', title: 'Dominion SAV 3368' },
  day: 5,
  travels: 0,
}

/**
 * What the dollars across the border lacked last month is bought with those from here: two sums, of which neither
 * is the other side of a transfer within one currency.
 */
function exchange(month: string, lastMonth: readonly Entry[], seed: string): Entry[] {
  const own = lastMonth.filter(({ account, kind }) => account === 'us-checking' && kind !== 'exchange')
  const spent = own.reduce((sum, { cents }) => sum + cents, 0)
  const bought = Math.max(Math.ceil(spent / 5_000) * 5_000, 10_000)
  const rate = chanceOf(seed, month, 'rate').between(13_380, 14_150)
  const sides = bothSides({
    key: `${month} exchange`,
    day: dayIn(month, 9),
    travels: 2,
    cents: Math.round((bought * rate) / 10_000),
    kind: 'exchange',
    from: {
      account: 'chequing',
      text: 'CROSS-BORDER TRANSFER TO USD 7741',
      category: categoryOf('TRANSFER_OUT', 'ACCOUNT_TRANSFER', 'VERY_HIGH'),
    },
    to: {
      account: 'us-checking',
      text: 'INCOMING TRANSFER TARTAN-DOMINION',
      category: categoryOf('TRANSFER_IN', 'ACCOUNT_TRANSFER', 'VERY_HIGH'),
    },
  })
  return sides.map((side) => (side.account === 'us-checking' ? { ...side, cents: -bought } : side))
}

const of = (primary: string, detail: string) => categoryOf(primary, detail, 'VERY_HIGH')
const salary = of('INCOME', 'SALARY')
const groceries = of('FOOD_AND_DRINK', 'GROCERIES')
const coffee = of('FOOD_AND_DRINK', 'COFFEE')
const restaurant = of('FOOD_AND_DRINK', 'RESTAURANT')
const marketplace = of('GENERAL_MERCHANDISE', 'ONLINE_MARKETPLACES')
const energy = of('RENT_AND_UTILITIES', 'GAS_AND_ELECTRICITY')
const interest = of('INCOME', 'INTEREST_EARNED')

const bills: readonly Bill[] = [
  bill('chequing', 15, 'MAPLELEAF SOFTWARE PAYROLL', salary, -3_184.22),
  bill('chequing', 31, 'MAPLELEAF SOFTWARE PAYROLL', salary, -3_184.22),
  bill('chequing', 1, 'LAKESHORE PROPERTIES RENT', of('RENT_AND_UTILITIES', 'RENT'), 1_875),
  bill('chequing', 8, 'TORONTO HYDRO BILL PMT', energy, 61.4, 142.8),
  bill('chequing', 21, 'NORTHCELL MOBILE', of('RENT_AND_UTILITIES', 'TELEPHONE'), 65),
  bill('savings', 31, 'INTEREST CREDIT', interest, -44.1, -25.3),
  bill('us-checking', 25, 'FOREIGN ACCOUNT SERVICE FEE', of('BANK_FEES', 'OTHER_BANK_FEES'), 5),
  // The same figure, in the other currency, in the same days: money to one friend, and from another.
  bill('chequing', 12, 'INTERAC E-TRANSFER TO J LALONDE', of('TRANSFER_OUT', 'TRANSFER_OUT_FROM_APPS'), 250),
  bill('us-checking', 13, 'ZELLE FROM D WHITMAN', of('TRANSFER_IN', 'TRANSFER_IN_FROM_APPS'), -250),
  {
    ...bill('us-card', 7, 'STREAMHOUSE.COM', of('ENTERTAINMENT', 'TV_AND_MOVIES'), 13.99),
    merchant: 'StreamHouse',
  },
]

const habits: readonly Habit[] = [
  habit('visa', 'LOBLAW MARKET 1042', 'Loblaw Market', groceries, [6, 9], [22.4, 148.2]),
  habit('visa', 'TIM HORTONS #3321', 'Tim Hortons', coffee, [6, 10], [2.8, 14.6]),
  habit('visa', 'TTC PRESTO RELOAD', 'TTC', of('TRANSPORTATION', 'PUBLIC_TRANSIT'), [2, 3], [20, 60]),
  habit('visa', 'HUDSON STREET GRILL', 'Hudson Street Grill', restaurant, [2, 4], [24.5, 96.7]),
  habit('visa', 'LOBLAW MARKET REFUND', 'Loblaw Market', groceries, [0, 1], [-34, -6.5]),
  habit('us-card', 'AMAZON.COM*MKTPLACE', 'Amazon', marketplace, [2, 5], [9.99, 124.5]),
  habit('us-card', 'BUFFALO OUTLET CENTER', 'Buffalo Outlet', clothing(), [0, 2], [32.4, 168]),
  habit('us-card', 'SHELL OIL 50118', 'Shell', of('TRANSPORTATION', 'GAS'), [1, 2], [28.4, 52.6]),
]

function clothing() {
  return of('GENERAL_MERCHANDISE', 'CLOTHING_AND_ACCESSORIES')
}
