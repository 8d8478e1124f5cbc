import type {
  AccountBase,
  Holding,
  InvestmentTransaction,
  Location,
  PaymentMeta,
  PersonalFinanceCategory,
  Transaction,
  TransactionCounterparty,
} from 'plaid'
import type { BankData } from './bank-data.ts'

/** The SDK's types with its enums as the words that they stand for, so that the SDK itself is never loaded. */
export type Plain<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Element)[]
    ? Plain<Element>[]
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T

export type PlainBankData = BankData

type Category = Plain<PersonalFinanceCategory>
export type Channel = Plain<Transaction['payment_channel']>

// From Plaid's currency code schema; whatever is not in it is taken for ISO 4217.
const unofficial = new Set(
  'ADA BAT BCH BNB BTC BTG BSV CNH DASH DOGE ETC ETH GBX LSK NEO OMG QTUM TRX USDT XMR XRP ZEC ZRX'.split(
    ' ',
  ),
)

/** Exactly one of Plaid's two currency fields is set. */
export function currencyFields(code: string) {
  const isOfficial = !unofficial.has(code)
  return { iso_currency_code: isOfficial ? code : null, unofficial_currency_code: isOfficial ? null : code }
}

/** The decimal amount that Plaid shows for whole minor units; yen have nothing smaller. */
export function majorOf(minor: number, currency = 'USD'): number {
  return minor / 10 ** digitsOf(currency)
}

function digitsOf(currency: string): number {
  return currency === 'JPY' ? 0 : 2
}

/** A decimal amount without the noise that binary fractions add. */
export function rounded(amount: number, digits = 2): number {
  return Number(amount.toFixed(digits))
}

interface AccountFields {
  readonly id: string
  readonly name: string
  readonly officialName?: string | null
  readonly mask: string | null
  readonly type: Plain<AccountBase['type']>
  readonly subtype: Plain<AccountBase['subtype']>
  readonly current: number | null
  readonly available: number | null
  readonly limit?: number | null
  readonly currency?: string
}

export function accountShape(account: AccountFields): Plain<AccountBase> {
  return {
    account_id: account.id,
    balances: {
      available: account.available,
      current: account.current,
      limit: account.limit ?? null,
      ...currencyFields(account.currency ?? 'USD'),
    },
    mask: account.mask,
    name: account.name,
    official_name: account.officialName ?? null,
    type: account.type,
    subtype: account.subtype,
  }
}

interface TransactionFields {
  readonly id: string
  readonly accountId: string
  /** Plaid's sign: positive = money out. */
  readonly amount: number
  readonly currency?: string
  /** Posted day; for a pending one the day it happened. */
  readonly date: string
  readonly authorized: string | null
  readonly text: string
  readonly merchant: string | null
  /** null where Plaid makes nothing of the text. */
  readonly category: Category | null
  readonly pending: boolean
  readonly pendingId: string | null
}

// Shared by all rows: no bank here says where a purchase was made or what the payment's papers say.
const nowhere: Location = {
  address: null,
  city: null,
  region: null,
  postal_code: null,
  country: null,
  lat: null,
  lon: null,
  store_number: null,
}
const noPapers: PaymentMeta = {
  reference_number: null,
  ppd_id: null,
  payee: null,
  by_order_of: null,
  payer: null,
  payment_method: null,
  payment_processor: null,
  reason: null,
}

export function transactionShape(row: TransactionFields): Plain<Transaction> {
  const channel = channelOf(row.category?.primary ?? '', row.text)
  return {
    transaction_id: row.id,
    account_id: row.accountId,
    account_owner: null,
    amount: row.amount,
    ...currencyFields(row.currency ?? 'USD'),
    date: row.date,
    datetime: null,
    authorized_date: row.authorized,
    authorized_datetime: null,
    name: row.text,
    original_description: row.text,
    merchant_name: row.merchant,
    merchant_entity_id: null,
    logo_url: null,
    website: null,
    check_number: null,
    pending: row.pending,
    pending_transaction_id: row.pendingId,
    payment_channel: channel,
    transaction_type: transactionTypes[channel],
    transaction_code: null,
    category: null,
    category_id: null,
    personal_finance_category: row.category,
    counterparties: row.merchant === null ? [] : [counterparty(row.merchant)],
    location: nowhere,
    payment_meta: noPapers,
  }
}

const transactionTypes = { online: 'digital', 'in store': 'place', other: 'special' } as const
const soldInShops = new Set(['FOOD_AND_DRINK', 'GENERAL_MERCHANDISE', 'HOME_IMPROVEMENT', 'TRANSPORTATION'])

function channelOf(primary: string, text: string): Channel {
  if (/\.com|online|\bweb\b/i.test(text)) return 'online'
  return soldInShops.has(primary) ? 'in store' : 'other'
}

function counterparty(name: string): Plain<TransactionCounterparty> {
  return { name, type: 'merchant', entity_id: null, website: null, logo_url: null, confidence_level: 'HIGH' }
}

interface HoldingFields {
  readonly accountId: string
  readonly securityId: string
  readonly quantity: number
  readonly price: number
  readonly priceAsOf: string | null
  readonly costBasis: number | null
  readonly currency?: string
}

export function holdingShape(holding: HoldingFields): Plain<Holding> {
  return {
    account_id: holding.accountId,
    security_id: holding.securityId,
    quantity: holding.quantity,
    institution_price: holding.price,
    institution_price_as_of: holding.priceAsOf,
    institution_price_datetime: null,
    institution_value: rounded(holding.quantity * holding.price, digitsOf(holding.currency ?? 'USD')),
    cost_basis: holding.costBasis,
    ...currencyFields(holding.currency ?? 'USD'),
    vested_quantity: null,
    vested_value: null,
  }
}

interface InvestmentTransactionFields {
  readonly id: string
  readonly accountId: string
  readonly securityId: string | null
  readonly date: string
  readonly name: string
  readonly quantity: number
  /** Plaid's sign: positive = cash leaves the account. */
  readonly amount: number
  readonly price: number
  readonly fees: number | null
  readonly type: Plain<InvestmentTransaction['type']>
  readonly subtype: Plain<InvestmentTransaction['subtype']>
  readonly currency?: string
}

export function investmentTransactionShape(row: InvestmentTransactionFields): Plain<InvestmentTransaction> {
  return {
    investment_transaction_id: row.id,
    account_id: row.accountId,
    security_id: row.securityId,
    date: row.date,
    name: row.name,
    quantity: row.quantity,
    amount: row.amount,
    price: row.price,
    fees: row.fees,
    type: row.type,
    subtype: row.subtype,
    ...currencyFields(row.currency ?? 'USD'),
    cancel_transaction_id: null,
  }
}
