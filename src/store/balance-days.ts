import type { BalanceDay } from '../model.ts'
import type { Access } from './access.ts'
import { parts } from './columns.ts'
import { requireConnection } from './connections.ts'
import type { Db } from './schema.ts'
import type { Store } from './store.ts'

export function createBalanceDays({ query, write }: Access): Store['balanceDays'] {
  return {
    list: (accountId) => query((db) => list(db, accountId)),
    note: (itemId, days) =>
      write(async (db) => {
        await requireConnection(db, itemId)
        for (const part of parts(days.map((day) => ({ ...day, itemId }))))
          await db.replaceInto('balanceDays').values(part).execute()
      }),
    inherit: (from, to, accounts) => write((db) => inherit(db, from, to, accounts)),
  }
}

function list(db: Db, accountId: string | undefined): Promise<readonly BalanceDay[]> {
  const all = db.selectFrom('balanceDays').selectAll().orderBy('date').orderBy('itemId').orderBy('accountId')
  return (accountId === undefined ? all : all.where('accountId', '=', accountId)).execute()
}

async function inherit(
  db: Db,
  from: string,
  to: string,
  accounts: ReadonlyMap<string, string>,
): Promise<void> {
  await requireConnection(db, to)
  const old = await db.selectFrom('balanceDays').selectAll().where('itemId', '=', from).execute()
  const heirs = old.flatMap((row) => {
    const accountId = accounts.get(row.accountId)
    return accountId === undefined ? [] : [{ ...row, accountId, itemId: to }]
  })
  for (const part of parts(heirs)) {
    await db
      .insertInto('balanceDays')
      .values(part)
      .onConflict((conflict) => conflict.columns(['itemId', 'accountId', 'date']).doNothing())
      .execute()
  }
}
