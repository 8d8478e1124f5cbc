import type { HostState } from '../host-state.ts'
import type {
  Account,
  Environment,
  Holding,
  InvestmentTransaction,
  Liability,
  Product,
  Transaction,
} from '../model.ts'
import type { PlaidKeys } from '../plaid-keys.ts'
import type { Secret } from '../secret.ts'

/** What `/item/get` says. An Item that needs a login still answers, with `error` set. */
export interface ItemState {
  readonly itemId: string
  readonly institutionId: string | null
  readonly institution: string | null
  /** Plaid's error_code, or null when the Item is healthy. */
  readonly error: string | null
  readonly products: readonly string[]
  readonly consentedProducts: readonly string[]
  readonly consentExpirationTime: string | null
  /** The later of the products' `last_successful_update`: Plaid's own age of the data. */
  readonly lastUpdate: string | null
  /** Where Plaid sends webhooks about it. */
  readonly webhook: string | null
  /** The last webhook that Plaid sent, whether or not it arrived. */
  readonly lastWebhook: { readonly code: string; readonly sentAt: string } | null
}

/** A key that Plaid signs webhooks with. */
export interface WebhookKey {
  /** As Plaid sent it; whoever verifies with it says what it takes. */
  readonly jwk: Readonly<Record<string, unknown>>
  /** Unix seconds; null while it is in use. */
  readonly expiredAt: number | null
}

export interface NewLink {
  readonly products: readonly Product[]
  readonly additionalProducts: readonly Product[]
  readonly days: number
  /** Where the page sends the person in the end, however it went. */
  readonly completionUrl?: string | null
}

/** Update mode: the same Item, no `products`. */
export interface UpdateLink {
  readonly itemId: string
  readonly addAccounts: boolean
  readonly addProducts: readonly Product[]
  readonly completionUrl?: string | null
}

export interface LinkUrl {
  readonly linkToken: Secret
  readonly url: Secret
  readonly expiresAt: string
}

/** What tells an account that was shared from others; its id is not here, since Link may leave it out. */
export interface LinkedAccount {
  readonly name: string
  readonly mask: string | null
  readonly subtype: string | null
  readonly persistentAccountId: string | null
}

/** What a person did in one opening of the Link page. */
export interface LinkSession {
  readonly finishedAt: string | null
  /** Set as soon as the bank accepted the login; may come before `finishedAt`. Never set in update mode. */
  readonly added: readonly {
    readonly publicToken: Secret
    readonly institutionId: string | null
    readonly institution: string | null
    readonly accounts: readonly LinkedAccount[]
  }[]
  /** The person left, or Link gave up. */
  readonly exited: boolean
}

/** What became of an Item's transactions since a cursor. */
export interface TransactionUpdates {
  /** New and changed ones, each id once; a pending one may stand beside the posted one it became. */
  readonly upserts: readonly Transaction[]
  /** Ids that are gone; some may never have been told of. */
  readonly removed: readonly string[]
  /** Where the next call goes on. */
  readonly cursor: string
  /** Read from the beginning, asked for or not: `upserts` are all there are, and what else is known is outdated. */
  readonly isWhole: boolean
}

/**
 * What the rest of the program asks of Plaid, in our words. Every method throws a CofferError and nothing
 * else. Only add methods that something calls.
 */
export interface Plaid {
  createLink(request: NewLink | UpdateLink, signal?: AbortSignal): Promise<LinkUrl>
  /** The sessions of a link, oldest first; empty until the page is opened. */
  linkSessions(linkToken: Secret, signal?: AbortSignal): Promise<readonly LinkSession[]>
  /** Never repeated by itself: the caller records its intent first. */
  exchange(publicToken: Secret): Promise<{ accessToken: Secret; itemId: string }>
  /**
   * The Item of a token that is not kept here, and its accounts, none where the bank does not give them: free. WRONG_ENVIRONMENT
   * where the token itself says so; CONNECTION_ENDED also for one of another team.
   */
  whose(
    accessToken: Secret,
    signal?: AbortSignal,
  ): Promise<{ readonly item: ItemState; readonly accounts: readonly Account[] }>
  /** `/item/get`: free. `forRepair`: somebody is repairing the login, for which some of each minute's calls are set aside. */
  item(itemId: string, signal?: AbortSignal, how?: { readonly forRepair?: boolean }): Promise<ItemState>
  /**
   * `/item/remove`: ends the Item and what is billed for it. Never repeated by itself. `gone`: Plaid knows no such Item
   * by this token any more, as when an earlier answer was lost.
   */
  removeItem(itemId: string, signal?: AbortSignal): Promise<'removed' | 'gone'>
  /** What Plaid calls this institution, or null: free. */
  institution(institutionId: string, signal?: AbortSignal): Promise<string | null>
  /** Tells Plaid where to send webhooks about this Item. The answer has no `lastWebhook` and no `lastUpdate`. */
  updateWebhook(itemId: string, url: string, signal?: AbortSignal): Promise<ItemState>
  /** An error with an `httpStatus` of 4xx when there is no such key, as a rule INVALID_WEBHOOK_VERIFICATION_KEY_ID. */
  webhookKey(kid: string, signal?: AbortSignal): Promise<WebhookKey>
  /** Cached balances: free. */
  accounts(itemId: string, signal?: AbortSignal): Promise<readonly Account[]>
  /** Live balances: billed per call, slow. */
  liveBalances(itemId: string, signal?: AbortSignal): Promise<readonly Account[]>
  /** All transactions with a date in [from, to], by `/transactions/get`, every page. NOT_READY when Plaid has none yet. */
  transactions(
    itemId: string,
    from: string,
    to: string,
    signal?: AbortSignal,
  ): Promise<readonly Transaction[]>
  /**
   * All that changed since `cursor`, by `/transactions/sync`; null = from the beginning. Reads every page again when
   * the data change meanwhile, and all from the beginning when the cursor leads nowhere. NOT_READY when Plaid has
   * none yet.
   */
  transactionUpdates(itemId: string, cursor: string | null, signal?: AbortSignal): Promise<TransactionUpdates>
  holdings(itemId: string, signal?: AbortSignal): Promise<readonly Holding[]>
  investmentTransactions(
    itemId: string,
    from: string,
    to: string,
    signal?: AbortSignal,
  ): Promise<readonly InvestmentTransaction[]>
  /** What is due on cards and loans, one row per account. Starts the product where it was only consented. */
  liabilities(itemId: string, signal?: AbortSignal): Promise<readonly Liability[]>
  /** Are the keys good, and if not, do they fit the other environment? Costs nothing. */
  checkKeys(signal?: AbortSignal): Promise<{ ok: boolean; fits: Environment | null }>
  /** Sandbox and simulator only: makes the Item need a login. */
  resetLogin(itemId: string): Promise<void>
}

/** What the room gets from outside. */
export interface PlaidDeps {
  /** Asked before each call. @throws CofferError NOT_CONFIGURED, or VAULT_LOCKED when they are in a keychain that is locked */
  readonly keys: () => Promise<PlaidKeys>
  /** Plaid refused them; others may have been set meanwhile. */
  readonly onKeysRejected?: () => void
  readonly environment: Environment
  /** Where Plaid is, asked before each call: the demo's simulator may move to another process. */
  readonly baseUrl: () => Promise<string>
  readonly clientName: string
  readonly language: string
  readonly countryCodes: readonly string[]
  /** The webhook URL that a new Item is told, or null. */
  readonly webhookUrl: string | null
  /** Plaid's stable id of the person, not an e-mail address. */
  readonly clientUserId: string
  readonly tokenOf: (itemId: string) => Promise<Secret>
  readonly budget: RateBudget
  /** Default: what this process alone has seen. */
  readonly hosts?: HostMemory
  /** Told of each call that was answered or failed, for the log. Never sees a token. */
  readonly onCall?: (call: CallReport) => void
  readonly now: () => number
  /** For the jitter of retries, in [0, 1). Default: Math.random. */
  readonly random?: () => number
  /** Where rejected keys are tried as well. Default: the other Plaid host, and none when Plaid is on loopback. */
  readonly otherEnvironmentUrl?: string
}

export interface CallReport {
  readonly endpoint: string
  readonly itemId: string | null
  readonly ms: number
  readonly code: string | null
  readonly requestId: string | null
}

/** Half of Plaid's limits, counted over every process that shares the store. */
export interface RateBudget {
  /**
   * 0 = go ahead, and the call is counted; otherwise the milliseconds until there is room again.
   * @param billed what the call costs: each one, or the month from the first on
   */
  take(
    limits: readonly { readonly key: string; readonly perMinute: number }[],
    billed: Billed | null,
  ): Promise<number>
}

export interface Billed {
  readonly itemId: string
  readonly endpoint: string
  readonly per: 'call' | 'month'
}

/** What every process that shares the store has seen of Plaid's hosts. */
export interface HostMemory {
  read(host: string): Promise<HostState>
  /** At once for all; the same state back changes nothing. */
  change(host: string, change: (now: HostState) => HostState): Promise<HostState>
}
