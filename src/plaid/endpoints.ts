import type { Environment } from '../model.ts'

/**
 * A `read` may be asked again and shared by all who ask at once; a `paid` read is shared, but whoever wants it
 * again asks again; a `write` is neither: two people who connect a bank at once need two links.
 */
export type Effect = 'read' | 'paid' | 'write'

/** How often Plaid lets one be called, in a minute. */
export interface Limits {
  readonly item?: number
  readonly client?: number
}

export interface EndpointRules {
  /** How long an answer may take. */
  readonly seconds: number
  readonly effect: Effect
  /** Each call costs; or the first of an Item starts what is billed by the month. */
  readonly billed?: 'call' | 'month'
  /** Plaid's published limits. */
  readonly limits: Readonly<Record<Environment, Limits>>
}

const quick = 15
const firstPull = 60
const unpublished = { production: {}, sandbox: {} }

/** Every path of Plaid's that this program calls. */
export const endpoints = {
  '/link/token/create': {
    seconds: quick,
    effect: 'write',
    limits: { production: { client: 20_000 }, sandbox: { client: 20_000 } },
  },
  '/link/token/get': { seconds: quick, effect: 'read', limits: unpublished },
  '/item/public_token/exchange': {
    seconds: quick,
    effect: 'write',
    limits: { production: { client: 12_000 }, sandbox: { client: 12_000 } },
  },
  '/item/get': {
    seconds: quick,
    effect: 'read',
    limits: { production: { item: 15, client: 5000 }, sandbox: { item: 40, client: 5000 } },
  },
  // Never repeated by itself: the caller has noted what it is about to do, and comes again.
  '/item/remove': {
    seconds: quick,
    effect: 'write',
    limits: { production: { item: 30, client: 2000 }, sandbox: { item: 100, client: 500 } },
  },
  '/item/webhook/update': { seconds: quick, effect: 'write', limits: unpublished },
  // The sender of a webhook waits for it, ten seconds in all.
  '/webhook_verification_key/get': { seconds: 5, effect: 'read', limits: unpublished },
  '/accounts/get': {
    seconds: quick,
    effect: 'read',
    limits: { production: { item: 15, client: 15_000 }, sandbox: { item: 100, client: 5000 } },
  },
  // Billed per call, failed ones included on some plans.
  '/accounts/balance/get': {
    seconds: 35,
    effect: 'paid',
    billed: 'call',
    limits: { production: { item: 5, client: 1200 }, sandbox: { item: 25, client: 100 } },
  },
  '/transactions/get': {
    seconds: firstPull,
    effect: 'read',
    billed: 'month',
    limits: { production: { item: 30, client: 20_000 }, sandbox: { item: 80, client: 1000 } },
  },
  '/transactions/sync': {
    seconds: firstPull,
    effect: 'read',
    billed: 'month',
    limits: { production: { item: 50, client: 2500 }, sandbox: { item: 50, client: 1000 } },
  },
  '/investments/holdings/get': {
    seconds: firstPull,
    effect: 'read',
    billed: 'month',
    limits: { production: { item: 15, client: 2000 }, sandbox: { item: 100, client: 1000 } },
  },
  '/investments/transactions/get': {
    seconds: firstPull,
    effect: 'read',
    billed: 'month',
    limits: { production: { item: 30, client: 20_000 }, sandbox: { item: 100, client: 1000 } },
  },
  '/liabilities/get': {
    seconds: firstPull,
    effect: 'read',
    billed: 'month',
    limits: { production: { item: 15, client: 1000 }, sandbox: { item: 10, client: 1000 } },
  },
  '/institutions/get_by_id': {
    seconds: quick,
    effect: 'read',
    limits: { production: { client: 400 }, sandbox: { client: 400 } },
  },
  '/sandbox/item/reset_login': { seconds: quick, effect: 'write', limits: unpublished },
} as const satisfies Readonly<Record<string, EndpointRules>>

export type Endpoint = keyof typeof endpoints

export function rulesOf(endpoint: Endpoint): EndpointRules {
  return endpoints[endpoint]
}
