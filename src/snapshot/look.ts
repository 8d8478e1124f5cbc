import type { AccountType, InvestmentTransaction, Transaction } from '../model.ts'
import type { Look } from './kinds.ts'

const ISSUERS =
  'amex|american express|barclaycard|bk of amer(ica)?|capital one|chase|citi|discover|synchrony|wells fargo'
const PAID = 'auto ?pay|e-?pay|e-?payment|payment|pymt|pmt|ccpymt'

// "Card payment" alone is what many banks call a purchase with a debit card; it takes the word credit, the
// abbreviation of an automatic one, or an issuer's own wording.
const cardPaymentText = new RegExp(
  [
    `\\bcredit ?(card|crd)\\b.*\\b(${PAID})\\b`,
    `\\b(crd|card) auto ?pay\\b`,
    `\\b(${ISSUERS})\\b.*\\b(e-?pay|e-?payment|auto ?pay|(mobile|online|card|crd) (pymt|pmt|payment)|ccpymt)\\b`,
    `\\b(applecard|cardmember serv\\w*)\\b`,
    `\\bpayment\\b.*\\bthank`,
  ].join('|'),
  'i',
)
const paidOnCardText = new RegExp(`\\b(${PAID})\\b|\\bthank you\\b`, 'i')
const returnedText = /\breturn(ed)?\b.*\b(payment|pymt|pmt)\b|\b(payment|pymt|pmt)\b.*\b(revers|return)/i
const transferText =
  /\b(transfer(red)?|xfer|trnsfr|trsf|tfr|zelle|venmo|cash app|wire (in|out|type|trans)|(incoming|outgoing) wire|(to|from) (savings|checking|brokerage))\b/i

// Strangers write these texts; a very long one would keep the expressions above busy.
const TEXT_LENGTH = 300

const movingSubtypes = new Set([
  'contribution',
  'deposit',
  'distribution',
  'pending credit',
  'pending debit',
  'request',
  'send',
  'transfer',
  'withdrawal',
])

/** What a bank or card row looks like. Total: an unknown category or text is `plain`. */
export function lookOf(transaction: Transaction, accountType: AccountType): Look {
  const look = sureLook(transaction) ?? unsureLook(transaction, accountType)
  const paid = transaction.amount > 0
  if (accountType === 'loan' && paid && (look === 'plain' || look === 'transfer')) return 'loan_payment'
  // Whatever moves money into a card pays it.
  if (accountType === 'credit' && paid && (look === 'transfer' || look === 'loan_payment'))
    return 'card_payment'
  return look
}

/** Cash that an investment account got from elsewhere or sent there; not trades, dividends or fees. */
export function movesCash(transaction: InvestmentTransaction): boolean {
  const carries = transaction.type === 'cash' || transaction.type === 'transfer'
  return carries && movingSubtypes.has(transaction.subtype)
}

/** What was paid for or with securities; it moves the account's own money about, but for the fees. */
export function isTrade({ type }: InvestmentTransaction): boolean {
  return type === 'buy' || type === 'sell'
}

/** What an investment account earned and cost. */
export type Earning = 'dividend' | 'interest' | 'fee'

const earnings: ReadonlyMap<string, Earning> = new Map([
  ...as('dividend', 'dividend', 'qualified dividend', 'non-qualified dividend'),
  ...as('interest', 'interest', 'interest receivable'),
  ...as('fee', 'account fee', 'fund fee', 'legal fee', 'management fee', 'margin expense'),
  ...as('fee', 'miscellaneous fee', 'transfer fee', 'trust fee'),
])

function as(earning: Earning, ...subtypes: readonly string[]): [string, Earning][] {
  return subtypes.map((subtype) => [subtype, earning])
}

/** By subtype, since brokers book a dividend as cash or as a fee. Of no trade: what was bought with it at once is no second one. */
export function earningOf({ type, subtype }: InvestmentTransaction): Earning | null {
  return earnings.get(subtype) ?? (type === 'fee' ? 'fee' : null)
}

/** By Plaid's category where Plaid is sure of it, or where it says card payment at all. */
function sureLook({ category }: Transaction): Look | null {
  if (category === null) return null
  if (category.detailed.includes('CREDIT_CARD_PAYMENT')) return 'card_payment'
  if (category.confidence !== 'HIGH' && category.confidence !== 'VERY_HIGH') return null
  switch (category.primary) {
    case 'INCOME':
      return incomeLook(category.detailed)
    case 'BANK_FEES':
      return 'fee'
    case 'LOAN_PAYMENTS':
      return 'loan_payment'
    case 'TRANSFER_IN':
    case 'TRANSFER_OUT':
    case 'LOAN_DISBURSEMENTS':
    case 'OTHER':
      return null
    default:
      return 'purchase'
  }
}

function incomeLook(detailed: string): Look {
  if (detailed.includes('INTEREST')) return 'interest'
  return detailed.includes('DIVIDEND') ? 'dividend' : 'income'
}

/** By text, and by a category of any confidence: enough to look like a transfer, since a pair needs more. */
function unsureLook(transaction: Transaction, accountType: AccountType): Look {
  const text = `${transaction.name} ${transaction.merchant ?? ''}`.slice(0, TEXT_LENGTH)
  if (paysCard(text, transaction.amount, accountType)) return 'card_payment'
  if (isTransferCategory(transaction.category?.primary) || transferText.test(text)) return 'transfer'
  return 'plain'
}

function paysCard(text: string, amount: number, accountType: AccountType): boolean {
  if (accountType === 'credit') return (amount > 0 ? paidOnCardText : returnedText).test(text)
  return accountType === 'depository' && cardPaymentText.test(text)
}

function isTransferCategory(primary: string | undefined): boolean {
  return primary === 'TRANSFER_IN' || primary === 'TRANSFER_OUT' || primary === 'LOAN_DISBURSEMENTS'
}
