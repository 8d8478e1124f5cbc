import { bankingDay, dayIn } from './calendar.ts'
import type { HouseholdAccount } from './household-entry.ts'
import type { PortfolioPlan } from './household-portfolio-plan.ts'

const dominion = { institutionId: 'ins_43', currency: 'CAD' } as const
const paisley = { institutionId: 'ins_900103', currency: 'USD' } as const

const portfolio: PortfolioPlan = {
  cash: 61_200,
  held: [
    ['VTI', 31.25, 655_400],
    ['BND', 48, 351_900],
  ],
  contributions: [
    { from: 'us-checking', to: 'us-brokerage', text: 'PAISLEY INVEST CONTRIBUTION', day: 14, cents: 20_000 },
  ],
  arrival: 'deposit',
  stepsIn: (month, arrives) => [
    { day: arrives, what: 'buy', ticker: 'VTI', size: 185 },
    { day: bankingDay(dayIn(month, 6)), what: 'dividend', ticker: 'BND', size: 0.19 },
  ],
}

export const crossBorderAccounts: readonly HouseholdAccount[] = [
  {
    ...dominion,
    key: 'chequing',
    name: 'Chequing',
    officialName: 'Tartan-Dominion Everyday Chequing',
    mask: '3350',
    type: 'depository',
    subtype: 'checking',
    opening: 720_000,
  },
  {
    ...dominion,
    key: 'savings',
    name: 'High Interest Savings',
    officialName: 'Tartan-Dominion High Interest Savings',
    mask: '3368',
    type: 'depository',
    subtype: 'savings',
    opening: 1_930_000,
  },
  {
    ...dominion,
    key: 'visa',
    name: 'Dominion Visa',
    officialName: 'Tartan-Dominion Visa Infinite',
    mask: '0916',
    type: 'credit',
    subtype: 'credit card',
    opening: 0,
    limit: 800_000,
  },
  {
    ...paisley,
    key: 'us-checking',
    name: 'Cross-Border Checking',
    officialName: 'Paisley Cross-Border Checking',
    mask: '7741',
    type: 'depository',
    subtype: 'checking',
    opening: 260_000,
  },
  {
    ...paisley,
    key: 'us-card',
    name: 'Paisley Card',
    officialName: 'Paisley No Fee Mastercard',
    mask: '4417',
    type: 'credit',
    subtype: 'credit card',
    opening: 0,
    limit: 400_000,
  },
  {
    institutionId: 'ins_900104',
    currency: 'USD',
    key: 'us-brokerage',
    name: 'Investing Account',
    officialName: 'Paisley Invest Individual',
    mask: '7799',
    type: 'investment',
    subtype: 'brokerage',
    opening: 0,
    portfolio,
  },
]
