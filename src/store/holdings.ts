import type { Holding } from '../model.ts'
import type { Access } from './access.ts'
import { parts } from './columns.ts'
import { requireConnection } from './connections.ts'
import type { Db } from './schema.ts'
import type { Store } from './store.ts'

const columns = [
  'itemId',
  'accountId',
  'securityId',
  'ticker',
  'name',
  'type',
  'quantity',
  'price',
  'priceAsOf',
  'value',
  'costBasis',
  'currency',
] as const satisfies readonly (keyof Holding)[]

export function createHoldings({ query, write }: Access): Store['holdings'] {
  return {
    list: (itemId) => query((db) => list(db, itemId)),
    replace: (itemId, holdings) => write((db) => replace(db, itemId, holdings)),
  }
}

function list(db: Db, itemId: string | undefined): Promise<readonly Holding[]> {
  const all = db.selectFrom('holdings').select(columns).orderBy('itemId').orderBy('position')
  return (itemId === undefined ? all : all.where('itemId', '=', itemId)).execute()
}

async function replace(db: Db, itemId: string, holdings: readonly Holding[]): Promise<void> {
  await requireConnection(db, itemId)
  await db.deleteFrom('holdings').where('itemId', '=', itemId).execute()
  const rows = holdings.map((holding, position) => ({ ...holding, position }))
  for (const part of parts(rows)) await db.insertInto('holdings').values(part).execute()
}
