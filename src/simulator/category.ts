import type { PersonalFinanceCategory } from 'plaid'
import type { Plain } from './shapes.ts'

export type Confidence = 'VERY_HIGH' | 'HIGH' | 'MEDIUM' | 'LOW'

interface Guess {
  readonly category: Plain<PersonalFinanceCategory>
  readonly merchant: string | null
}

/** Plaid's second taxonomy: `detailed` repeats the primary's name in front. */
export function categoryOf(
  primary: string,
  detail: string,
  confidence: Confidence,
): Plain<PersonalFinanceCategory> {
  return { primary, detailed: `${primary}_${detail}`, confidence_level: confidence, version: 'v2' }
}

/**
 * What a bank's text is about, as far as it says so itself. `amount` has Plaid's sign; it decides between
 * money earned from and money paid to the same name.
 */
export function guessOf(text: string, amount: number): Guess {
  const rule = (amount < 0 ? [...moneyIn, ...anyway] : anyway).find(([pattern]) => pattern.test(text))
  if (rule === undefined) return { category: categoryOf('OTHER', 'OTHER', 'LOW'), merchant: null }
  const [, primary, detail, confidence, merchant = null] = rule
  return { category: categoryOf(primary, detail, confidence), merchant }
}

type Rule = readonly [
  pattern: RegExp,
  primary: string,
  detail: string,
  confidence: Confidence,
  merchant?: string,
]

// The first rule that fits decides, so the words of the payment come before the names of shops.
const moneyIn: readonly Rule[] = [
  [/paycheck|payroll|salary|direct dep/i, 'INCOME', 'SALARY', 'VERY_HIGH'],
  [/intrst|interest/i, 'INCOME', 'INTEREST_EARNED', 'VERY_HIGH'],
  [/dividend/i, 'INCOME', 'DIVIDENDS', 'VERY_HIGH'],
  [/tax refund|irs treas/i, 'INCOME', 'TAX_REFUND', 'HIGH'],
  [/(uber|lyft|doordash).*payout/i, 'INCOME', 'GIG_ECONOMY', 'HIGH'],
  [/payout/i, 'INCOME', 'OTHER', 'MEDIUM'],
  [/zelle|venmo|cash app/i, 'TRANSFER_IN', 'TRANSFER_IN_FROM_APPS', 'HIGH'],
  [/transfer from|deposit/i, 'TRANSFER_IN', 'ACCOUNT_TRANSFER', 'MEDIUM'],
]

const anyway: readonly Rule[] = [
  [
    /card.*payment|payment.*card|automatic payment|(credit|debit) crd autopay/i,
    'LOAN_PAYMENTS',
    'CREDIT_CARD_PAYMENT',
    'HIGH',
  ],
  [/mortgage/i, 'LOAN_PAYMENTS', 'MORTGAGE_PAYMENT', 'HIGH'],
  [/student loan/i, 'LOAN_PAYMENTS', 'STUDENT_LOAN_PAYMENT', 'HIGH'],
  [/auto loan|car payment/i, 'LOAN_PAYMENTS', 'CAR_PAYMENT', 'HIGH'],
  [/overdraft/i, 'BANK_FEES', 'OVERDRAFT_FEES', 'VERY_HIGH'],
  [/\bnsf\b|insufficient funds/i, 'BANK_FEES', 'INSUFFICIENT_FUNDS', 'VERY_HIGH'],
  [/interest charge/i, 'BANK_FEES', 'INTEREST_CHARGE', 'HIGH'],
  [/\bfee\b/i, 'BANK_FEES', 'OTHER_BANK_FEES', 'MEDIUM'],
  [/zelle|venmo|cash app/i, 'TRANSFER_OUT', 'TRANSFER_OUT_FROM_APPS', 'HIGH'],
  [/money order|\batm\b/i, 'TRANSFER_OUT', 'WITHDRAWAL', 'MEDIUM'],
  [/transfer to/i, 'TRANSFER_OUT', 'ACCOUNT_TRANSFER', 'MEDIUM'],
  [/dave\.com/i, 'LOAN_PAYMENTS', 'CASH_ADVANCE', 'MEDIUM', 'Dave'],
  [/\brent\b/i, 'RENT_AND_UTILITIES', 'RENT', 'HIGH'],
  [/\batt|verizon|t-mobile/i, 'RENT_AND_UTILITIES', 'TELEPHONE', 'MEDIUM'],
  [/united airlines/i, 'TRAVEL', 'FLIGHTS', 'VERY_HIGH', 'United Airlines'],
  [/uber *eats/i, 'FOOD_AND_DRINK', 'RESTAURANT', 'VERY_HIGH', 'Uber Eats'],
  [/\buber\b/i, 'TRANSPORTATION', 'TAXIS_AND_RIDE_SHARES', 'VERY_HIGH', 'Uber'],
  [/\blyft\b/i, 'TRANSPORTATION', 'TAXIS_AND_RIDE_SHARES', 'VERY_HIGH', 'Lyft'],
  [/\bshell\b/i, 'TRANSPORTATION', 'GAS', 'VERY_HIGH', 'Shell'],
  [/sunoco/i, 'TRANSPORTATION', 'GAS', 'VERY_HIGH', 'Sunoco'],
  [/\barco\b|\bwawa\b|^qt$/i, 'TRANSPORTATION', 'GAS', 'MEDIUM'],
  [/doordash/i, 'FOOD_AND_DRINK', 'RESTAURANT', 'VERY_HIGH', 'DoorDash'],
  [/postmates/i, 'FOOD_AND_DRINK', 'RESTAURANT', 'HIGH', 'Postmates'],
  [/starbucks/i, 'FOOD_AND_DRINK', 'COFFEE', 'VERY_HIGH', 'Starbucks'],
  [/mcdonald/i, 'FOOD_AND_DRINK', 'FAST_FOOD', 'VERY_HIGH', "McDonald's"],
  [/\bkfc\b/i, 'FOOD_AND_DRINK', 'FAST_FOOD', 'VERY_HIGH', 'KFC'],
  [/burger king/i, 'FOOD_AND_DRINK', 'FAST_FOOD', 'VERY_HIGH', 'Burger King'],
  [/domino'?s|papa john|jimmy john/i, 'FOOD_AND_DRINK', 'FAST_FOOD', 'HIGH'],
  [/denny's|texas roadhouse|restaurant/i, 'FOOD_AND_DRINK', 'RESTAURANT', 'HIGH'],
  [/vending/i, 'FOOD_AND_DRINK', 'VENDING_MACHINES', 'MEDIUM'],
  [/whole foods/i, 'FOOD_AND_DRINK', 'GROCERIES', 'VERY_HIGH', 'Whole Foods Market'],
  [/food lion|frys food|grocer|supermarket/i, 'FOOD_AND_DRINK', 'GROCERIES', 'HIGH'],
  [/am(azo|z)n/i, 'GENERAL_MERCHANDISE', 'ONLINE_MARKETPLACES', 'VERY_HIGH', 'Amazon'],
  [/wal-?mart/i, 'GENERAL_MERCHANDISE', 'SUPERSTORES', 'VERY_HIGH', 'Walmart'],
  [/sam'?s club/i, 'GENERAL_MERCHANDISE', 'SUPERSTORES', 'VERY_HIGH', "Sam's Club"],
  [/7-eleven/i, 'GENERAL_MERCHANDISE', 'CONVENIENCE_STORES', 'VERY_HIGH', '7-Eleven'],
  [/ulta|sally beauty/i, 'GENERAL_MERCHANDISE', 'OTHER_GENERAL_MERCHANDISE', 'MEDIUM'],
  [/groupon/i, 'GENERAL_MERCHANDISE', 'ONLINE_MARKETPLACES', 'HIGH', 'Groupon'],
  [/bicycle/i, 'GENERAL_MERCHANDISE', 'SPORTING_GOODS', 'MEDIUM'],
  [/sparkfun/i, 'GENERAL_MERCHANDISE', 'ELECTRONICS', 'HIGH', 'SparkFun'],
  [/home depot/i, 'HOME_IMPROVEMENT', 'HARDWARE', 'VERY_HIGH', 'The Home Depot'],
  [/\blowes/i, 'HOME_IMPROVEMENT', 'HARDWARE', 'VERY_HIGH', "Lowe's"],
  [/hulu/i, 'ENTERTAINMENT', 'TV_AND_MOVIES', 'VERY_HIGH', 'Hulu'],
  [/cinemark|fandango|netflix/i, 'ENTERTAINMENT', 'TV_AND_MOVIES', 'HIGH'],
  [/itunes|spotify/i, 'ENTERTAINMENT', 'MUSIC_AND_AUDIO', 'HIGH'],
  [/xbox|blizzard|nintendo|playstation|skillz/i, 'ENTERTAINMENT', 'VIDEO_GAMES', 'HIGH'],
  [/climbing|\bgym\b|fitness/i, 'PERSONAL_CARE', 'GYMS_AND_FITNESS_CENTERS', 'HIGH'],
  [/contacts subscri/i, 'MEDICAL', 'EYE_CARE', 'MEDIUM'],
  [/chegg/i, 'GENERAL_SERVICES', 'EDUCATION', 'HIGH', 'Chegg'],
  [/usps/i, 'GENERAL_SERVICES', 'POSTAGE_AND_SHIPPING', 'HIGH', 'USPS'],
  [/microsoft/i, 'GENERAL_SERVICES', 'OTHER_GENERAL_SERVICES', 'MEDIUM', 'Microsoft'],
  [/insurance/i, 'GENERAL_SERVICES', 'INSURANCE', 'HIGH'],
]
