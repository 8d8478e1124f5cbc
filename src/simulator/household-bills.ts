import { type Confidence, categoryOf } from './category.ts'
import type { Bill } from './household-habits.ts'
import { mortgage } from './household-mortgage.ts'

const of = (primary: string, detail: string, confidence: Confidence = 'VERY_HIGH') =>
  categoryOf(primary, detail, confidence)

const salary = of('INCOME', 'SALARY')
const taxRefund = of('INCOME', 'TAX_REFUND')
const interest = of('INCOME', 'INTEREST_EARNED')
const energy = of('RENT_AND_UTILITIES', 'GAS_AND_ELECTRICITY')
const water = of('RENT_AND_UTILITIES', 'WATER')
const internet = of('RENT_AND_UTILITIES', 'INTERNET_AND_CABLE')
const telephone = of('RENT_AND_UTILITIES', 'TELEPHONE')
const insurance = of('GENERAL_SERVICES', 'INSURANCE')
const childcare = of('GENERAL_SERVICES', 'CHILDCARE', 'HIGH')
const films = of('ENTERTAINMENT', 'TV_AND_MOVIES')
const music = of('ENTERTAINMENT', 'MUSIC_AND_AUDIO')
const gym = of('PERSONAL_CARE', 'GYMS_AND_FITNESS_CENTERS')
const news = of('GENERAL_MERCHANDISE', 'BOOKSTORES_AND_NEWSSTANDS')
const bankFee = of('BANK_FEES', 'OTHER_BANK_FEES')
const toFriend = of('TRANSFER_OUT', 'TRANSFER_OUT_FROM_APPS')
const fromFriend = of('TRANSFER_IN', 'TRANSFER_IN_FROM_APPS')

/** What the family earns and pays on fixed days. */
export const bills: readonly Bill[] = [
  bill('checking', 15, 'NORTHWIND LABS PAYROLL DIR DEP', salary, -2_612.37),
  bill('checking', 31, 'NORTHWIND LABS PAYROLL DIR DEP', salary, -2_612.37),
  only([3], bill('checking', 20, 'NORTHWIND LABS PAYROLL BONUS', salary, -4_200, -3_100)),
  only([4], bill('checking', 18, 'IRS TREAS 310 TAX REF', taxRefund, -1_890, -1_210)),
  bill('tartan-checking', 15, 'CITY OF ELMWOOD SCHOOLS PAYROLL', salary, -1_984.55),
  bill('tartan-checking', 31, 'CITY OF ELMWOOD SCHOOLS PAYROLL', salary, -1_984.55),
  bill('savings', 31, 'INTEREST PAYMENT', interest, -49, -31),
  bill('checking', 1, 'FIRST PLATYPUS MORTGAGE PMT', mortgage.category, mortgage.payment / 100),
  bill('checking', 8, 'ELMWOOD ELECTRIC BILLPAY', energy, 72.1, 189.4),
  bill('checking', 11, 'ELMWOOD GAS UTILITY WEB PMT', energy, 34.8, 126.6),
  bill('checking', 14, 'ELMWOOD WATER DEPT', water, 41.2, 78.9),
  bill('checking', 20, 'FIBERLANE INTERNET', internet, 79.99),
  bill('tartan-checking', 18, 'CIRRUS MOBILE AUTOPAY', telephone, 95.4),
  bill('checking', 5, 'HARBOR MUTUAL AUTO INSURANCE', insurance, 148.2),
  bill('tartan-checking', 12, 'HARBOR MUTUAL LIFE INSURANCE', insurance, 41.75),
  bill('checking', 3, 'MAPLE STREET DAYCARE', childcare, 420),
  bill('checking', 17, 'MAPLE STREET DAYCARE', childcare, 420),
  subscription('Netflix', bill('card', 9, 'NETFLIX.COM', films, 15.49)),
  subscription('Daily Courier', bill('card', 2, 'DAILY COURIER ONLINE', news, 12)),
  subscription('Pine Street Fitness', bill('card', 6, 'PINE STREET FITNESS', gym, 49)),
  subscription('Spotify', bill('tartan-card', 13, 'SPOTIFY USA', music, 11.99)),
  // Money to and from a friend: a transfer by its category, with no other side among the own accounts.
  bill('checking', 22, 'ZELLE PAYMENT TO JORDAN P', toFriend, 25, 140),
  only([2, 5, 8, 11], bill('checking', 24, 'ZELLE FROM JORDAN P', fromFriend, -90, -20)),
  only([1, 4, 7, 10], bill('tartan-checking', 26, 'MONTHLY SERVICE FEE', bankFee, 12)),
  only([2], bill('card', 9, 'ANNUAL MEMBERSHIP FEE', bankFee, 95)),
]

/** Sums in dollars, Plaid's sign; with two, the month's own lies between them. */
export function bill(
  account: string,
  day: number,
  text: string,
  category: Bill['category'],
  least: number,
  most = least,
): Bill {
  const cents = [Math.round(least * 100), Math.round(most * 100)] as const
  return { account, day, text, merchant: null, category, cents }
}

function only(months: readonly number[], bill: Bill): Bill {
  return { ...bill, months }
}

function subscription(merchant: string, bill: Bill): Bill {
  return { ...bill, merchant }
}
