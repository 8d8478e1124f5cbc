import type { Access } from './access.ts'
import type { Db } from './schema.ts'
import { type BilledCalls, countBilled } from './tokens.ts'

interface Limit {
  readonly key: string
  readonly perMinute: number
}

/** Calls of the last minute, over all processes. `Store.version` stays, save where a call that Plaid bills is counted. */
export interface CallTable {
  /** Same contract as RateBudget in src/plaid. */
  take(
    limits: readonly Limit[],
    now: number,
    billed?: Omit<BilledCalls, 'month' | 'calls'> | null,
  ): Promise<number>
}

const windowMs = 60_000

/** A window that slides: at no moment were there more than `perMinute` calls in the minute before it. */
export function createCalls({ write, quietly }: Access): CallTable {
  return {
    take: (limits, now, billed = null) =>
      (billed === null ? quietly : write)(async (db) => {
        await forget(db, now)
        const waits = await Promise.all(limits.map((limit) => waitFor(db, limit, now)))
        const wait = Math.max(0, ...waits)
        if (wait > 0 || limits.length === 0) return wait
        await insert(db, limits, now)
        if (billed !== null)
          await countBilled(db, { ...billed, month: new Date(now).toISOString().slice(0, 7) })
        return wait
      }),
  }
}

/** Calls from the future are forgotten too: the clock was set back, and nobody should wait until then. */
async function forget(db: Db, now: number): Promise<void> {
  await db
    .deleteFrom('plaidCalls')
    .where((row) => row.or([row('at', '<=', now - windowMs), row('at', '>', now + windowMs)]))
    .execute()
}

/** Milliseconds until fewer than `perMinute` calls are left in the window; 0 when there is room. */
async function waitFor(db: Db, { key, perMinute }: Limit, now: number): Promise<number> {
  const blocking = await db
    .selectFrom('plaidCalls')
    .where('key', '=', key)
    .select('at')
    .orderBy('at', 'desc')
    .limit(1)
    .offset(perMinute - 1)
    .executeTakeFirst()
  return blocking === undefined ? 0 : blocking.at + windowMs - now
}

async function insert(db: Db, limits: readonly Limit[], at: number): Promise<void> {
  await db
    .insertInto('plaidCalls')
    .values(limits.map(({ key }) => ({ key, at })))
    .execute()
}
