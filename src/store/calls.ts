import type { Access } from './access.ts'
import type { Db } from './schema.ts'
import type { Store } from './store.ts'

type Limit = Parameters<Store['calls']['take']>[0][number]

const windowMs = 60_000

/** A window that slides: at no moment were there more than `perMinute` calls in the minute before it. */
export function createCalls({ write }: Access): Store['calls'] {
  return {
    take: (limits, now) =>
      write(async (db) => {
        await forget(db, now)
        const waits = await Promise.all(limits.map((limit) => waitFor(db, limit, now)))
        const wait = Math.max(0, ...waits)
        if (wait === 0 && limits.length > 0) await insert(db, limits, now)
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
