import type { HouseholdAccount } from './household-entry.ts'

const herringbone = 'ins_900101'
const chevron = 'ins_900102'

export const freelancerAccounts: readonly HouseholdAccount[] = [
  {
    key: 'business',
    institutionId: herringbone,
    name: 'Business Checking',
    officialName: 'Herringbone Business Checking',
    mask: '6120',
    type: 'depository',
    subtype: 'checking',
    opening: 1_840_000,
  },
  {
    key: 'taxes',
    institutionId: herringbone,
    name: 'Tax Savings',
    officialName: 'Herringbone Business Savings',
    mask: '6138',
    type: 'depository',
    subtype: 'savings',
    opening: 1_600_000,
  },
  {
    key: 'business-card',
    institutionId: herringbone,
    name: 'Business Card',
    officialName: 'Herringbone Business Visa',
    mask: '2204',
    type: 'credit',
    subtype: 'credit card',
    opening: 0,
    limit: 1_500_000,
  },
  {
    key: 'personal',
    institutionId: chevron,
    name: 'Share Draft Checking',
    officialName: 'Chevron Share Draft Account',
    mask: '8071',
    type: 'depository',
    subtype: 'checking',
    opening: 980_000,
  },
  {
    key: 'cushion',
    institutionId: chevron,
    name: 'Share Savings',
    officialName: 'Chevron Regular Share Account',
    mask: '8089',
    type: 'depository',
    subtype: 'savings',
    opening: 2_600_000,
  },
]
