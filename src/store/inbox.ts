import { sql } from 'kysely'
import type { WebhookEvent } from '../model.ts'
import type { Access } from './access.ts'
import type { Db } from './schema.ts'
import type { InboxEntry, NewInboxEntry, Store } from './store.ts'

export function createInbox({ query, write }: Access): Store['inbox'] {
  return {
    add: (entries) => write((db) => addAll(db, entries)),
    pending: (limit, after = 0) => query((db) => listPending(db, limit, after)),
    done: (ids, doneAt) =>
      write(async (db) => {
        await db.updateTable('inbox').set({ doneAt }).where('id', 'in', ids).execute()
      }),
    prune: (before) =>
      write(async (db) => {
        await db.deleteFrom('inbox').where('doneAt', '<', before).execute()
      }),
  }
}

async function addAll(db: Db, entries: readonly NewInboxEntry[]): Promise<boolean[]> {
  const added: boolean[] = []
  for (const { event, ...entry } of entries) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('inbox')
      .values({ ...entry, event: JSON.stringify(event), doneAt: null })
      .onConflict((conflict) =>
        conflict.column('digest').doUpdateSet(again).where('inbox.doneAt', 'is not', null),
      )
      .executeTakeFirst()
    added.push((numInsertedOrUpdatedRows ?? 0n) > 0n)
  }
  return added
}

/** It goes to the end of the line, where a reader that has seen all before finds it. */
const again = { id: sql<number>`(select max(id) + 1 from inbox)`, doneAt: null }

async function listPending(db: Db, limit: number, after: number): Promise<InboxEntry[]> {
  const rows = await db
    .selectFrom('inbox')
    .select(['id', 'itemId', 'event', 'sentAt'])
    .where('doneAt', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  // Only this room writes the column, and always a WebhookEvent.
  return rows.map(({ event, ...row }) => ({ ...row, event: JSON.parse(event) as WebhookEvent }))
}
