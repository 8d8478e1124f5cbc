import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { forgetApprovals } from './approvals.ts'
import type { Connection } from '../model.ts'
import type { RemovalCause, Tombstone } from '../tombstone.ts'
import type { Access } from './access.ts'
import { auditMove } from './audit.ts'
import { changeConnection, findConnection, forgetMarks, type Removals } from './connections.ts'
import type { Db } from './schema.ts'
import { oweScrub } from './scrubbing.ts'

export function createRemovals({ write, now }: Access): Removals {
  return {
    remove: (itemId) => write((db) => removeReplaced(db, itemId, now())),
    beginRemoval: (itemId, cause, at) => write((db) => beginRemoval(db, itemId, cause, at)),
    erase: (itemId, tombstone) => write((db) => erase(db, itemId, tombstone)),
  }
}

/** A backup must not bring it back: whatever it had, another one has now. */
async function removeReplaced(db: Db, itemId: string, removedAt: string): Promise<void> {
  const connection = await findConnection(db, itemId)
  if (connection === null) return
  const { environment, createdAt: connectedAt } = connection
  await removeConnection(db, itemId, { name: 'replaced', at: removedAt })
  const tombstone = { tombstoneId: randomUUID(), environment, connectedAt, removedAt }
  await db
    .insertInto('tombstones')
    .values({ ...tombstone, reason: 'replaced' })
    .execute()
}

async function beginRemoval(
  db: Db,
  itemId: string,
  removalCause: RemovalCause,
  at: string,
): Promise<Connection | null> {
  const before = await findConnection(db, itemId)
  if (before === null || before.status === 'removing') return before
  await endLinks(db, itemId, at)
  await endLease(db, itemId)
  const begun = { status: 'removing', removingSince: at, removalCause, removalTriedAt: null } as const
  const cause = { actor: 'coffer', name: `removal_${removalCause}`, at } as const
  return await changeConnection(db, itemId, (row) => ({ ...row, ...begun }), cause)
}

async function endLinks(db: Db, itemId: string, finishedAt: string): Promise<void> {
  await db
    .updateTable('links')
    .set({ state: 'expired', finishedAt, sealedPublicToken: null })
    .where('itemId', '=', itemId)
    .where('state', 'in', ['open', 'exchanging'])
    .execute()
}

/** Whoever fetches it now finds that its lease is no longer its own, and writes nothing more. */
async function endLease(db: Db, itemId: string): Promise<void> {
  await db
    .updateTable('syncLeases')
    .set({ owner: null, until: 0, fence: sql<number>`fence + 1` })
    .where('itemId', '=', itemId)
    .execute()
}

async function erase(db: Db, itemId: string, tombstone: Tombstone): Promise<boolean> {
  const connection = await findConnection(db, itemId)
  if (connection?.status !== 'removing') return false
  await removeConnection(db, itemId, { name: 'removed', at: tombstone.removedAt })
  await db.insertInto('tombstones').values(tombstone).execute()
  await oweScrub(db)
  return true
}

/** Everything that names it goes or forgets the name; its data and its webhook address go by their foreign key. */
async function removeConnection(
  db: Db,
  itemId: string,
  how: { readonly name: string; readonly at: string },
): Promise<void> {
  const before = (await findConnection(db, itemId))?.status
  if (before !== undefined) await auditMove(db, { ...how, actor: 'coffer', itemId, before, after: null })
  await forgetMarks(db, itemId)
  for (const table of ['links', 'inbox'] as const)
    await db.deleteFrom(table).where('itemId', '=', itemId).execute()
  await db.updateTable('links').set({ replaces: null }).where('replaces', '=', itemId).execute()
  await db.updateTable('links').set({ duplicateOf: null }).where('duplicateOf', '=', itemId).execute()
  await db.updateTable('connections').set({ replacedBy: null }).where('replacedBy', '=', itemId).execute()
  await forgetCalls(db, itemId)
  await forgetApprovals(db, itemId)
  await db.deleteFrom('connections').where('itemId', '=', itemId).execute()
}

/** Calls of the last minute are counted by the Item and what was asked. */
async function forgetCalls(db: Db, itemId: string): Promise<void> {
  const start = `${itemId} `
  await db.deleteFrom('plaidCalls').where(sql<string>`substr(key, 1, ${start.length})`, '=', start).execute()
}
