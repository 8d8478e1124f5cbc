import type { Account, Connection, Span } from '../model.ts'
import {
  addDays,
  isWithin,
  PAIR_DAYS,
  REFUND_DAYS,
  restore,
  rowsOfDistinct,
  today,
  widen,
} from '../snapshot/index.ts'
import type { LedgerCursor, Store } from '../store/store.ts'
import { firstToCome, mayHaveMore } from './flow-of.ts'
import type { Recent } from './recent-rows.ts'
import { plaidDays } from './transactions.ts'

/** The rows that are at hand whether or not a bank can be asked. */
export interface LedgerRows {
  holds(itemId: string, span: Span): Promise<boolean>
  /** The first day that the rows of a connection tell everything from; null where none are kept. */
  since(connection: Connection): Promise<string | null>
  /** By connection; some days more than the span at both ends, for partners, and before it for what was refunded. */
  entries(accounts: readonly Account[], span: Span): Promise<ReadonlyMap<string, Recent>>
}

export function createLedgerRows(store: Store, now: () => number, timeZone: string): LedgerRows {
  /** Older ones than Plaid gives are missing nowhere. */
  function begins({ from }: LedgerCursor, span: Span): string {
    return from <= addDays(today(now(), timeZone), -plaidDays) && from > span.from ? span.from : from
  }

  async function entry(itemId: string, from: string, accounts: readonly Account[], span: Span) {
    const wide = widen({ from: addDays(span.from, -REFUND_DAYS), to: span.to }, PAIR_DAYS)
    const first = await store.ledger.firstDay(itemId)
    // Before its first row a ledger tells nothing: what is kept of these days, as of a login that came before, stands.
    const within = { from: lastOf(from, wide.from, first ?? addDays(wide.to, 1)), to: wide.to }
    const rows = rowsOfDistinct(await store.ledger.rows(within, itemId), accounts)
    const invested = new Set(
      accounts.filter(({ type }) => type === 'investment').map(({ accountId }) => accountId),
    )
    // What an investment account did is in no ledger; what may be a partner was kept of it.
    const moves = (await store.flow.moves()).filter(
      (move) => move.itemId === itemId && invested.has(move.accountId) && isWithin(move.date, within),
    )
    const others = restore({ days: [], moves }, accounts)
    return { rows: [...rows, ...others], span: within, wanted: { from, to: wide.to } }
  }

  return {
    async holds(itemId, span) {
      const cursor = (await store.ledger.cursors()).get(itemId)
      return cursor !== undefined && begins(cursor, span) <= span.from
    },
    async since({ itemId, createdAt, lastSyncedAt }) {
      const cursor = (await store.ledger.cursors()).get(itemId)
      if (cursor === undefined) return null
      const at = lastSyncedAt === null ? now() : Date.parse(lastSyncedAt)
      if (!mayHaveMore({ createdAt }, at)) return cursor.from
      const sure = firstToCome(today(at, timeZone))
      const first = (await store.ledger.firstDay(itemId)) ?? sure
      return lastOf(cursor.from, first < sure ? first : sure)
    },
    async entries(accounts, span) {
      const found = new Map<string, Recent>()
      for (const [itemId, cursor] of await store.ledger.cursors())
        found.set(itemId, await entry(itemId, begins(cursor, span), accounts, span))
      return found
    },
  }
}

/** Nothing, where the owner wants no transaction on disk. */
export const noLedger: LedgerRows = {
  holds: async () => false,
  since: async () => null,
  entries: async () => new Map(),
}

function lastOf(...days: readonly string[]): string {
  return days.reduce((last, day) => (day > last ? day : last))
}
