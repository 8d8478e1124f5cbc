import type { Account, Span, Transaction } from '../model.ts'
import type { Plaid } from '../plaid/operations.ts'
import { addDays, isWithin, today } from '../snapshot/index.ts'
import type { LedgerUpdates, Store } from '../store/store.ts'

export interface LedgerSettings {
  /** How long a row is kept. */
  readonly retentionDays: number
}

/** What Plaid gave of one connection's transactions. */
export interface Pulled {
  /** Those of the span; with the ledger on only those before its first day. */
  readonly rows: readonly Transaction[]
  /** For the ledger; null where it is off. */
  readonly updates: LedgerUpdates | null
}

/** Where transactions come from: `/transactions/get` and nothing else, or `/transactions/sync` and the ledger. */
export interface TransactionSource {
  /** Before each run. With the ledger off nothing of an earlier one stays. */
  prepare(): Promise<void>
  pull(itemId: string, accounts: readonly Account[], span: Span, signal: AbortSignal): Promise<Pulled>
  /** Writes what came, through `store`, and gives every row of the span. */
  keep(store: Store, itemId: string, pulled: Pulled, span: Span): Promise<readonly Transaction[]>
  /** Deletes what has been kept for long enough. */
  prune(): Promise<void>
}

export interface SourceDeps {
  readonly plaid: Plaid
  readonly store: Store
  /** Null: the ledger is off. */
  readonly ledger: LedgerSettings | null
  readonly timeZone: string
  readonly now: () => number
}

/** Plaid gives no more of any Item. */
export const plaidDays = 730

export function createTransactionSource(deps: SourceDeps): TransactionSource {
  return deps.ledger === null ? withoutLedger(deps) : withLedger(deps, deps.ledger)
}

function withoutLedger({ plaid, store }: SourceDeps): TransactionSource {
  let isClear = false
  const prepare = async () => {
    if (!isClear) isClear = await store.ledger.clear()
  }
  return {
    prepare,
    async pull(itemId, _accounts, { from, to }, signal) {
      return { rows: await plaid.transactions(itemId, from, to, signal), updates: null }
    },
    keep: async (_store, _itemId, { rows }) => rows,
    prune: prepare,
  }
}

function withLedger(
  { plaid, store, now, timeZone }: SourceDeps,
  { retentionDays }: LedgerSettings,
): TransactionSource {
  const daysAgo = (days: number) => addDays(today(now(), timeZone), -days)
  const firstKept = () => daysAgo(retentionDays)

  /** Null where all has to be read once more. */
  async function cursorOf(itemId: string, accounts: readonly Account[], from: string) {
    const known = (await store.ledger.cursors()).get(itemId)
    if (known === undefined || known.from > from) return null
    // Of an account that comes back the earlier rows are gone, and no cursor before them leads there.
    const before = new Set((await store.accounts.list(itemId)).map(({ accountId }) => accountId))
    return accounts.every(({ accountId }) => before.has(accountId)) ? known.cursor : null
  }

  /** Rows before the first that is kept are asked for like those of a household without a ledger. */
  async function older(itemId: string, span: Span, first: string, signal: AbortSignal) {
    const from = [span.from, daysAgo(plaidDays)].toSorted().at(-1) ?? span.from
    return from < first ? await plaid.transactions(itemId, from, addDays(first, -1), signal) : []
  }

  return {
    prepare: async () => undefined,
    async pull(itemId, accounts, span, signal) {
      const from = firstKept()
      const since = await cursorOf(itemId, accounts, from)
      const updates = await plaid.transactionUpdates(itemId, since, signal)
      return { rows: await older(itemId, span, from, signal), updates: { ...updates, since, from } }
    },
    async keep(through, itemId, { rows, updates }, span) {
      if (updates === null) return rows
      await through.ledger.apply(itemId, updates)
      // What was read from the start is all that is there now: it need not be read once more.
      const kept = updates.isWhole
        ? updates.upserts.filter(({ date }) => date >= updates.from && isWithin(date, span))
        : await store.ledger.rows(span, itemId)
      return [...rows, ...kept]
    },
    prune: () => store.ledger.prune(firstKept()),
  }
}
