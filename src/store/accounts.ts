import type { Account } from '../model.ts'
import type { Access } from './access.ts'
import { parts } from './columns.ts'
import { listConnections, requireConnection } from './connections.ts'
import { outdateFetch } from './flow.ts'
import { remember } from './remember.ts'
import type { Db } from './schema.ts'
import type { MarkSame, Store } from './store.ts'

const columns = [
  'accountId',
  'itemId',
  'name',
  'mask',
  'type',
  'subtype',
  'currency',
  'current',
  'available',
  'limit',
  'persistentAccountId',
  'dataAsOf',
  'sameAs',
] as const satisfies readonly (keyof Account)[]

export function createAccounts({ query, write, version }: Access): Store['accounts'] {
  const listAll = remember(version, () => query((db) => listOf(db).execute()))
  return {
    list: (itemId) =>
      itemId === undefined ? listAll() : query((db) => listOf(db).where('itemId', '=', itemId).execute()),
    replace: (itemId, accounts, mark = asTheyAre) => write((db) => replace(db, itemId, accounts, mark)),
    forget: (itemId, accountId, mark = asTheyAre) => write((db) => forget(db, itemId, accountId, mark)),
    remark: (mark) => write((db) => remark(db, mark)),
  }
}

function listOf(db: Db) {
  return db.selectFrom('accounts').select(columns).orderBy('itemId').orderBy('position')
}

const asTheyAre: MarkSame = (accounts) => accounts

async function replace(db: Db, itemId: string, accounts: readonly Account[], mark: MarkSame): Promise<void> {
  await requireConnection(db, itemId)
  const others = await listOf(db).where('itemId', '!=', itemId).execute()
  const marked = mark([...others, ...accounts], await listConnections(db))
  await markSame(
    db,
    marked.filter((row, at) => at < others.length && row.sameAs !== others[at]?.sameAs),
  )
  await db.deleteFrom('accounts').where('itemId', '=', itemId).execute()
  const rows = marked.slice(others.length).map((account, position) => ({ ...account, position }))
  for (const part of parts(rows)) await db.insertInto('accounts').values(part).execute()
  await forgetOthers(db, itemId, accounts)
}

/** The ledger keeps nothing of an account that the login does not show any more. */
async function forgetOthers(db: Db, itemId: string, accounts: readonly Account[]): Promise<void> {
  const known = accounts.map(({ accountId }) => accountId)
  await db
    .deleteFrom('transactions')
    .where('itemId', '=', itemId)
    .where('accountId', 'not in', known)
    .execute()
}

async function forget(db: Db, itemId: string, accountId: string, mark: MarkSame): Promise<void> {
  const deleted = await deleteAccount(db, itemId, accountId)
  if (deleted === 0n) return
  await db.updateTable('accounts').set({ sameAs: null }).where('sameAs', '=', accountId).execute()
  await outdateFetch(db, itemId)
  await remark(db, mark)
}

async function deleteAccount(db: Db, itemId: string, accountId: string): Promise<bigint> {
  let deleted = 0n
  for (const table of [
    'accounts',
    'holdings',
    'liabilities',
    'flowDays',
    'flowMoves',
    'transactions',
    'reconciliations',
    'balanceDays',
    'seenIncome',
    'seenBills',
  ] as const) {
    const { numDeletedRows } = await db
      .deleteFrom(table)
      .where('itemId', '=', itemId)
      .where('accountId', '=', accountId)
      .executeTakeFirst()
    deleted += numDeletedRows
  }
  return deleted
}

export async function remark(db: Db, mark: MarkSame): Promise<void> {
  const accounts = await listOf(db).execute()
  const marked = mark(accounts, await listConnections(db))
  await markSame(
    db,
    marked.filter((row, at) => row.sameAs !== accounts[at]?.sameAs),
  )
}

async function markSame(db: Db, accounts: readonly Account[]): Promise<void> {
  for (const { itemId, accountId, sameAs } of accounts) {
    await db
      .updateTable('accounts')
      .set({ sameAs })
      .where('itemId', '=', itemId)
      .where('accountId', '=', accountId)
      .execute()
  }
}
