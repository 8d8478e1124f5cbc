import { plaidFailure, type PlaidErrorCode } from './failure.ts'

const WINDOW_MS = 60_000

/** Calls a minute: for one Item, and for all of the client's together. */
type Rates = readonly [perItem: number, perClient: number]

interface Limit {
  readonly sandbox: Rates
  readonly production: Rates
  readonly code: PlaidErrorCode
  /** The code when it is the client's limit, where that is another one. */
  readonly clientCode?: PlaidErrorCode
}

const MANY = Number.POSITIVE_INFINITY

const limits: Readonly<Record<string, Limit>> = {
  '/accounts/balance/get': {
    ...rates([25, 100], [5, 1_200]),
    code: 'BALANCE_LIMIT',
    clientCode: 'ACCOUNTS_BALANCE_GET_LIMIT',
  },
  '/accounts/get': { ...rates([100, 5_000], [15, 15_000]), code: 'ACCOUNTS_LIMIT' },
  '/item/get': { ...rates([40, 5_000], [15, 5_000]), code: 'ITEM_GET_LIMIT' },
  '/item/remove': { ...rates([100, 500], [30, 2_000]), code: 'RATE_LIMIT' },
  '/transactions/sync': { ...rates([50, 1_000], [50, 2_500]), code: 'TRANSACTIONS_SYNC_LIMIT' },
  '/transactions/get': { ...rates([80, 1_000], [30, 20_000]), code: 'TRANSACTIONS_LIMIT' },
  '/transactions/refresh': { ...rates([2, 100], [2, 100]), code: 'TRANSACTIONS_REFRESH_LIMIT' },
  '/investments/holdings/get': {
    ...rates([100, 1_000], [15, 2_000]),
    code: 'INVESTMENT_HOLDINGS_GET_LIMIT',
  },
  '/investments/transactions/get': {
    ...rates([100, 1_000], [30, 20_000]),
    code: 'INVESTMENT_TRANSACTIONS_LIMIT',
  },
  '/liabilities/get': { ...rates([10, 1_000], [15, 1_000]), code: 'RATE_LIMIT' },
  '/institutions/get_by_id': { ...rates([MANY, 400], [MANY, 400]), code: 'INSTITUTIONS_GET_BY_ID_LIMIT' },
  '/institutions/get': { ...rates([MANY, 10], [MANY, 50]), code: 'INSTITUTIONS_GET_LIMIT' },
  '/sandbox/transactions/create': { ...rates([2, 50], [2, 50]), code: 'RATE_LIMIT' },
}

export interface Limiter {
  /** Counts a call, or throws the 429 of the path. `itemId` is null where no Item is meant. */
  count(path: string, itemId: string | null, column: 'sandbox' | 'production'): void
}

/** `now`: ms by the simulator's clock, so that moving the clock ends a wait. */
export function createLimiter(now: () => number): Limiter {
  const calls = new Map<string, number[]>()
  const recent = (key: string) => {
    const kept = (calls.get(key) ?? []).filter((at) => at > now() - WINDOW_MS)
    calls.set(key, kept)
    return kept
  }
  return {
    count(path, itemId, column) {
      const limit = limits[path]
      if (limit === undefined) return
      const [perItem, perClient] = limit[column]
      const ofItem = itemId === null ? [] : recent(`${path} ${itemId}`)
      const ofClient = recent(path)
      if (ofItem.length >= perItem) throw plaidFailure(limit.code)
      if (ofClient.length >= perClient) throw plaidFailure(limit.clientCode ?? limit.code)
      ofItem.push(now())
      ofClient.push(now())
    },
  }
}

function rates(sandbox: Rates, production: Rates): Pick<Limit, 'sandbox' | 'production'> {
  return { sandbox, production }
}
