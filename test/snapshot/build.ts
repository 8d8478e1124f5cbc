import type {
  Account,
  AccountType,
  Category,
  Holding,
  InvestmentTransaction,
  Transaction,
} from '../../src/model.ts'

let serial = 0

export function account(accountId: string, type: AccountType, more: Partial<Account> = {}): Account {
  return {
    accountId,
    itemId: `item-of-${accountId}`,
    name: accountId,
    mask: null,
    type,
    subtype: null,
    currency: 'USD',
    current: 0,
    available: null,
    limit: null,
    persistentAccountId: null,
    dataAsOf: null,
    sameAs: null,
    ...more,
  }
}

/** Plaid's category by its detailed name, such as `TRANSFER_OUT_SAVINGS`. */
export function category(
  primary: string,
  detailed: string,
  confidence: string | null = 'VERY_HIGH',
): Category {
  return { primary, detailed: `${primary}_${detailed}`, confidence }
}

export function transaction(
  accountId: string,
  date: string,
  amount: number,
  more: Partial<Transaction> = {},
): Transaction {
  serial += 1
  return {
    transactionId: `transaction-${serial}`,
    accountId,
    date,
    amount,
    currency: 'USD',
    name: 'SOMETHING',
    merchant: null,
    category: null,
    pending: false,
    pendingTransactionId: null,
    ...more,
  }
}

export function investment(
  accountId: string,
  date: string,
  amount: number,
  more: Partial<InvestmentTransaction> = {},
): InvestmentTransaction {
  serial += 1
  return {
    transactionId: `investment-${serial}`,
    accountId,
    date,
    amount,
    currency: 'USD',
    name: 'CASH',
    fees: null,
    type: 'cash',
    subtype: 'deposit',
    ...more,
  }
}

export function holding(
  accountId: string,
  ticker: string,
  value: number | null,
  more: Partial<Holding> = {},
): Holding {
  return {
    itemId: `item-of-${accountId}`,
    accountId,
    securityId: `security-${ticker}`,
    ticker,
    name: ticker,
    type: 'equity',
    quantity: '1',
    price: null,
    priceAsOf: null,
    value,
    costBasis: null,
    currency: 'USD',
    ...more,
  }
}

export const looksLike = {
  transferOut: { category: category('TRANSFER_OUT', 'ACCOUNT_TRANSFER') },
  transferIn: { category: category('TRANSFER_IN', 'ACCOUNT_TRANSFER') },
  cardPayment: { category: category('LOAN_PAYMENTS', 'CREDIT_CARD_PAYMENT') },
  loanPayment: { category: category('LOAN_PAYMENTS', 'MORTGAGE_PAYMENT') },
  salary: { category: category('INCOME', 'WAGES') },
  interest: { category: category('INCOME', 'INTEREST_EARNED') },
  dividend: { category: category('INCOME', 'DIVIDENDS') },
  groceries: { category: category('FOOD_AND_DRINK', 'GROCERIES') },
  fee: { category: category('BANK_FEES', 'OVERDRAFT_FEES') },
} satisfies Record<string, Partial<Transaction>>
