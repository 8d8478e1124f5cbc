import type { AccountBase, Transaction } from 'plaid'
import type { Stage } from './bank.ts'
import type { Parcel } from './delivery/parcel.ts'
import type { PlaidErrorCode } from './failure.ts'
import type { Plain } from './shapes.ts'
import type { Environment } from './world.ts'

/** What may be turned while the simulator runs; all times in ms unless the name says otherwise. */
export interface Settings {
  /** From the start of a product to its first data (30 days); the whole history comes after twice that. */
  readyAfterMs: number
  /** Whether a finished update-mode session carries `on_success`; Plaid does not say, so both exist. */
  updateOnSuccess: boolean
  /** How long a session still runs after the bank login worked, its results being there already. */
  finishAfterMs: number
  /** How long a live balance takes, in real time. */
  balanceLatencyMs: number
  /** Sandbox logins rot after 30 days. */
  rotAfterDays: number
  /** Whether cached data is still given out while the Item wants a login. */
  answerWhenBroken: boolean
  /** Production's rate limits in place of Sandbox's. */
  productionLimits: boolean
  /** Each change since a cursor comes with a `modified` row that is the same and a `removed` one never seen. */
  untidySync: boolean
  /** Whether webhooks are sent; they are listed either way. */
  webhookDelivery: boolean
  /** How long a receiver may take, in real time. */
  webhookTimeoutMs: number
  /** Whether a retry carries a signature of its own; Plaid does not say. */
  resignRetries: boolean
  /** How often each webhook is sent. */
  webhookCopies: number
  /** The share of webhooks that get lost, 0 to 1; which ones comes from the seed. */
  webhookLossShare: number
  webhookDelayMs: number
  /** What signatures and keys go by: the simulator's clock, or that of the machine, for receivers whose clock cannot be moved. */
  webhookClock: 'simulated' | 'machine'
  /** Whether what time alone brings is announced: first data, a login that rots, a deadline that passes. */
  timedWebhooks: boolean
  /** Whether sessions in update mode are announced to the webhook of their link; Plaid does not say. */
  updateSessionWebhook: boolean
  /** Whether webhooks carry `user_id`, as those of newer teams do. */
  webhookUserId: boolean
}

export const defaultSettings: Settings = {
  readyAfterMs: 4_400,
  updateOnSuccess: true,
  finishAfterMs: 0,
  balanceLatencyMs: 0,
  rotAfterDays: 30,
  answerWhenBroken: false,
  productionLimits: false,
  untidySync: false,
  webhookDelivery: true,
  webhookTimeoutMs: 10_000,
  resignRetries: true,
  webhookCopies: 1,
  webhookLossShare: 0,
  webhookDelayMs: 0,
  webhookClock: 'simulated',
  timedWebhooks: true,
  updateSessionWebhook: false,
  webhookUserId: false,
}

/** A change to what the bank itself would show; `put` adds a row or replaces the one with its id. */
export type Edit =
  | { readonly kind: 'put'; readonly transaction: Plain<Transaction> }
  | { readonly kind: 'drop'; readonly transactionId: string }

export interface ItemState {
  readonly itemId: string
  /** Null until the public token was exchanged. */
  accessToken: string | null
  readonly institutionId: string
  readonly username: string
  readonly password: string
  readonly createdAt: number
  loggedInAt: number
  webhook: string | null
  /** Each product of the Item and when it was begun; Plaid bills these. */
  products: Record<string, number>
  consented: string[]
  readonly daysRequested: number
  trouble: { code: PlaidErrorCode; since: number } | null
  disconnectAt: number | null
  consentEndsAt: number | null
  removed: boolean
  revokedAccounts: string[]
  /** Opened at the bank after the login; `shared` once the person chose them in update mode. */
  newAccounts: { account: Plain<AccountBase>; shared: boolean }[]
  edits: Edit[]
  verification: Record<string, 'automatically_verified' | 'verification_expired'>
  lastWebhook: { code: string; at: number } | null
  /** Whether `/transactions/sync` was ever asked for. */
  synced: boolean
  told: Told
}

/** What the webhook has heard of that time alone brought. */
export interface Told {
  stages: Record<string, Stage>
  troubleSince: number | null
}

export interface LinkEvent {
  readonly event_name: string
  readonly event_id: string
  readonly timestamp: string
  readonly event_metadata: Record<string, string>
}

export interface SessionState {
  readonly sessionId: string
  readonly startedAt: number
  /** May lie ahead: then results are there and the session still runs. */
  finishesAt: number | null
  /** Newest first. */
  events: LinkEvent[]
  /** The Item made or repaired, and a public token for it. */
  success: { itemId: string; publicToken: string } | null
  exit: { institutionId: string | null; code: PlaidErrorCode | null } | null
  /** The last refusal of the bank, which goes into the exit. */
  refusal: { institutionId: string; code: PlaidErrorCode } | null
}

export interface LinkState {
  readonly linkToken: string
  /** The unguessable part of the hosted URL. */
  readonly pageId: string
  readonly createdAt: number
  readonly expiresAt: number
  /** Set in update mode. */
  readonly itemId: string | null
  readonly clientName: string
  readonly language: string
  readonly countryCodes: readonly string[]
  readonly products: readonly string[]
  readonly consented: readonly string[]
  readonly accountSelection: boolean
  readonly daysRequested: number
  readonly webhook: string | null
  readonly redirectUri: string | null
  readonly completionUri: string | null
  readonly hosted: boolean
  sessions: SessionState[]
}

export interface WebhookKey {
  readonly kid: string
  readonly environment: Environment
  readonly x: string
  readonly y: string
  /** The private half, PKCS#8 PEM: only what the simulator itself signs with. */
  readonly privateKey: string
  /** Unix seconds. */
  readonly createdAt: number
  expiredAt: number | null
}

export interface QueuedWebhook {
  readonly id: string
  readonly at: number
  readonly url: string
  readonly itemId: string | null
  readonly payload: Readonly<Record<string, unknown>>
}

/** All that the simulator remembers. Plain data: this is the state file. */
export interface State {
  readonly version: 1
  readonly seed: string
  readonly clientId: string
  readonly secret: string
  /** Ids given out so far; each id is made from the seed and its number. */
  idsGiven: number
  /** What the clock was moved by. */
  clockOffsetMs: number
  settings: Settings
  items: Record<string, ItemState>
  /** Access token -> item_id; an invalidated token leaves, a removed Item's stays. */
  accessTokens: Record<string, string>
  publicTokens: Record<string, { itemId: string; expiresAt: number }>
  links: Record<string, LinkState>
  webhookKeys: WebhookKey[]
  webhooks: QueuedWebhook[]
  outbox: Parcel[]
}
