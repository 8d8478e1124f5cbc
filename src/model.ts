import type { RemovalCause } from './tombstone.ts'

/**
 * The words that rooms share. Amounts are integers in the currency's minor unit, positive = money in or
 * owned (src/money.ts). Times are ISO 8601 in UTC, days `YYYY-MM-DD`. Ids are Plaid's own.
 */

export type Environment = 'sandbox' | 'production'

/** Plaid's products that this program knows how to use. */
export type Product = 'transactions' | 'investments' | 'liabilities'

/** The life of a connection; what each means and what ends it is in src/connections/transitions.ts. */
export const statuses = [
  'active',
  'preparing',
  'expiring',
  'needs_reauth',
  'bank_issue',
  'expired',
  'revoked',
  'removing',
] as const
export type Status = (typeof statuses)[number]

/** A Plaid Item, without its access token. */
export interface Connection {
  readonly itemId: string
  readonly environment: Environment
  /** The bank's name, cleaned of control characters. */
  readonly institution: string
  readonly institutionId: string | null
  readonly label: string | null
  readonly person: string | null
  readonly status: Status
  /** Plaid's code that led to this status, such as ITEM_LOGIN_REQUIRED or PENDING_DISCONNECT. */
  readonly reason: string | null
  /** Until when the login works, by the last warning; kept while something worse hides it. */
  readonly deadline: string | null
  /** The code of that warning, such as PENDING_DISCONNECT. */
  readonly warning: string | null
  /** Plaid has not fetched all its data yet; shown as `preparing` unless the login is broken. */
  readonly awaitingData: boolean
  /** The last `consent_expiration_time` that Plaid told. */
  readonly consentExpirationTime: string | null
  /** The `consent_expiration_time` that a finished update mode has already answered. */
  readonly answeredDeadline: string | null
  /** When a person last finished update mode. */
  readonly repairedAt: string | null
  /** When the last ERROR webhook that was applied was sent, and the last PENDING_* or LOGIN_REPAIRED. */
  readonly errorSentAt: string | null
  readonly warningSentAt: string | null
  readonly newAccounts: boolean
  /** Products that the Item has, and those that the person has agreed to besides. */
  readonly products: readonly string[]
  readonly consentedProducts: readonly string[]
  readonly createdAt: string
  readonly lastUsedAt: string | null
  readonly lastSyncedAt: string | null
  /** Start of the last `/item/get` that Plaid answered. */
  readonly lastCheckedAt: string | null
  /** Plaid's own age of the data: `status.*.last_successful_update`. */
  readonly dataAsOf: string | null
  /** Why the last sync failed, by our code; null when it did not. */
  readonly syncError: string | null
  /** When Plaid last told of data that no sync has brought yet. */
  readonly dirtySince: string | null
  /** The item_id of the connection that took the place of this one when it was over. */
  readonly replacedBy: string | null
  /** Since when it is being removed, why, and when Plaid was last asked to. */
  readonly removingSince: string | null
  readonly removalCause: RemovalCause | null
  readonly removalTriedAt: string | null
}

/** What a webhook of Plaid's says, reduced to what is acted on. Times are ISO 8601 in UTC. */
export type WebhookEvent =
  /** ITEM ERROR, and USER_PERMISSION_REVOKED as Plaid's code of it. */
  | { readonly type: 'error'; readonly plaidCode: string }
  | { readonly type: 'login_repaired' }
  /** `deadline` is null where Plaid did not say. */
  | {
      readonly type: 'pending'
      readonly warning: 'PENDING_EXPIRATION' | 'PENDING_DISCONNECT'
      readonly deadline: string | null
    }
  | { readonly type: 'account_revoked'; readonly accountId: string }
  | { readonly type: 'new_accounts' }
  | { readonly type: 'webhook_acknowledged'; readonly url: string | null }
  /** Something about the login that cannot be read, such as an error without a code: only `/item/get` can tell. */
  | { readonly type: 'unreadable' }
  /** Plaid has newer transactions, holdings or liabilities. */
  | { readonly type: 'data_changed' }
  /** A Link session ended or brought an Item; it names no Item. */
  | { readonly type: 'link_session' }

/** A verified webhook. */
export interface ReceivedWebhook {
  /** Null for those about a link. */
  readonly itemId: string | null
  readonly event: WebhookEvent
  /** The signature's `iat`, at whole seconds. */
  readonly sentAt: string
}

/** How Plaid's webhooks about one Item fare. */
export interface WebhookDelivery {
  readonly itemId: string
  /** Where Plaid sends them, as `/item/get` last said; null: nowhere. */
  readonly url: string | null
  /** Our code of what kept us from telling Plaid another address, when that was last tried. */
  readonly updateError: string | null
  /** What Plaid says it sent last, whether or not it arrived. */
  readonly lastSentCode: string | null
  readonly lastSentAt: string | null
  /** When the last one that arrived here was sent. */
  readonly lastReceivedAt: string | null
}

/** What the leader says of itself to other processes. */
export interface LeaderNote {
  readonly pid: number
  readonly since: string
  /** Where it listens for webhooks; null: nowhere. */
  readonly port: number | null
  /** Why it does not listen, by our code; null when it does, or is not to. */
  readonly problem: string | null
}

export type AccountType = 'depository' | 'credit' | 'loan' | 'investment' | 'other'

export interface Account {
  readonly accountId: string
  readonly itemId: string
  readonly name: string
  readonly mask: string | null
  readonly type: AccountType
  readonly subtype: string | null
  /** ISO 4217, or Plaid's unofficial code (a crypto ticker). */
  readonly currency: string
  /** As Plaid means them: for credit and loan a positive `current` is owed. */
  readonly current: number | null
  readonly available: number | null
  readonly limit: number | null
  readonly persistentAccountId: string | null
  readonly dataAsOf: string | null
  /** The account_id of the same account seen through another login; only one of them counts. */
  readonly sameAs: string | null
}

export interface Category {
  readonly primary: string
  readonly detailed: string
  /** VERY_HIGH, HIGH, MEDIUM, LOW, UNKNOWN, or null. */
  readonly confidence: string | null
}

/** A bank or card transaction. `amount` is positive when money comes in (the opposite of Plaid's sign). */
export interface Transaction {
  readonly transactionId: string
  readonly accountId: string
  /** Posted day; for a pending one the day it happened. */
  readonly date: string
  readonly amount: number
  readonly currency: string
  readonly name: string
  readonly merchant: string | null
  readonly category: Category | null
  readonly pending: boolean
  readonly pendingTransactionId: string | null
}

/** What an investment account did. `amount` is positive when cash comes into the account. */
export interface InvestmentTransaction {
  readonly transactionId: string
  readonly accountId: string
  readonly date: string
  readonly amount: number
  readonly currency: string
  readonly name: string
  /** What of `amount` the broker took for it, so negative; null where it does not tell. */
  readonly fees: number | null
  /** buy, sell, cancel, cash, fee, transfer */
  readonly type: string
  readonly subtype: string
}

/** One position, with what is needed of its security. `quantity` and `price` are decimal text: they have no fixed scale. */
export interface Holding {
  readonly itemId: string
  readonly accountId: string
  readonly securityId: string
  readonly ticker: string | null
  readonly name: string
  /** Plaid's security type: cash, cryptocurrency, derivative, equity, etf, fixed income, loan, mutual fund, other */
  readonly type: string
  readonly quantity: string
  readonly price: string | null
  readonly priceAsOf: string | null
  /** Null where the bank tells none and none can be made of its price: such a position is in no total. */
  readonly value: number | null
  /** Total cost of the position, not per unit. */
  readonly costBasis: number | null
  readonly currency: string
}

/** A span of days, both ends included. */
export interface Span {
  readonly from: string
  readonly to: string
}

/**
 * What is kept of transactions with the ledger off: sums per day for what can pair with nothing, and single
 * amounts, without text or id, for what may be one side of a transfer or card payment.
 */
export interface FlowDay {
  readonly itemId: string
  readonly accountId: string
  readonly date: string
  readonly currency: string
  /** How the rows of the sum count: see `kinds` in src/snapshot. */
  readonly kind: string
  readonly sum: number
  readonly count: number
}

export interface FlowMove {
  readonly itemId: string
  readonly accountId: string
  readonly date: string
  readonly currency: string
  readonly amount: number
  /** What the row looked like by category and text: see `looks` in src/snapshot. */
  readonly look: string
  readonly pending: boolean
  /** The RuleKind that the owner's rule gave it, or null. */
  readonly rule: string | null
}

/** What rows count as when the owner says so, whatever they look like. */
export const ruleKinds = ['income', 'expense', 'transfer', 'ignore'] as const
export type RuleKind = (typeof ruleKinds)[number]

/** The owner's word on rows whose name or merchant contains `match` (cleaned, lower case). */
export interface Rule {
  readonly ruleId: string
  readonly match: string
  readonly kind: RuleKind | null
  readonly category: string | null
  readonly createdAt: string
}

/** What is owed on a card or loan, and when the next payment is due. Amounts as Plaid means them: positive = owed. */
export interface Liability {
  readonly itemId: string
  readonly accountId: string
  readonly kind: 'credit' | 'mortgage' | 'student' | 'loan'
  /** Percent as decimal text, such as '21.99'; of a card that of purchases. */
  readonly apr: string | null
  readonly minimumPayment: number | null
  readonly nextPaymentDueOn: string | null
  readonly lastStatementBalance: number | null
  readonly lastStatementIssuedOn: string | null
  readonly isOverdue: boolean | null
  readonly currency: string
}

/** The balance of an account on a day, the last that was known of that day. */
export interface BalanceDay {
  readonly itemId: string
  readonly accountId: string
  readonly date: string
  readonly currency: string
  readonly current: number
}

/** The household's totals in one currency at one time. The flow is that of 30 days, null while none is known. */
export interface TotalsDay {
  readonly takenAt: string
  /** The day of `takenAt` on the calendar of this machine. */
  readonly date: string
  readonly currency: string
  readonly bankBalance: number
  readonly creditOwed: number
  readonly loansOwed: number
  readonly investments: number
  readonly netWorth: number
  readonly netCashFlow: number | null
  readonly monthlyBurn: number | null
  readonly complete: boolean
}

/** Opening balance plus transactions, held against the balance that the bank tells. */
export interface Reconciliation {
  readonly itemId: string
  readonly accountId: string
  readonly from: string
  readonly to: string
  readonly currency: string
  readonly opening: number
  readonly expected: number
  readonly actual: number
  readonly madeAt: string
}

/** One fetch of one connection. */
export interface SyncRun {
  readonly itemId: string
  readonly startedAt: string
  readonly endedAt: string
  /** Our code of what went wrong; null when it went well. */
  readonly code: string | null
  /** Who asked: tool, schedule, webhook, link. */
  readonly cause: string
}

/** How often a connection is fetched by itself. */
export interface SyncSchedule {
  readonly itemId: string
  /** 0: as all that have no frequency of their own. */
  readonly everyMinutes: number
  /** When the scheduler last began to fetch it, whatever came of that. */
  readonly begunAt: string | null
}

/** When a job of the scheduler last ran. */
export interface JobRun {
  readonly name: string
  /** When it began. */
  readonly lastRunAt: string | null
  /** Our code of what went wrong, CANCELLED until it has ended; null when it went well. */
  readonly lastCode: string | null
}

/** One record per key that ever sealed anything in a database. It holds no key. */
export interface KeyRecord {
  readonly keyId: string
  readonly state: 'active' | 'decrypt-only' | 'retired'
  readonly createdAt: string
  /** A known text sealed with the key: whoever opens it has the right key. Empty once the key is deleted. */
  readonly canary: string
  /** SHA-256 of the key, its first 8 bytes in hex. */
  readonly fingerprint: string
  /** JSON. For a passphrase: the scrypt parameters and salt. For a key file: where it was. */
  readonly kdf: string | null
}
