import { describe, expect, it } from 'vitest'
import type { AccountType, Category } from '../../src/model.ts'
import type { Look } from '../../src/snapshot/kinds.ts'
import { lookOf, movesCash } from '../../src/snapshot/look.ts'
import { category, investment, transaction } from './build.ts'

function look(type: AccountType, amount: number, name: string, of: Category | null = null): Look {
  return lookOf(transaction('account', '2026-11-02', amount, { name, category: of }), type)
}

describe('the text of a bank row', () => {
  it.each<[string, Look]>([
    ['Online Transfer to SAV ...1234', 'transfer'],
    ['ACH XFER 0042', 'transfer'],
    ['Zelle payment to Sam', 'transfer'],
    ['VENMO CASHOUT', 'transfer'],
    ['CASH APP*SAM', 'transfer'],
    ['INCOMING WIRE REF 7', 'transfer'],
    ['Wire Trans Fee Waived', 'transfer'],
    ['Withdrawal to Savings', 'transfer'],
    ['Discover credit card payment', 'card_payment'],
    ['CREDIT CARD 3333 PAYMENT *//', 'card_payment'],
    ['CHASE CREDIT CRD AUTOPAY', 'card_payment'],
    ['CAPITAL ONE MOBILE PYMT', 'card_payment'],
    ['AMEX EPAYMENT ACH PMT', 'card_payment'],
    ['DISCOVER E-PAYMENT', 'card_payment'],
    ['WELLS FARGO CARD CCPYMT', 'card_payment'],
    ['APPLECARD GSBANK PAYMENT', 'card_payment'],
    ['AUTOMATIC PAYMENT - THANK', 'card_payment'],
    ['DEBIT CRD AUTOPAY 98712', 'card_payment'],
    ['DEBIT CARD PAYMENT CORNER CAFE', 'plain'],
    ['CARD PAYMENT TO TESCO', 'plain'],
    ['VERIZON AUTOPAY', 'plain'],
    ['TRANSFERWISE CAFE', 'plain'],
    ['CHASE FIELD SNACKS', 'plain'],
    ['Wire Fence Supply', 'plain'],
    ['Mortgage Payment', 'plain'],
    ['', 'plain'],
  ])('%s is %s', (name, expected) => expect(look('depository', -100, name)).toBe(expected))

  it('counts the merchant too', () => {
    const row = transaction('account', '2026-11-02', -100, { name: 'ACH DEBIT', merchant: 'Venmo' })
    expect(lookOf(row, 'depository')).toBe('transfer')
  })
})

describe('the text of a card row', () => {
  it.each<[number, string, Look]>([
    [100, 'PAYMENT THANK YOU-MOBILE', 'card_payment'],
    [100, 'ONLINE PYMT', 'card_payment'],
    [100, 'AUTOPAY', 'card_payment'],
    [100, 'TRANSFER FROM CHECKING', 'card_payment'],
    [100, 'CORNER CAFE', 'plain'],
    [-100, 'Monthly Rent Payment', 'plain'],
    [-100, 'RETURNED PAYMENT', 'card_payment'],
    [-100, 'PAYMENT REVERSAL', 'card_payment'],
    [-100, 'CASH ADVANCE TRANSFER', 'transfer'],
  ])('%d %s is %s', (amount, name, expected) => expect(look('credit', amount, name)).toBe(expected))
})

describe("Plaid's category", () => {
  it.each<[AccountType, number, string, string, string | null, Look]>([
    ['depository', 100, 'INCOME', 'WAGES', 'VERY_HIGH', 'income'],
    ['depository', 100, 'INCOME', 'WAGES', 'HIGH', 'income'],
    ['depository', 100, 'INCOME', 'WAGES', 'MEDIUM', 'plain'],
    ['depository', 100, 'INCOME', 'INTEREST_EARNED', 'HIGH', 'interest'],
    ['depository', 100, 'INCOME', 'DIVIDENDS', 'HIGH', 'dividend'],
    ['depository', -100, 'BANK_FEES', 'ATM_FEES', 'HIGH', 'fee'],
    ['depository', -100, 'FOOD_AND_DRINK', 'COFFEE', 'HIGH', 'purchase'],
    ['depository', -100, 'FOOD_AND_DRINK', 'COFFEE', 'LOW', 'plain'],
    ['depository', -100, 'FOOD_AND_DRINK', 'COFFEE', null, 'plain'],
    ['depository', -100, 'A_NEW_PRIMARY', 'OF_PLAID', 'HIGH', 'purchase'],
    ['depository', -100, 'OTHER', 'OTHER', 'VERY_HIGH', 'plain'],
    ['depository', -100, 'TRANSFER_OUT', 'SAVINGS', 'VERY_HIGH', 'transfer'],
    ['depository', -100, 'TRANSFER_OUT', 'WITHDRAWAL', 'LOW', 'transfer'],
    ['depository', 100, 'TRANSFER_IN', 'DEPOSIT', null, 'transfer'],
    ['depository', 100, 'LOAN_DISBURSEMENTS', 'MORTGAGE', 'LOW', 'transfer'],
    ['depository', -100, 'LOAN_PAYMENTS', 'CAR_PAYMENT', 'HIGH', 'loan_payment'],
    ['depository', -100, 'LOAN_PAYMENTS', 'CAR_PAYMENT', 'LOW', 'plain'],
    ['depository', -100, 'LOAN_PAYMENTS', 'CREDIT_CARD_PAYMENT', 'LOW', 'card_payment'],
    ['credit', 100, 'LOAN_PAYMENTS', 'CREDIT_CARD_PAYMENT', 'HIGH', 'card_payment'],
    ['credit', 100, 'LOAN_PAYMENTS', 'PERSONAL_LOAN_PAYMENT', 'HIGH', 'card_payment'],
    ['credit', 100, 'TRANSFER_IN', 'ACCOUNT_TRANSFER', 'HIGH', 'card_payment'],
    ['credit', -100, 'TRANSFER_OUT', 'ACCOUNT_TRANSFER', 'HIGH', 'transfer'],
    ['credit', 100, 'TRAVEL', 'FLIGHTS', 'HIGH', 'purchase'],
    ['loan', 100, 'TRANSFER_IN', 'ACCOUNT_TRANSFER', 'HIGH', 'loan_payment'],
    ['loan', 100, 'OTHER', 'OTHER', null, 'loan_payment'],
    ['loan', -100, 'OTHER', 'OTHER', null, 'plain'],
    ['loan', -100, 'LOAN_DISBURSEMENTS', 'STUDENT', 'HIGH', 'transfer'],
    ['investment', 100, 'TRANSFER_IN', 'ACCOUNT_TRANSFER', 'HIGH', 'transfer'],
  ])('on %s, %d, %s %s %s: %s', (type, amount, primary, detailed, confidence, expected) => {
    expect(look(type, amount, 'X', category(primary, detailed, confidence))).toBe(expected)
  })

  it('is stronger than the text where Plaid is sure, and weaker where not', () => {
    expect(look('depository', -100, 'ZELLE', category('RENT_AND_UTILITIES', 'RENT', 'HIGH'))).toBe('purchase')
    expect(look('depository', -100, 'ZELLE', category('RENT_AND_UTILITIES', 'RENT', 'LOW'))).toBe('transfer')
  })

  it('of a transfer gives way to a text that says card payment', () => {
    const transfer = category('TRANSFER_OUT', 'ACCOUNT_TRANSFER')
    expect(look('depository', -100, 'CREDIT CARD 3333 PAYMENT', transfer)).toBe('card_payment')
  })
})

describe('an investment transaction', () => {
  it.each([
    ['cash', 'deposit', true],
    ['cash', 'contribution', true],
    ['cash', 'withdrawal', true],
    ['transfer', 'transfer', true],
    ['transfer', 'send', true],
    ['cash', 'dividend', false],
    ['cash', 'interest', false],
    ['fee', 'transfer', false],
    ['fee', 'account fee', false],
    ['buy', 'buy', false],
    ['buy', 'contribution', false],
    ['sell', 'sell', false],
  ])('of type %s, %s: moves cash %s', (type, subtype, moves) => {
    expect(movesCash(investment('brokerage', '2026-11-02', 100, { type, subtype }))).toBe(moves)
  })
})
