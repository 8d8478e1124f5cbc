import { sql } from 'kysely'
import type { Connection } from '../../model.ts'
import type { Access } from '../access.ts'
import { remark } from '../accounts.ts'
import { auditMove } from '../audit.ts'
import { listConnections } from '../connections.ts'
import { noteRulesChanged } from '../old-rules.ts'
import type { Db } from '../schema.ts'
import type { MarkSame } from '../store.ts'
import { type Decision, decide } from './decide.ts'
import { tablesWith } from './treatment.ts'
import { removedMeanwhile } from './working-copy.ts'

/** A checked copy of a backup, brought to this schema, and what of it is to be used. */
export interface Copied {
  readonly path: string
  /** Connections whose token here opens no more, while the copy's does. */
  readonly tokens: readonly string[]
  /** Keys of the copy that are at hand. */
  readonly keys: readonly string[]
  /** Notes anew which accounts are seen through several logins. Default: as they are in the copy. */
  readonly mark?: MarkSame
}

/**
 * Takes over what a copy of a backup has, in one transaction on the connection that is open: other processes see the
 * state before or the one after. No file is put into the place of one that they have open.
 */
export async function merge({ query, write }: Access, copied: Copied, now: string): Promise<Decision> {
  await query((db) => sql`attach database ${copied.path} as copied`.execute(db))
  try {
    return await write((db) => mergeRows(db, copied, now))
  } finally {
    await query((db) => sql`detach database copied`.execute(db))
  }
}

async function mergeRows(db: Db, copied: Copied, now: string): Promise<Decision> {
  await refuseRemoved(db)
  const live = await listConnections(db)
  const decision = decide({
    live,
    tombstones: await db.selectFrom('tombstones').selectAll().execute(),
    copied: await listConnections(db.withSchema('copied')),
  })
  const ids = JSON.stringify(decision.restored.map(({ itemId }) => itemId))
  await takeKeys(db, copied.keys)
  await takeConnections(db, ids, JSON.stringify(copied.tokens))
  await auditMoves(db, live, decision.restored, now)
  await endLeases(db, ids)
  await takeFetches(db, ids)
  for (const table of tablesWith('item')) await takeRows(db, table, ids)
  if (copied.mark !== undefined) await remark(db, copied.mark)
  const rules = await rulesOf(db)
  for (const table of tablesWith('household')) await takeRows(db, table, null)
  // Flows of connections that came since were judged under the rules until now.
  if ((await rulesOf(db)) !== rules) await noteRulesChanged(db, now)
  return decision
}

/** Attaching a file that is gone makes an empty one. */
async function refuseRemoved(db: Db): Promise<void> {
  const { rows } = await sql`select 1 from copied.sqlite_master limit 1`.execute(db)
  if (rows.length === 0) throw removedMeanwhile()
}

async function rulesOf(db: Db): Promise<string> {
  return JSON.stringify(await db.selectFrom('rules').selectAll().orderBy('ruleId').execute())
}

interface Column {
  readonly name: string
  /** A number that the database counts up by itself. */
  readonly counted: boolean
}

async function columnsOf(db: Db, table: string): Promise<readonly Column[]> {
  const { rows } = await sql<{ name: string; counted: number }>`
    select name, pk = 1 and lower(type) = 'integer' as counted from pragma_table_info(${table})`.execute(db)
  return rows.map(({ name, counted }) => ({ name, counted: counted === 1 }))
}

function listOf(names: readonly string[]) {
  return sql.join(names.map((name) => sql.ref(name)))
}

const within = (ids: string) => sql`item_id in (select value from json_each(${ids}))`

/** `ids`: JSON of the connections whose rows are replaced; null: all rows. */
async function takeRows(db: Db, table: string, ids: string | null): Promise<void> {
  const columns = await columnsOf(db, table)
  // Others may have the numbers by now: what counts is their order.
  const counted = columns.find((column) => column.counted)?.name
  const names = listOf(columns.flatMap((column) => (column.counted ? [] : [column.name])))
  const which = ids === null ? sql`true` : within(ids)
  const order = sql.ref(counted ?? 'rowid')
  const [main, copy] = [sql.id('main', table), sql.id('copied', table)]
  await sql`delete from ${main} where ${which}`.execute(db)
  await sql`insert into ${main} (${names}) select ${names} from ${copy} where ${which} order by ${order}`.execute(
    db,
  )
}

/** Not all that the copy says: a token here is never older than its own, and what took the place of one since is there still. */
async function takeConnections(db: Db, ids: string, tokens: string): Promise<void> {
  const names = (await columnsOf(db, 'connections')).map(({ name }) => name)
  const changed = names.filter((name) => name !== 'item_id' && name !== 'sealed_token')
  const updates = changed.map((name) =>
    name === 'replaced_by'
      ? sql`replaced_by = coalesce(replaced_by, excluded.replaced_by)`
      : sql`${sql.ref(name)} = excluded.${sql.ref(name)}`,
  )
  // Not `replace`: that deletes the row first, and all that refers to it.
  await sql`insert into main.connections (${listOf(names)})
    select ${listOf(names)} from copied.connections where ${within(ids)}
    on conflict (item_id) do update set ${sql.join(updates)}, sealed_token =
      iif(item_id in (select value from json_each(${tokens})), excluded.sealed_token, sealed_token)`.execute(
    db,
  )
  // One that it named may have been removed since.
  await sql`update main.connections set replaced_by = null
    where replaced_by not in (select item_id from main.connections)`.execute(db)
}

/** What moves the status of a connection is in the log, a restore too. */
async function auditMoves(
  db: Db,
  live: readonly Connection[],
  restored: readonly Connection[],
  at: string,
): Promise<void> {
  const statuses = new Map(live.map(({ itemId, status }) => [itemId, status]))
  for (const { itemId, status: after } of restored) {
    const before = statuses.get(itemId) ?? null
    if (before !== after)
      await auditMove(db, { actor: 'coffer', name: 'restored', itemId, at, before, after })
  }
}

/** What another process fetches now belongs to the state before: it writes nothing more. */
async function endLeases(db: Db, ids: string): Promise<void> {
  await sql`insert into main.sync_leases (item_id, owner, fence, "until")
    select value, null, 1, 0 from json_each(${ids}) where true
    on conflict (item_id) do update set owner = null, fence = fence + 1, "until" = 0`.execute(db)
}

/** The number of a fetch is what a process knows its rows in memory by: none comes twice. */
async function takeFetches(db: Db, ids: string): Promise<void> {
  const table = 'flow_fetches'
  const { rows } = await sql<{
    last: number | null
  }>`select max(revision) as last from main.flow_fetches`.execute(db)
  await takeRows(db, table, ids)
  await sql`update main.flow_fetches set revision = revision + ${(rows[0]?.last ?? 0) + 1} where ${within(ids)}`.execute(
    db,
  )
}

/** Those that were made since stay, and seal; one that was retired opens again, if anything comes back under it. */
async function takeKeys(db: Db, keyIds: readonly string[]): Promise<void> {
  const names = listOf(['key_id', 'created_at', 'canary', 'fingerprint', 'kdf'])
  const isSealing = sql`exists (select 1 from main.keys where state = 'active')`
  await sql`insert into main.keys (${names}, state)
    select ${names}, iif(state = 'active' and ${isSealing}, 'decrypt-only', state) from copied.keys
    where key_id in (select value from json_each(${JSON.stringify(keyIds)})) and state <> 'retired'
    on conflict (key_id) do update set canary = excluded.canary, fingerprint = excluded.fingerprint, kdf = excluded.kdf,
      state = iif(state = 'retired', 'decrypt-only', state)`.execute(db)
}
