import type { HealthKeeper } from '../connections/health.ts'
import { CofferError, type ErrorCode, isCofferError } from '../errors.ts'
import type {
  Account,
  Holding,
  InvestmentTransaction,
  Liability,
  Product,
  Span,
  Transaction,
} from '../model.ts'
import type { Plaid } from '../plaid/operations.ts'
import type { LedgerUpdates } from '../store/store.ts'
import type { TransactionSource } from './transactions.ts'

/** What Plaid gave for one connection. `null` = the connection has no such product, or Plaid has not fetched it yet. */
export interface Fetched {
  /** When the connection was made. */
  readonly since: string
  /** Plaid's own age of the data; null where it does not tell. */
  readonly dataAsOf: string | null
  readonly accounts: readonly Account[]
  readonly holdings: readonly Holding[] | null
  /** `none`: Plaid says that the bank has none to tell. */
  readonly liabilities: readonly Liability[] | 'none' | null
  readonly transactions: readonly Transaction[] | null
  /** What the ledger has to be told; `transactions` are those that it does not keep then. */
  readonly updates: LedgerUpdates | null
  readonly investmentTransactions: readonly InvestmentTransaction[] | null
  /** The rows that tell the cash flow are there; what is missing must not be taken for nothing. */
  readonly hasAllRows: boolean
  /** Those of the investment accounts did not come: what is kept of them stands. */
  readonly lacksInvested: boolean
  /** The bank gives the rest, but the person did not agree to share this. */
  readonly refused: readonly Product[]
  /** Plaid is still fetching something that this connection has. */
  readonly notReady: boolean
  /** A part that failed while the rest went well. */
  readonly partial: CofferError | null
}

export interface FetchDeps {
  readonly plaid: Plaid
  readonly health: HealthKeeper
  readonly source: Pick<TransactionSource, 'pull'>
  /** What the owner agreed to use at all. */
  readonly products: readonly Product[]
  readonly translateCode: (plaidCode: string) => CofferError
}

export interface Want {
  readonly span: Span
  /** The paid call for balances of this minute. */
  readonly live: boolean
  /** The transactions themselves, in this process. */
  readonly rows?: boolean
  readonly cause: Cause
}

/** Who asks. */
export type Cause = 'tool' | 'schedule' | 'webhook' | 'link'

/**
 * Everything of one connection. The free `/item/get` comes first: it tells a broken login without a failed
 * call, what the Item has, and Plaid's own age of the data.
 */
export async function fetchConnection(
  deps: FetchDeps,
  itemId: string,
  want: Want,
  signal: AbortSignal,
): Promise<Fetched> {
  const { connection, item } = await deps.health.check(itemId, signal)
  if (item.error !== null) throw deps.translateCode(item.error)
  const balances = await fetchBalances(deps, itemId, want.live, signal)
  const has = (product: Product, ...types: Account['type'][]) =>
    connection.products.includes(product) &&
    deps.products.includes(product) &&
    balances.accounts.some((account) => types.includes(account.type))
  const { from, to } = want.span
  const invested = has('investments', 'investment')
  const beside = besideTransactions(want, signal)
  const parts = await Promise.all([
    soft(deps, itemId, has('transactions', 'depository', 'credit', 'loan'), () =>
      deps.source.pull(itemId, balances.accounts, want.span, signal),
    ),
    soft(deps, itemId, invested, () => beside((signal) => deps.plaid.holdings(itemId, signal))),
    soft(deps, itemId, invested, () =>
      beside((signal) => deps.plaid.investmentTransactions(itemId, from, to, signal)),
    ),
    soft(aside(deps), itemId, has('liabilities', 'credit', 'loan'), () =>
      beside((signal) => deps.plaid.liabilities(itemId, signal)),
    ).then(unlessTooOften),
  ])
  const [transactions, holdings, investmentTransactions, liabilities] = parts
  return {
    since: connection.createdAt,
    dataAsOf: item.lastUpdate,
    accounts: balances.accounts,
    transactions: transactions.value?.rows ?? null,
    updates: transactions.value?.updates ?? null,
    holdings: holdings.value,
    liabilities: liabilities.isNone ? 'none' : liabilities.value,
    investmentTransactions: investmentTransactions.value,
    hasAllRows: haveFlow(transactions, investmentTransactions),
    lacksInvested: invested && investmentTransactions.value === null,
    refused: refusedOf(parts),
    notReady: [transactions, holdings, investmentTransactions].some((part) => part.notReady),
    partial: balances.error ?? failureOf(parts),
  }
}

/** So long that the rest can still be written before whoever waits for a tool has to be answered. */
const besideMs = 10_000

/** What hangs while a person waits does not hold back the transactions of its bank; in the background it may take its time. */
function besideTransactions({ cause }: Want, signal: AbortSignal) {
  return async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    if (cause !== 'tool') return await work(signal)
    const limit = AbortSignal.timeout(besideMs)
    return await work(AbortSignal.any([signal, limit])).catch((error: unknown) => {
      throw limit.aborted && !signal.aborted ? tookTooLong() : error
    })
  }
}

function tookTooLong(): CofferError {
  const text = 'Plaid took too long to answer a part; what it gave before stands.'
  return new CofferError('PLAID_UNREACHABLE', text, { fix: 'Ask again in a minute.', retryable: true })
}

/** A live balance that cannot be had is replaced by Plaid's cached one, and said. */
async function fetchBalances(
  { plaid, health }: FetchDeps,
  itemId: string,
  live: boolean,
  signal: AbortSignal,
) {
  const cached = () => health.attempt(itemId, () => plaid.accounts(itemId, signal))
  if (!live) return { accounts: await cached(), error: null }
  try {
    return { accounts: await health.attempt(itemId, () => plaid.liveBalances(itemId, signal)), error: null }
  } catch (error) {
    if (!isCofferError(error) || error.code === 'ITEM_LOGIN_REQUIRED') throw error
    return { accounts: await cached(), error }
  }
}

interface Part<T> {
  readonly value: T | null
  readonly notReady: boolean
  /** Plaid says that the bank has no such data. */
  readonly isNone: boolean
  readonly error: CofferError | null
}

/** In the order in which they are asked for: transactions, holdings, investment transactions, liabilities. */
type Parts = readonly [Part<unknown>, Part<unknown>, Part<unknown>, Part<unknown>]

/** Without the transactions of a bank there is no cash flow; without those of its investment accounts there is. */
function haveFlow(transactions: Part<unknown>, invested: Part<unknown>): boolean {
  if (transactions.notReady || transactions.error !== null) return false
  return transactions.value !== null || invested.value !== null
}

function isRefused({ error }: Part<unknown>): boolean {
  return isCofferError(error, 'CONSENT_REQUIRED')
}

/** Where the transactions are shared, the person left this out. */
function refusedOf([transactions, holdings, invested, liabilities]: Parts): Product[] {
  if (transactions.value === null) return []
  const isInvested = isRefused(holdings) || isRefused(invested)
  return [
    ...(isInvested ? (['investments'] as const) : []),
    ...(isRefused(liabilities) ? (['liabilities'] as const) : []),
  ]
}

function failureOf(parts: Parts): CofferError | null {
  const [transactions] = parts
  const failed = parts.filter((part) => transactions.value === null || !isRefused(part))
  return failed.find(({ error }) => error !== null)?.error ?? null
}

/** What is due changes once a month: with this minute's calls used up, what they brought stands. */
function unlessTooOften<T>(part: Part<T>): Part<T> {
  return isCofferError(part.error, 'PLAID_RATE_LIMITED') ? { ...part, error: null } : part
}

/** For what is no part of the figures: nothing but an error of the login moves the state of the connection. */
function aside({ health }: FetchDeps): Attempts {
  return {
    health: {
      async attempt(itemId, work) {
        const ended = await health.attempt(itemId, () => work().then(succeeded, unlessOfLogin))
        if ('error' in ended) throw ended.error
        return ended.value
      },
    },
  }
}

function succeeded<T>(value: T) {
  return { value }
}

function unlessOfLogin(error: unknown) {
  if (isCofferError(error) && loginErrors.has(error.code)) throw error
  return { error }
}

const loginErrors: ReadonlySet<ErrorCode> = new Set([
  'ITEM_LOGIN_REQUIRED',
  'BANK_ACTION_REQUIRED',
  'CONNECTION_ENDED',
])

interface Attempts {
  readonly health: Pick<HealthKeeper, 'attempt'>
}

/** One product that fails leaves the others be: what Plaid gave is kept, and what it refused is said. */
async function soft<T>(
  deps: Attempts,
  itemId: string,
  wanted: boolean,
  work: () => Promise<T>,
): Promise<Part<T>> {
  const nothing = { value: null, notReady: false, isNone: false, error: null }
  if (!wanted) return nothing
  try {
    return { ...nothing, value: await deps.health.attempt(itemId, work) }
  } catch (error) {
    if (!isCofferError(error)) throw error
    if (error.code === 'NOT_READY') return { ...nothing, notReady: true }
    return error.code === 'PRODUCT_UNAVAILABLE' ? { ...nothing, isNone: true } : { ...nothing, error }
  }
}
