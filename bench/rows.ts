import type { Connection, Transaction } from '../src/model.ts'

/** A connection that works, one per index. */
export function connectionOf(index: number): Connection {
  const at = new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString()
  return {
    itemId: `item${String(index).padStart(33, '0')}`,
    environment: 'sandbox',
    institution: `Bank number ${index}`,
    institutionId: `ins_${index}`,
    label: null,
    person: null,
    status: 'active',
    reason: null,
    deadline: null,
    warning: null,
    awaitingData: false,
    consentExpirationTime: null,
    repairedAt: null,
    errorSentAt: null,
    warningSentAt: null,
    answeredDeadline: null,
    newAccounts: false,
    products: ['transactions'],
    consentedProducts: ['investments'],
    createdAt: at,
    lastUsedAt: at,
    lastSyncedAt: at,
    lastCheckedAt: at,
    dataAsOf: at,
    syncError: null,
    dirtySince: null,
    replacedBy: null,
    removingSince: null,
    removalCause: null,
    removalTriedAt: null,
  }
}

/** A transaction as Plaid sends it, one per index: 28 a day, back from today. */
export function plaidRowOf(index: number) {
  return {
    transaction_id: `transaction${String(index).padStart(26, '0')}`,
    account_id: 'checking',
    amount: (index % 20_000) / 100 - 20,
    iso_currency_code: 'USD',
    unofficial_currency_code: null,
    date: dayBack(Math.floor(index / 28)),
    authorized_date: dayBack(Math.floor(index / 28)),
    name: `PURCHASE AT SHOP NUMBER ${index % 300}`,
    merchant_name: `Shop ${index % 300}`,
    pending: false,
    pending_transaction_id: null,
    payment_channel: 'in store',
    personal_finance_category: {
      primary: 'GENERAL_MERCHANDISE',
      detailed: 'GENERAL_MERCHANDISE_OTHER_GENERAL_MERCHANDISE',
      confidence_level: 'HIGH',
    },
    counterparties: [],
    location: { address: null, city: null, region: null, postal_code: null, country: null },
    payment_meta: { reference_number: null, payer: null, payee: null, reason: null },
    logo_url: null,
    website: null,
    account_owner: null,
  }
}

/** The ledger's row of the same. */
export function transactionOf(index: number): Transaction {
  const { transaction_id, account_id, date, name, merchant_name } = plaidRowOf(index)
  return {
    transactionId: transaction_id,
    accountId: account_id,
    date,
    amount: 2_000 - (index % 20_000),
    currency: 'USD',
    name,
    merchant: merchant_name,
    category: { primary: 'GENERAL_MERCHANDISE', detailed: 'GENERAL_MERCHANDISE_OTHER', confidence: 'HIGH' },
    pending: false,
    pendingTransactionId: null,
  }
}

export function dayBack(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}
