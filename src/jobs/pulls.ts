import { ageOf } from '../age.ts'
import type { Connection, Environment, Status } from '../model.ts'
import type { ConnectionTable } from '../store/store.ts'

export interface PullDeps {
  readonly store: { readonly connections: Pick<ConnectionTable, 'list'> }
  /** Fetches one connection in the background. */
  readonly pull: (itemId: string) => void
  readonly environment: Environment
  readonly now: () => number
}

const second = 1_000
const minute = 60 * second
/** Plaid tells of several kinds of new data one after the other. */
const settleMs = 10 * second
const restMs = 5 * minute
const longestMs = 60 * minute

/** Logins that Plaid gives data of; the others are fetched when they are mended. */
const working: readonly Status[] = ['active', 'preparing', 'expiring', 'bank_issue']

interface Seen {
  readonly since: number
  readonly pulledAt: number
}

/** What has been tried in vain for long is tried ever more rarely. */
function growing(leastMs: number, since: number, last: number): number {
  return Math.min(longestMs, Math.max(leastMs, (last - since) / 5))
}

/**
 * Fetches what Plaid is known to have newer data of, and asks again for the first data of new connections: every few
 * minutes at first, then ever more rarely.
 */
export function createPulls({ store, pull, environment, now }: PullDeps): () => Promise<void> {
  const pulledAt = new Map<string, number>()
  const staleSince = new Map<string, number>()
  const preparing = new Map<string, Seen>()

  function rested(itemId: string, ms: number): boolean {
    const last = pulledAt.get(itemId)
    return last === undefined || now() < last || now() - last >= ms
  }

  function isStale({ itemId, dirtySince, lastSyncedAt }: Connection): boolean {
    if (dirtySince === null) staleSince.delete(itemId)
    if (dirtySince === null || ageOf(dirtySince, now()) < settleMs) return false
    // What a fetch brought was not in vain, though there is newer data again.
    const since = Math.max(staleSince.get(itemId) ?? now(), Date.parse(lastSyncedAt ?? '') || 0)
    staleSince.set(itemId, since)
    const rest = growing(restMs, since, pulledAt.get(itemId) ?? since)
    return ageOf(lastSyncedAt, now()) >= restMs && rested(itemId, rest)
  }

  function isAwaited({ itemId, awaitingData, status }: Connection): boolean {
    if (!awaitingData && status !== 'preparing') {
      preparing.delete(itemId)
      return false
    }
    const seen = preparing.get(itemId) ?? { since: now(), pulledAt: now() }
    preparing.set(itemId, seen)
    const interval = growing(minute, seen.since, seen.pulledAt)
    return now() < seen.pulledAt || now() - seen.pulledAt >= interval
  }

  function begin(itemId: string): void {
    pulledAt.set(itemId, now())
    const seen = preparing.get(itemId)
    if (seen !== undefined) preparing.set(itemId, { ...seen, pulledAt: now() })
    pull(itemId)
  }

  return async () => {
    const all = await store.connections.list()
    const mine = all.filter((row) => row.environment === environment && working.includes(row.status))
    // Both are looked at for each, since looking is also how it is known since when.
    for (const row of mine) {
      const [stale, awaited] = [isStale(row), isAwaited(row)]
      if (stale || awaited) begin(row.itemId)
    }
  }
}
