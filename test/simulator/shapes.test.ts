import { describe, expect, it } from 'vitest'
import { categoryOf } from '../../src/simulator/category.ts'
import {
  accountShape,
  holdingShape,
  investmentTransactionShape,
  transactionShape,
} from '../../src/simulator/shapes.ts'
import { liabilitiesShape, mortgageShape, studentShape } from '../../src/simulator/liabilities.ts'
import { hasPlaidSchema, schemaNote, validateSchema } from '../support/plaid-schema.ts'

const row = {
  id: 't1',
  accountId: 'a1',
  amount: 4.2,
  date: '2026-11-20',
  authorized: null,
  text: 'SHOP',
  merchant: null,
  category: categoryOf('FOOD_AND_DRINK', 'GROCERIES', 'HIGH'),
  pending: false,
  pendingId: null,
}
const account = {
  id: 'a1',
  name: 'Account',
  mask: null,
  type: 'depository',
  subtype: 'checking',
  current: null,
  available: 1,
} as const
const holding = { accountId: 'a1', securityId: 's1', quantity: 2, price: 3, priceAsOf: null, costBasis: null }
const booking = {
  id: 'b1',
  accountId: 'a1',
  securityId: null,
  date: '2026-11-20',
  name: 'FEE',
  quantity: 0,
  amount: 1,
  price: 0,
  fees: null,
  type: 'fee',
  subtype: 'account fee',
} as const
const noDebts = { credit: [], mortgage: [], student: [] }

describe.skipIf(!hasPlaidSchema)(`the least that a shape is given is enough for Plaid${schemaNote}`, () => {
  it.each([
    ['AccountBase', accountShape(account)],
    ['Transaction', transactionShape(row)],
    ['Holding', holdingShape(holding)],
    ['InvestmentTransaction', investmentTransactionShape(booking)],
    ['MortgageLiability', mortgageShape({ account_id: 'a1' })],
    ['StudentLoan', studentShape({ account_id: 'a1', interest_rate_percentage: 4 })],
    ['LiabilitiesObject', liabilitiesShape(noDebts)],
  ])('%s', (schema, shape) => {
    expect(validateSchema(schema, shape)).toEqual([])
  })
})

describe('transactions', () => {
  it.each([
    ['SHOP', 'FOOD_AND_DRINK', 'in store', 'place'],
    ['AMAZON.COM', 'GENERAL_MERCHANDISE', 'online', 'digital'],
    ['UTILITY WEB PMT', 'RENT_AND_UTILITIES', 'online', 'digital'],
    ['PAYROLL', 'INCOME', 'other', 'special'],
  ])('%s, %s, was paid %s', (text, primary, channel, type) => {
    const shape = transactionShape({ ...row, text, category: categoryOf(primary, 'X', 'HIGH') })
    expect(shape).toMatchObject({ payment_channel: channel, transaction_type: type })
  })

  it('name the merchant twice, or nobody', () => {
    const known = transactionShape({ ...row, merchant: 'Shop' })
    expect(known.merchant_name).toBe('Shop')
    expect(known.counterparties).toMatchObject([{ name: 'Shop', type: 'merchant' }])
    expect(transactionShape(row)).toMatchObject({ merchant_name: null, counterparties: [] })
  })
})

describe('debts', () => {
  it('that are not there are null, not empty', () => {
    expect(liabilitiesShape(noDebts)).toEqual({ credit: null, mortgage: null, student: null })
  })

  it('keep what is known over what is not', () => {
    const shape = mortgageShape({ account_id: 'a1', loan_term: '30 year' })
    expect([shape.loan_term, shape.maturity_date]).toEqual(['30 year', null])
  })
})
