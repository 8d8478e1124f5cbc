import type { HouseholdAccount } from './household-entry.ts'
import { brokeragePlan, iraPlan } from './household-family-portfolios.ts'
import { mortgage } from './household-mortgage.ts'

const platypus = 'ins_109508'
const tartan = 'ins_109511'
const houndstooth = 'ins_109512'

export const familyAccounts: readonly HouseholdAccount[] = [
  {
    key: 'checking',
    institutionId: platypus,
    name: 'Everyday Checking',
    officialName: 'First Platypus Everyday Checking',
    mask: '4021',
    type: 'depository',
    subtype: 'checking',
    opening: 481_244,
  },
  {
    key: 'savings',
    institutionId: platypus,
    name: 'Rainy Day Savings',
    officialName: 'First Platypus Growth Savings',
    mask: '4490',
    type: 'depository',
    subtype: 'savings',
    opening: 1_150_000,
  },
  {
    key: 'card',
    institutionId: platypus,
    name: 'Platypus Rewards Card',
    officialName: 'First Platypus Rewards Visa Signature',
    mask: '7718',
    type: 'credit',
    subtype: 'credit card',
    opening: 0,
    limit: 1_200_000,
  },
  {
    key: 'mortgage',
    institutionId: platypus,
    name: 'Home Mortgage',
    officialName: 'First Platypus 30 Year Fixed Mortgage',
    mask: '9035',
    type: 'loan',
    subtype: 'mortgage',
    opening: mortgage.principal,
  },
  {
    key: 'tartan-checking',
    institutionId: tartan,
    name: 'Tartan Checking',
    officialName: 'Tartan Plus Checking',
    mask: '1186',
    type: 'depository',
    subtype: 'checking',
    opening: 312_890,
  },
  {
    key: 'tartan-card',
    institutionId: tartan,
    name: 'Tartan Cash Card',
    officialName: 'Tartan Cash Back Mastercard',
    mask: '5502',
    type: 'credit',
    subtype: 'credit card',
    opening: 0,
    limit: 600_000,
  },
  {
    key: 'brokerage',
    institutionId: houndstooth,
    name: 'Joint Brokerage',
    officialName: 'Houndstooth Individual Investor Account',
    mask: '3307',
    type: 'investment',
    subtype: 'brokerage',
    opening: 0,
    portfolio: brokeragePlan,
  },
  {
    key: 'ira',
    institutionId: houndstooth,
    name: 'Traditional IRA',
    officialName: 'Houndstooth Traditional IRA',
    mask: '3841',
    type: 'investment',
    subtype: 'ira',
    opening: 0,
    portfolio: iraPlan,
  },
]
