import type { Cause } from '../audit-entry.ts'
import type { Connection } from '../model.ts'
import type { Store } from '../store/store.ts'
import { markAnew } from './same-accounts.ts'

/** Changes one connection in one transaction, because of `cause`; null when there is none. */
export type Move = (
  itemId: string,
  change: (now: Connection) => Connection,
  cause: Cause,
) => Promise<Connection | null>

/** Nothing is written when nothing changes: each write makes every reader read anew. */
export function createMove(store: Store): Move {
  return async (itemId, change, cause) => {
    let before: Connection['status'] | null = null
    const noting = (now: Connection) => {
      before = now.status
      return unlessSame(now, change(now))
    }
    const moved = await store.connections.change(itemId, noting, cause)
    // Which of several logins to the same account counts depends on which of them works.
    if (moved !== null && moved.status !== before) await markAnew(store)
    return moved
  }
}

/** The row itself when the other one says the same. */
export function unlessSame<T extends object>(row: T, other: T): T {
  // Every name in a row is one of T's.
  const names = Object.keys(other) as (keyof T)[]
  return names.some((name) => row[name] !== other[name]) ? other : row
}
