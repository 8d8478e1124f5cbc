import type { FlowDay, FlowMove, Span } from '../model.ts'
import type { Access } from './access.ts'
import { fromFlag, parts, toFlag } from './columns.ts'
import { requireConnection } from './connections.ts'
import type { Filling } from './replace.ts'
import type { Db, Schema } from './schema.ts'
import { inheritOldRules, noteJudged, readOldRules } from './old-rules.ts'
import { join, touch, without } from './spans.ts'
import type { Store } from './store.ts'

export function createFlow({ query, read, write, replaceRows }: Access): Store['flow'] {
  return {
    replace: (itemId, span, days, moves, revision, wanted = span) =>
      write(async (db) => {
        await requireConnection(db, itemId)
        const last = await lastRevision(db, itemId)
        if (revision !== undefined && revision !== last) return null
        await clear(db, itemId, span)
        await replaceRows(db, ofDays, days)
        for (const part of parts(moves)) await db.insertInto('flowMoves').values(part.map(toRow)).execute()
        await widen(db, itemId, span)
        await noteJudged(db, itemId, span)
        return revision ?? (await noteFetch(db, itemId, wanted, last + 1))
      }),
    inherit: (from, to, accounts) => write((db) => inherit(db, from, to, accounts)),
    noteInvested: (itemId) =>
      write(async (db) => {
        await db
          .updateTable('flowFetches')
          .set({ invested: toFlag(true) })
          .where('itemId', '=', itemId)
          .execute()
      }),
    moves: () => query((db) => allMoves(db)),
    fetches: () => query(readFetched),
    read: (span) =>
      read(async (db) => ({
        days: await readDays(db, span),
        moves: await readMoves(db, span),
        spans: await readSpans(db, span),
        fetched: await readFetched(db),
        oldRules: await readOldRules(db),
      })),
  }
}

async function clear(db: Db, itemId: string, { from, to }: Span): Promise<void> {
  for (const table of ['flowDays', 'flowMoves'] as const) {
    await db
      .deleteFrom(table)
      .where('itemId', '=', itemId)
      .where('date', '>=', from)
      .where('date', '<=', to)
      .execute()
  }
}

async function inherit(
  db: Db,
  from: string,
  to: string,
  accounts: ReadonlyMap<string, string>,
): Promise<void> {
  await requireConnection(db, to)
  const known = await spansOf(db, to)
  const missing = (await spansOf(db, from)).flatMap((span) => without(span, known))
  const heir = <T extends FlowDay | FlowMove>(row: T) => {
    const accountId = row.itemId === from ? accounts.get(row.accountId) : undefined
    return accountId === undefined ? [] : [{ ...row, accountId, itemId: to }]
  }
  for (const span of missing) {
    const days = (await readDays(db, span)).flatMap(heir)
    const moves = (await readMoves(db, span)).flatMap(heir).map(toRow)
    for (const part of parts(days)) await db.insertInto('flowDays').values(part).execute()
    for (const part of parts(moves)) await db.insertInto('flowMoves').values(part).execute()
    await widen(db, to, span)
  }
  await inheritOldRules(db, from, to, missing)
}

function spansOf(db: Db, itemId: string): Promise<readonly Span[]> {
  return db.selectFrom('flowSpans').select(['from', 'to']).where('itemId', '=', itemId).execute()
}

/** Known spans that the new one touches become one with it; a span beyond a gap stays by itself. */
async function widen(db: Db, itemId: string, span: Span): Promise<void> {
  const known = await spansOf(db, itemId)
  const touching = known.filter((other) => touch(other, span))
  for (const { from } of touching) {
    await db.deleteFrom('flowSpans').where('itemId', '=', itemId).where('from', '=', from).execute()
  }
  await db
    .insertInto('flowSpans')
    .values({ itemId, ...join([span, ...touching]) })
    .execute()
}

async function lastRevision(db: Db, itemId: string): Promise<number> {
  const row = await db
    .selectFrom('flowFetches')
    .select('revision')
    .where('itemId', '=', itemId)
    .executeTakeFirst()
  return row?.revision ?? 0
}

async function noteFetch(db: Db, itemId: string, { from, to }: Span, revision: number): Promise<number> {
  const fetch = { revision, from, to }
  await db
    .insertInto('flowFetches')
    .values({ itemId, ...fetch })
    .onConflict((conflict) => conflict.column('itemId').doUpdateSet(fetch))
    .execute()
  return revision
}

/** Rows that somebody still holds of the last fetch are refused from now on. */
export async function outdateFetch(db: Db, itemId: string): Promise<void> {
  await db
    .updateTable('flowFetches')
    .set((row) => ({ revision: row('revision', '+', 1) }))
    .where('itemId', '=', itemId)
    .execute()
}

async function readFetched(db: Db) {
  const rows = await db.selectFrom('flowFetches').selectAll().execute()
  return new Map(
    rows.map(({ itemId, invested, ...span }) => [itemId, { ...span, invested: fromFlag(invested) }]),
  )
}

function readDays(db: Db, { from, to }: Span): Promise<readonly FlowDay[]> {
  return db
    .selectFrom('flowDays')
    .selectAll()
    .where('date', '>=', from)
    .where('date', '<=', to)
    .orderBy('date')
    .orderBy('itemId')
    .orderBy('accountId')
    .orderBy('currency')
    .orderBy('kind')
    .execute()
}

async function readMoves(db: Db, { from, to }: Span): Promise<readonly FlowMove[]> {
  const rows = await movesInOrder(db).where('date', '>=', from).where('date', '<=', to).execute()
  return rows.map(toMove)
}

async function allMoves(db: Db): Promise<readonly FlowMove[]> {
  return (await movesInOrder(db).execute()).map(toMove)
}

function movesInOrder(db: Db) {
  return db
    .selectFrom('flowMoves')
    .selectAll()
    .orderBy('date')
    .orderBy('itemId')
    .orderBy('accountId')
    .orderBy('amount')
}

/** Of each connection the last span that begins within or before `asked`, else its first one. */
async function readSpans(db: Db, asked: Span): Promise<ReadonlyMap<string, Span>> {
  const rows = await db.selectFrom('flowSpans').selectAll().orderBy('itemId').orderBy('from').execute()
  const spans = new Map<string, Span>()
  for (const { itemId, from, to } of rows) {
    if (!spans.has(itemId) || from <= asked.to) spans.set(itemId, { from, to })
  }
  return spans
}

const ofDays: Filling<FlowDay> = {
  table: 'flow_days',
  columns: {
    item_id: (day) => day.itemId,
    account_id: (day) => day.accountId,
    date: (day) => day.date,
    currency: (day) => day.currency,
    kind: (day) => day.kind,
    sum: (day) => day.sum,
    count: (day) => day.count,
  },
}

function toMove(row: Schema['flowMoves']): FlowMove {
  return { ...row, pending: fromFlag(row.pending) }
}

function toRow(move: FlowMove) {
  return { ...move, pending: toFlag(move.pending) }
}
