import { createHmac, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { AuditEntry, AuditRow, Cause } from '../audit-entry.ts'
import type { Access } from './access.ts'
import type { Db } from './schema.ts'

export interface AuditTable {
  /**
   * All or none, and at once: DATABASE_BUSY where another process writes. `Store.version` stays, so that nobody who
   * watches is woken.
   */
  add(entries: readonly AuditEntry[]): Promise<void>
  /** Newest first; `from` and `to` in ISO 8601, `to` not included. */
  list(wanted: Wanted): Promise<readonly AuditRow[]>
  /** What stands for a connection in the rows; null: no row is about any. */
  hashOf(itemId: string): Promise<string | null>
  /** Deletes what is older than 90 days, by whatever clock; `Store.version` stays. @param before ISO 8601 */
  prune(before: string): Promise<void>
}

interface Wanted {
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Keyed hash. */
  readonly connection?: string | undefined
  readonly limit: number
}

type StatusMove = Cause & {
  readonly itemId: string
  readonly at: string
  readonly outcome?: string
  readonly before: string | null
  readonly after: string | null
}

export function createAudit({ query, quietly, note }: Access): AuditTable {
  const hash = remembering(hashBy)
  return {
    add: (entries) => note((db) => add(db, entries, hash)),
    list: (wanted) => query((db) => list(db, wanted)),
    hashOf: (itemId) => query((db) => hashOf(db, itemId)),
    prune: (before) => quietly((db) => prune(db, before)),
  }
}

/** In the transaction that moves it. */
export async function auditMove(db: Db, { itemId, before, after, ...move }: StatusMove): Promise<void> {
  const connections = hashBy(await keyOf(db), itemId)
  await db
    .insertInto('audit')
    .values({ outcome: 'ok', ...move, connections, statusBefore: before, statusAfter: after })
    .execute()
}

async function add(db: Db, entries: readonly AuditEntry[], hash: typeof hashBy): Promise<void> {
  const key = await keyOf(db)
  for (const { itemIds, ...entry } of entries) {
    const connections = itemIds.map((itemId) => hash(key, itemId)).join(' ')
    await db
      .insertInto('audit')
      .values({ ...entry, connections, statusBefore: null, statusAfter: null })
      .execute()
  }
}

async function list(db: Db, { from, to, connection, limit }: Wanted): Promise<AuditRow[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .$if(from !== undefined, (some) => some.where('at', '>=', from ?? ''))
    .$if(to !== undefined, (some) => some.where('at', '<', to ?? ''))
    .$if(connection !== undefined, (some) =>
      some.where(sql<number>`instr(connections, ${connection})`, '>', 0),
    )
    .orderBy('at', 'desc')
    .orderBy('auditId', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ connections, ...row }) => ({
    ...row,
    connections: connections.split(' ').filter(Boolean),
  }))
}

async function prune(db: Db, before: string): Promise<void> {
  // The trigger goes by SQLite's clock, and one row that it keeps would keep them all.
  const kept = sql<string>`strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-90 days')`
  await db.deleteFrom('audit').where('at', '<', before).where('at', '<', kept).execute()
}

async function hashOf(db: Db, itemId: string): Promise<string | null> {
  const key = await findKey(db)
  return key === null ? null : hashBy(key, itemId)
}

/** Sixteen hexadecimal digits of an HMAC by the key of this database. */
function hashBy(key: string, itemId: string): string {
  return createHmac('sha256', key).update(itemId).digest('hex').slice(0, 16)
}

const mostRemembered = 1_000

/** A page names the same connections again and again, and to hash one takes longer than all else about it. */
function remembering(hash: typeof hashBy): typeof hashBy {
  const hashes = new Map<string, string>()
  return (key, itemId) => {
    const what = key + itemId
    const known = hashes.get(what)
    if (known !== undefined) return known
    const made = hash(key, itemId)
    if (hashes.size >= mostRemembered) hashes.clear()
    hashes.set(what, made)
    return made
  }
}

/** It is made with the first hash. */
async function keyOf(db: Db): Promise<string> {
  return (await findKey(db)) ?? (await makeKey(db))
}

async function findKey(db: Db): Promise<string | null> {
  const row = await db.selectFrom('auditKey').select('key').executeTakeFirst()
  return row?.key ?? null
}

async function makeKey(db: Db): Promise<string> {
  const key = randomBytes(32).toString('base64url')
  await db.insertInto('auditKey').values({ one: 1, key }).execute()
  return key
}
