import { categoryOf } from './category.ts'
import { bill } from './household-bills.ts'
import type { Household } from './household-entry.ts'
import { freelancerAccounts } from './household-freelancer-accounts.ts'
import { invoicesIn, setAsideIn, taxesIn } from './household-freelancer-work.ts'
import { type Bill, billsIn, type Habit, purchasesIn } from './household-habits.ts'
import { evenOut, payCard } from './household-moves.ts'
import { habit } from './household-purchases.ts'

/** Somebody who works for several clients: no two months bring the same, and taxes are their own affair. */
export function freelancer(seed: string): Household {
  const own = `${seed} freelancer`
  return {
    accounts: freelancerAccounts,
    entriesIn: (month, lastMonth) => [
      ...invoicesIn(month, own),
      ...setAsideIn(month, own),
      ...taxesIn(month, own),
      ...billsIn(month, own, bills),
      ...purchasesIn(month, own, habits),
      ...payCard(month, lastMonth, cardPlan),
      ...evenOut(month, lastMonth, draw),
      ...evenOut(month, lastMonth, saving),
    ],
  }
}

const cardPlan = {
  card: 'business-card',
  checking: 'business',
  text: 'HERRINGBONE BUSINESS CREDIT CARD AUTOPAY',
  day: 18,
}
const personal = { key: 'personal', title: 'Chevron CHK 8071' }
/** What the business leaves is the owner's; in a lean month the owner puts money in. */
const draw = { from: { key: 'business', title: 'Herringbone CHK 6120' }, to: personal, day: 7, travels: 2 }
const saving = { from: personal, to: { key: 'cushion', title: 'Chevron SAV 8089' }, day: 11, travels: 0 }

const of = (primary: string, detail: string) => categoryOf(primary, detail, 'VERY_HIGH')
const software = of('GENERAL_SERVICES', 'OTHER_GENERAL_SERVICES')
const insurance = of('GENERAL_SERVICES', 'INSURANCE')
const bankFee = of('BANK_FEES', 'OTHER_BANK_FEES')
const foreignFee = of('BANK_FEES', 'FOREIGN_TRANSACTION_FEES')
const wireFee = categoryOf('BANK_FEES', 'OTHER_BANK_FEES', 'HIGH')
const toPerson = of('TRANSFER_OUT', 'TRANSFER_OUT_FROM_APPS')
const fromPerson = of('TRANSFER_IN', 'TRANSFER_IN_FROM_APPS')

const bills: readonly Bill[] = [
  risingSubscription('Adobe', 6, 500, bill('business-card', 4, 'ADOBE CREATIVE CLOUD', software, 54.99)),
  risingSubscription('Figma', 3, 300, bill('business-card', 12, 'FIGMA MONTHLY RENEWAL', software, 15)),
  risingSubscription('Hostbarn', 9, 250, bill('business-card', 20, 'HOSTBARN.COM HOSTING', software, 24)),
  { ...bill('business', 25, 'MONTHLY ANALYSIS FEE', bankFee, 15) },
  { ...bill('business', 24, 'INCOMING INTL WIRE FEE', wireFee, 16), months: [2, 5, 9, 11] },
  bill('business', 10, 'SHORELINE COWORKING', of('RENT_AND_UTILITIES', 'RENT'), 285),
  bill('taxes', 31, 'INTEREST PAID', of('INCOME', 'INTEREST_EARNED'), -18.4, -9.1),
  bill('cushion', 31, 'SHARE DIVIDEND', of('INCOME', 'INTEREST_EARNED'), -41.2, -22.7),
  bill('personal', 1, 'HARBORVIEW APARTMENTS RENT', of('RENT_AND_UTILITIES', 'RENT'), 1_960),
  bill('personal', 5, 'MARKETPLACE HEALTH PREMIUM', insurance, 412.6),
  bill('personal', 14, 'CITY POWER AND LIGHT', of('RENT_AND_UTILITIES', 'GAS_AND_ELECTRICITY'), 52.3, 118.9),
  bill('personal', 19, 'CIRRUS MOBILE AUTOPAY', of('RENT_AND_UTILITIES', 'TELEPHONE'), 48),
  bill('personal', 8, 'VENMO PAYMENT MARCUS T', toPerson, 18, 95),
  bill('personal', 23, 'ZELLE TO RIVERA PHOTO', toPerson, 120, 260),
  { ...bill('personal', 26, 'ZELLE FROM ANNA K', fromPerson, -140, -35), months: [1, 3, 6, 8, 10] },
  { ...bill('personal', 12, 'VENMO CASHOUT', fromPerson, -110, -22), months: [2, 4, 7, 9, 12] },
]

const habits: readonly Habit[] = [
  habit('business-card', 'AMAZON WEB SERVICES', 'Amazon Web Services', software, [1, 1], [38.2, 96.4]),
  habit('business-card', 'PIXEL STOCK PHOTOS', 'Pixel Stock', software, [0, 3], [12, 79]),
  habit('business-card', 'OFFICE DEPOT 2218', 'Office Depot', office(), [0, 2], [14.5, 138]),
  habit('business-card', 'UBER TRIP HELP.UBER.COM', 'Uber', rides(), [2, 5], [9.8, 41.6]),
  habit(
    'business-card',
    'CAFE MERIDIAN',
    'Cafe Meridian',
    of('FOOD_AND_DRINK', 'COFFEE'),
    [4, 8],
    [4.2, 19.5],
  ),
  habit('business-card', 'FOREIGN TRANSACTION FEE', null, foreignFee, [0, 1], [0.8, 3.4]),
  // Refunds are purchases below zero.
  habit('business-card', 'PIXEL STOCK PHOTOS REFUND', 'Pixel Stock', software, [0, 1], [-49, -12]),
  habit('personal', 'NEIGHBORHOOD GROCER', 'Neighborhood Grocer', groceries(), [7, 9], [16.4, 104.2]),
  habit('personal', 'LUNCH COUNTER', 'Lunch Counter', of('FOOD_AND_DRINK', 'FAST_FOOD'), [5, 9], [8.4, 22.1]),
  habit('personal', 'SUNOCO 0882', 'Sunoco', of('TRANSPORTATION', 'GAS'), [1, 3], [28.7, 56.4]),
  habit('personal', 'PEDAL WORKS BICYCLES', 'Pedal Works', sports(), [0, 1], [35, 240]),
  {
    ...habit('personal', 'PEDAL WORKS RETURN', 'Pedal Works', sports(), [1, 1], [-62, -35]),
    months: [4, 10],
  },
]

function risingSubscription(merchant: string, month: number, cents: number, each: Bill): Bill {
  return { ...each, merchant, rise: { month, cents } }
}

function office() {
  return of('GENERAL_MERCHANDISE', 'OFFICE_SUPPLIES')
}

function rides() {
  return of('TRANSPORTATION', 'TAXIS_AND_RIDE_SHARES')
}

function groceries() {
  return of('FOOD_AND_DRINK', 'GROCERIES')
}

function sports() {
  return of('GENERAL_MERCHANDISE', 'SPORTING_GOODS')
}
