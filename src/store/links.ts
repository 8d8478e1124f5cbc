import { sql } from 'kysely'
import type { Access } from './access.ts'
import { fromFlag, fromList, toFlag, toList } from './columns.ts'
import type { Db, Schema } from './schema.ts'
import { requireKeptKey } from './sealed.ts'
import type { Link, Store } from './store.ts'

type LinkRow = Schema['links']

/** Nobody takes a lease for longer; one that reaches further was taken before the clock was set back. */
const longestLeaseMs = 60_000

const notFinal = ['open', 'exchanging'] as const

export function createLinks({ query, write, quietly }: Access): Store['links'] {
  return {
    insert: (link) =>
      write(async (db) => {
        await requireKeptKey(db, sealedOf(link))
        await db.insertInto('links').values(toRow(link)).execute()
      }),
    find: (linkId) => query((db) => findLink(db, linkId)),
    latestOf: (itemId) => query((db) => latestOf(db, itemId)),
    open: () => query(listOpen),
    change: (linkId, change) => write((db) => changeLink(db, linkId, change)),
    lease: (linkId, owner, now, until) => quietly((db) => lease(db, linkId, owner, now, until)),
    forgetPublicTokens: (before) => write((db) => forgetPublicTokens(db, before)),
    ring: (at, linkId) => write((db) => ring(db, at, linkId)),
  }
}

async function findLink(db: Db, linkId: string): Promise<Link | null> {
  const row = await db.selectFrom('links').selectAll().where('linkId', '=', linkId).executeTakeFirst()
  return row === undefined ? null : fromRow(row)
}

async function latestOf(db: Db, itemId: string): Promise<Link | null> {
  const row = await db
    .selectFrom('links')
    .selectAll()
    .where('itemId', '=', itemId)
    // As they were inserted: the clock may have been set back in between.
    .orderBy(sql`rowid`, 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : fromRow(row)
}

async function listOpen(db: Db): Promise<readonly Link[]> {
  const rows = await db
    .selectFrom('links')
    .selectAll()
    .where('state', 'in', notFinal)
    .orderBy('createdAt')
    .orderBy('linkId')
    .execute()
  return rows.map(fromRow)
}

async function changeLink(db: Db, linkId: string, change: (now: Link) => Link): Promise<Link | null> {
  const now = await findLink(db, linkId)
  if (now === null) return null
  const next = change(now)
  if (next === now) return next
  await requireKeptKey(db, sealedOf(next))
  await db.updateTable('links').set(toRow(next)).where('linkId', '=', linkId).execute()
  return next
}

function sealedOf({ sealedLinkToken, sealedUrl, sealedPublicToken }: Link) {
  return [sealedLinkToken, sealedUrl, sealedPublicToken]
}

async function lease(db: Db, linkId: string, leaseOwner: string, now: number, leaseUntil: number) {
  const { numUpdatedRows } = await db
    .updateTable('links')
    .set({ leaseOwner, leaseUntil })
    .where('linkId', '=', linkId)
    .where('state', 'in', notFinal)
    .where((row) =>
      row.or([
        row('leaseOwner', 'is', null),
        row('leaseOwner', '=', leaseOwner),
        row('leaseUntil', '<=', now),
        row('leaseUntil', '>', now + longestLeaseMs),
      ]),
    )
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

async function forgetPublicTokens(db: Db, before: string): Promise<void> {
  await db
    .updateTable('links')
    .set({ sealedPublicToken: null })
    .where('sealedPublicToken', 'is not', null)
    .where('finishedAt', '<', before)
    .execute()
}

async function ring(db: Db, rungAt: string, linkId: string | undefined): Promise<void> {
  await db
    .updateTable('links')
    .set({ rungAt })
    .where('state', 'in', notFinal)
    .$if(linkId !== undefined, (query) => query.where('linkId', '=', linkId ?? ''))
    .execute()
}

function toRow(link: Link): LinkRow {
  return {
    ...link,
    exited: toFlag(link.exited),
    broken: toFlag(link.broken),
    addAccounts: toFlag(link.addAccounts),
    keep: toFlag(link.keep),
    addProducts: toList(link.addProducts),
    products: toList(link.products),
  }
}

function fromRow(row: LinkRow): Link {
  return {
    ...row,
    exited: fromFlag(row.exited),
    broken: fromFlag(row.broken),
    addAccounts: fromFlag(row.addAccounts),
    keep: fromFlag(row.keep),
    addProducts: fromList(row.addProducts),
    products: fromList(row.products),
  }
}
