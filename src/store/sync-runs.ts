import type { SyncRun } from '../model.ts'
import type { Access } from './access.ts'
import type { Db } from './schema.ts'
import type { Store } from './store.ts'

/** Of each connection. */
const kept = 20

export function createSyncRuns({ query }: Access): Store['syncRuns'] {
  return { lastOf: (itemId, n) => query((db) => lastOf(db, itemId, n)) }
}

export async function addRun(db: Db, run: SyncRun): Promise<void> {
  await db.insertInto('syncRuns').values(run).execute()
  const last = db
    .selectFrom('syncRuns')
    .select('runId')
    .where('itemId', '=', run.itemId)
    .orderBy('runId', 'desc')
    .limit(kept)
  await db.deleteFrom('syncRuns').where('itemId', '=', run.itemId).where('runId', 'not in', last).execute()
}

function lastOf(db: Db, itemId: string, n: number): Promise<readonly SyncRun[]> {
  return db
    .selectFrom('syncRuns')
    .select(['itemId', 'startedAt', 'endedAt', 'code', 'cause'])
    .where('itemId', '=', itemId)
    .orderBy('runId', 'desc')
    .limit(n)
    .execute()
}
