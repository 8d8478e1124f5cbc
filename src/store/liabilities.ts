import type { Liability } from '../model.ts'
import type { Access } from './access.ts'
import { fromFlag, parts, toFlag } from './columns.ts'
import { requireConnection } from './connections.ts'
import type { Db, Schema } from './schema.ts'
import type { Store } from './store.ts'

export function createLiabilities({ query, write }: Access): Store['liabilities'] {
  return {
    list: (itemId) => query((db) => list(db, itemId)),
    replace: (itemId, liabilities) => write((db) => replace(db, itemId, liabilities)),
    noteNone: (itemId) => write((db) => noteAnswer(db, itemId)),
    told: () =>
      query(async (db) => {
        const rows = await db.selectFrom('liabilityAnswers').select('itemId').execute()
        return new Set(rows.map(({ itemId }) => itemId))
      }),
  }
}

async function list(db: Db, itemId: string | undefined): Promise<readonly Liability[]> {
  const all = db.selectFrom('liabilities').selectAll().orderBy('itemId').orderBy('accountId')
  const rows = await (itemId === undefined ? all : all.where('itemId', '=', itemId)).execute()
  return rows.map(fromRow)
}

async function replace(db: Db, itemId: string, liabilities: readonly Liability[]): Promise<void> {
  await noteAnswer(db, itemId)
  await db.deleteFrom('liabilities').where('itemId', '=', itemId).execute()
  for (const part of parts(liabilities)) await db.insertInto('liabilities').values(part.map(toRow)).execute()
}

async function noteAnswer(db: Db, itemId: string): Promise<void> {
  await requireConnection(db, itemId)
  await db
    .insertInto('liabilityAnswers')
    .values({ itemId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

function toRow(liability: Liability): Schema['liabilities'] {
  const { isOverdue } = liability
  return { ...liability, isOverdue: isOverdue === null ? null : toFlag(isOverdue) }
}

function fromRow(row: Schema['liabilities']): Liability {
  return { ...row, isOverdue: row.isOverdue === null ? null : fromFlag(row.isOverdue) }
}
