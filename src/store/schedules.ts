import type { SyncSchedule } from '../model.ts'
import type { Access } from './access.ts'
import { findConnection } from './connections.ts'
import type { Db } from './schema.ts'
import type { Store } from './store.ts'

export function createSchedules({ query, write }: Access): Store['schedules'] {
  return {
    list: () => query((db) => db.selectFrom('syncSchedules').selectAll().orderBy('itemId').execute()),
    setFrequency: (itemId, everyMinutes) =>
      write((db) => change(db, itemId, (row) => ({ ...row, everyMinutes }))),
    claim: (itemId, begunAt, at) =>
      write(async (db) => {
        const next = await change(db, itemId, (row) =>
          row.begunAt === begunAt ? { ...row, begunAt: at } : null,
        )
        return next !== null
      }),
  }
}

/** Null when there is no such connection, or nothing is to be written. */
async function change(
  db: Db,
  itemId: string,
  work: (now: SyncSchedule) => SyncSchedule | null,
): Promise<SyncSchedule | null> {
  if ((await findConnection(db, itemId)) === null) return null
  const found = await db
    .selectFrom('syncSchedules')
    .selectAll()
    .where('itemId', '=', itemId)
    .executeTakeFirst()
  const next = work(found ?? { itemId, everyMinutes: 0, begunAt: null })
  if (next !== null) await db.replaceInto('syncSchedules').values(next).execute()
  return next
}
