import { isCofferError } from '../errors.ts'
import type { Account } from '../model.ts'
import { type FlowRow, isWithin, judge, keep, onAccounts, restore, type Verdict } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
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

  async function derive(): Promise<void> {
    const accounts = await store.accounts.list()
    const fresh = onTheir(accounts, recent.entries())
    const verdicts = judge([...rowsIn(fresh), ...(await keptMoves(accounts, fresh))])
    const outdated: string[] = []
    for (const [itemId, rows] of fresh) {
      if (!(await write(itemId, rows, verdicts))) outdated.push(itemId)
    }
    if (outdated.length === 0) return
    for (const itemId of outdated) recent.forget(itemId)
    await derive()
  }

  /** False when another process has fetched it since, or when it was removed or revoked meanwhile. */
  async function write(
    itemId: string,
    { rows, span, revision }: Recent,
    verdicts: ReadonlyMap<FlowRow, Verdict>,
  ): Promise<boolean> {
    const { days, moves } = keep(rows, verdicts)
    const written = await store.flow.replace(itemId, span, days, moves, revision).catch(nullIfOver)
    if (written !== null) recent.written(itemId, written)
    return written !== null
  }

  /** What is kept of what is not at hand, however long ago: equal transfers form chains. Sums pair with nothing. */
  async function keptMoves(accounts: readonly Account[], fresh: Fresh): Promise<FlowRow[]> {
    const moves = await store.flow.moves()
    const isAtHand = (itemId: string, date: string) => {
      const span = fresh.get(itemId)?.span
      return span !== undefined && isWithin(date, span)
    }
    return restore({ days: [], moves: moves.filter(({ itemId, date }) => !isAtHand(itemId, date)) }, accounts)
  }

  return {
    /** One after the other: two at once would each miss the other's rows. */
    add(itemId: string, fetched: Pick<Recent, 'rows' | 'span'>): Promise<void> {
      last = last
        .catch(() => undefined)
        .then(() => {
          recent.put(itemId, fetched)
          return derive()
        })
      return last
    },
  }
}

/** Which accounts are seen through several logins may have changed since the rows came. */
function onTheir(accounts: readonly Account[], fresh: Fresh): Fresh {
  return new Map(
    [...fresh].map(([itemId, known]) => [itemId, { ...known, rows: onAccounts(known.rows, accounts) }]),
  )
}

function rowsIn(fresh: Fresh): FlowRow[] {
  return [...fresh.values()].flatMap(({ rows }) => rows)
}

function nullIfOver(error: unknown): null {
  if (isCofferError(error, 'UNKNOWN_CONNECTION')) return null
  throw error
}
