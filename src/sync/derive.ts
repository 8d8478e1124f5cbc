import type { Account, Span } from '../model.ts'
import { type FlowRow, judge, keep, restore, rowsOf } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import type { Fetched } from './fetch.ts'

/** Rows of transactions live this long in memory, and never on disk. */
const memoryMs = 15 * 60_000

interface Recent {
  readonly rows: readonly FlowRow[]
  readonly span: Span
  readonly at: number
}

/**
 * Turns fetched transactions into what may be kept. Transfers pair over all connections, so rows fetched in
 * the last minutes and what is kept of the others are looked at together, and every connection whose rows
 * are at hand is written anew.
 */
export function createDeriver(store: Store, now: () => number) {
  const recent = new Map<string, Recent>()
  let last: Promise<void> = Promise.resolve()

  async function derive(itemId: string, fetched: Fetched, span: Span): Promise<void> {
    forget()
    const { transactions, investmentTransactions } = fetched
    const rows = rowsOf(transactions ?? [], investmentTransactions ?? [], fetched.accounts)
    recent.set(itemId, { rows, span, at: now() })
    const accounts = await store.accounts.list()
    forgetOthers(new Set(accounts.map((account) => account.itemId)))
    const all = [...recentRows(), ...(await keptRows(accounts))]
    const verdicts = judge(all)
    for (const [id, { rows, span: known }] of recent) {
      const { days, moves } = keep(rows, verdicts)
      await store.flow.replace(id, known, days, moves)
    }
  }

  function recentRows(): FlowRow[] {
    return [...recent.values()].flatMap(({ rows }) => rows)
  }

  async function keptRows(accounts: readonly Account[]): Promise<FlowRow[]> {
    const spans = [...recent.values()].map(({ span }) => span)
    const from = spans.map((span) => span.from).reduce((a, b) => (a < b ? a : b))
    const to = spans.map((span) => span.to).reduce((a, b) => (a > b ? a : b))
    const { days, moves } = await store.flow.read({ from, to })
    const others = <T extends { itemId: string }>(rows: readonly T[]) =>
      rows.filter((row) => !recent.has(row.itemId))
    return restore({ days: others(days), moves: others(moves) }, accounts)
  }

  function forget(): void {
    for (const [id, { at }] of recent) if (now() - at > memoryMs) recent.delete(id)
  }

  /** Of a connection that was removed or revoked meanwhile nothing may be written any more. */
  function forgetOthers(known: ReadonlySet<string>): void {
    for (const id of recent.keys()) if (!known.has(id)) recent.delete(id)
  }

  return {
    /** One after the other: two at once would each miss the other's rows. */
    add(itemId: string, fetched: Fetched, span: Span): Promise<void> {
      last = last.catch(() => undefined).then(() => derive(itemId, fetched, span))
      return last
    },
  }
}
