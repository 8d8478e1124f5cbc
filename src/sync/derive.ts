import type { Account, Span } from '../model.ts'
import { type FlowRow, judge, keep, restore, rowsOf } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import type { Fetched } from './fetch.ts'
import { createRecentRows, type Recent } from './recent-rows.ts'

type Fresh = ReadonlyMap<string, Recent>

/**
 * Turns fetched transactions into what may be kept. Transfers pair over all connections, so rows fetched in
 * the last minutes and what is kept of the others are looked at together, and every connection whose rows
 * are at hand is written anew.
 */
export function createDeriver(store: Store, now: () => number) {
  const recent = createRecentRows(now)
  let last: Promise<void> = Promise.resolve()

  async function derive(itemId: string, fetched: Fetched, span: Span, at: number): Promise<void> {
    const { transactions, investmentTransactions } = fetched
    const rows = rowsOf(transactions ?? [], investmentTransactions ?? [], fetched.accounts)
    recent.put(itemId, { rows, span, at })
    const accounts = await store.accounts.list()
    await forgetOutdated(new Set(accounts.map((account) => account.itemId)))
    const fresh = new Map(recent.entries())
    const verdicts = judge([...rowsIn(fresh), ...(await keptRows(accounts, fresh))])
    for (const [id, { rows, span: known }] of fresh) {
      const { days, moves } = keep(rows, verdicts)
      await store.flow.replace(id, known, days, moves)
    }
  }

  /**
   * Of a connection that was removed or revoked meanwhile nothing may be written any more, and what another
   * process has fetched since is newer than what is remembered here.
   */
  async function forgetOutdated(known: ReadonlySet<string>): Promise<void> {
    const synced = new Map((await store.connections.list()).map((row) => [row.itemId, row.lastSyncedAt]))
    for (const [id, { at }] of recent.entries()) {
      const isOutdated = Date.parse(synced.get(id) ?? '') > at
      if (isOutdated || !known.has(id)) recent.forget(id)
    }
  }

  /** What is kept of the connections whose rows are not at hand. */
  async function keptRows(accounts: readonly Account[], fresh: Fresh): Promise<FlowRow[]> {
    const spans = [...fresh.values()].flatMap(({ span }) => [span.from, span.to]).sort()
    const kept = await store.flow.read({ from: spans.at(0) ?? '', to: spans.at(-1) ?? '' })
    const others = <T extends { itemId: string }>(rows: readonly T[]) =>
      rows.filter((row) => !fresh.has(row.itemId))
    return restore({ days: others(kept.days), moves: others(kept.moves) }, accounts)
  }

  return {
    /** One after the other: two at once would each miss the other's rows. `at`: when the fetch began, in ms. */
    add(itemId: string, fetched: Fetched, span: Span, at: number): Promise<void> {
      last = last.catch(() => undefined).then(() => derive(itemId, fetched, span, at))
      return last
    },
  }
}

function rowsIn(fresh: Fresh): FlowRow[] {
  return [...fresh.values()].flatMap(({ rows }) => rows)
}
