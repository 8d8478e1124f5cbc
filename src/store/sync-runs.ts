import type { SyncRun } from '../model.ts'
import type { Access } from './access.ts'
import { findConnection } from './connections.ts'
import type { Db } from './schema.ts'
import type { Store } from './store.ts'

/** Of each connection. */
const kept = 20

export function createSyncRuns({ query, write }: Access): Store['syncRuns'] {
  return {
    add: (run) => write((db) => add(db, run)),
    lastOf: (itemId, n) => query((db) => lastOf(db, itemId, n)),
  }
}

async function add(db: Db, run: SyncRun): Promise<void> {
  if ((await findConnection(db, run.itemId)) === null) return
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
