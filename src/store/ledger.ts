import { sql } from 'kysely'
import { CofferError } from '../errors.ts'
import type { Category, Span, Transaction } from '../model.ts'
import type { Access } from './access.ts'
import { fromFlag, parts, toFlag } from './columns.ts'
import { requireConnection } from './connections.ts'
import type { Filling } from './replace.ts'
import type { Db, Schema } from './schema.ts'
import type { LedgerCursor, LedgerUpdates, Store } from './store.ts'

type LedgerRow = Omit<Schema['transactions'], 'itemId'>

export function createLedger({ query, write, truncateLog, replaceRows }: Access): Store['ledger'] {
  return {
    cursors: () => query(readCursors),
    apply: (itemId, updates) =>
      write(async (db) => {
        await removeOutdated(db, itemId, updates)
        await replaceRows(
          db,
          fillingOf(itemId),
          updates.upserts.filter(({ date }) => date >= updates.from),
        )
        await noteCursor(db, itemId, updates)
      }),
    rows: (span, itemId) => query((db) => readRows(db, span, itemId)),
    firstDay: (itemId) => query((db) => firstDay(db, itemId)),
    async prune(before) {
      await write((db) => prune(db, before))
      await truncateLog()
    },
    async clear() {
      if ((await query(readCursors)).size === 0) return true
      await write(async (db) => void (await db.deleteFrom('transactions').execute()))
      // The cursors go last: while they are there, what was deleted may still be in the log.
      if (!(await truncateLog())) return false
      await write(async (db) => void (await db.deleteFrom('ledgerCursors').execute()))
      return true
    },
  }
}

async function readCursors(db: Db): Promise<ReadonlyMap<string, LedgerCursor>> {
  const rows = await db.selectFrom('ledgerCursors').selectAll().execute()
  return new Map(rows.map(({ itemId, ...cursor }) => [itemId, cursor]))
}

async function removeOutdated(db: Db, itemId: string, updates: LedgerUpdates): Promise<void> {
  await requireConnection(db, itemId)
  if (updates.isWhole) await db.deleteFrom('transactions').where('itemId', '=', itemId).execute()
  else await removeAll(db, itemId, updates)
}

async function noteCursor(db: Db, itemId: string, { cursor, from }: LedgerCursor): Promise<void> {
  await db.replaceInto('ledgerCursors').values({ itemId, cursor, from }).execute()
}

/** What Plaid has taken back, and what is too old to be kept. */
async function removeAll(db: Db, itemId: string, updates: LedgerUpdates): Promise<void> {
  const { upserts, removed, since, from } = updates
  await requireCursor(db, itemId, since)
  const tooOld = upserts.filter(({ date }) => date < from).map(({ transactionId }) => transactionId)
  for (const ids of parts([...removed, ...tooOld])) await remove(db, itemId, ids)
  await db.deleteFrom('transactions').where('itemId', '=', itemId).where('date', '<', from).execute()
}

async function requireCursor(db: Db, itemId: string, since: string | null): Promise<void> {
  if ((await readCursors(db)).get(itemId)?.cursor === since) return
  throw new CofferError('SYNC_MUTATED', 'The ledger was emptied while it was written.', {
    fix: 'Ask again.',
    retryable: true,
  })
}

async function remove(db: Db, itemId: string, ids: readonly string[]): Promise<void> {
  await db.deleteFrom('transactions').where('itemId', '=', itemId).where('transactionId', 'in', ids).execute()
}

async function prune(db: Db, before: string): Promise<void> {
  await db.deleteFrom('transactions').where('date', '<', before).execute()
  await db.updateTable('ledgerCursors').set({ from: before }).where('from', '<', before).execute()
}

/** There may be a hundred thousand: the plugin that renames columns would copy each once more. */
async function readRows(db: Db, { from, to }: Span, itemId: string | undefined): Promise<Transaction[]> {
  const own = itemId === undefined ? sql`` : sql`and item_id = ${itemId}`
  const found = await sql<LedgerRow>`
    select transaction_id as "transactionId", account_id as "accountId", date, amount, currency, name, merchant,
      category_primary as "categoryPrimary", category_detailed as "categoryDetailed",
      category_confidence as "categoryConfidence", pending, pending_transaction_id as "pendingTransactionId"
    from transactions where date >= ${from} and date <= ${to} ${own} order by date, transaction_id
  `.execute(db.withoutPlugins())
  return found.rows.map(fromRow)
}

async function firstDay(db: Db, itemId: string): Promise<string | null> {
  const of = db.selectFrom('transactions').select('date').where('itemId', '=', itemId)
  return (await of.orderBy('date').limit(1).executeTakeFirst())?.date ?? null
}

function fillingOf(itemId: string): Filling<Transaction> {
  return {
    table: 'transactions',
    columns: {
      item_id: () => itemId,
      transaction_id: (row) => row.transactionId,
      account_id: (row) => row.accountId,
      date: (row) => row.date,
      amount: (row) => row.amount,
      currency: (row) => row.currency,
      name: (row) => row.name,
      merchant: (row) => row.merchant,
      category_primary: ({ category }) => category?.primary ?? null,
      category_detailed: ({ category }) => category?.detailed ?? null,
      category_confidence: ({ category }) => category?.confidence ?? null,
      pending: (row) => toFlag(row.pending),
      pending_transaction_id: (row) => row.pendingTransactionId,
    },
  }
}

function fromRow(row: LedgerRow): Transaction {
  const { transactionId, accountId, date, amount, currency, name, merchant, pendingTransactionId } = row
  const about = { transactionId, accountId, date, amount, currency, name, merchant, pendingTransactionId }
  return { ...about, category: categoryOf(row), pending: fromFlag(row.pending) }
}

function categoryOf(row: LedgerRow): Category | null {
  const { categoryPrimary: primary, categoryDetailed: detailed, categoryConfidence: confidence } = row
  return primary === null ? null : { primary, detailed: detailed ?? primary, confidence }
}
