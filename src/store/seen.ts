import type { Access } from './access.ts'
import { parts } from './columns.ts'
import { listConnections } from './connections.ts'
import type { Db } from './schema.ts'
import type { Seen, Store } from './store.ts'

export function createSeen({ read, write }: Access): Store['seen'] {
  return {
    read: () => read(readSeen),
    write: (seen) => write((db) => writeSeen(db, seen)),
  }
}

async function readSeen(db: Db): Promise<Seen | null> {
  const connections = await db.selectFrom('seenConnections').selectAll().orderBy('itemId').execute()
  const [first] = connections
  if (first === undefined) return null
  const income = await db.selectFrom('seenIncome').selectAll().orderBy('date').orderBy('accountId').execute()
  const bills = await db.selectFrom('seenBills').selectAll().orderBy('itemId').orderBy('amount').execute()
  return { at: first.seenAt, connections: connections.map(({ seenAt: _, ...row }) => row), income, bills }
}

async function writeSeen(db: Db, { at, connections, income, bills }: Seen): Promise<void> {
  // One that was removed since it was shown is not brought back.
  const there = new Set((await listConnections(db)).map(({ itemId }) => itemId))
  const isThere = ({ itemId }: { readonly itemId: string }) => there.has(itemId)
  await db.deleteFrom('seenConnections').execute()
  await db.deleteFrom('seenIncome').execute()
  await db.deleteFrom('seenBills').execute()
  const rows = connections.filter(isThere).map((row) => ({ ...row, seenAt: at }))
  for (const part of parts(rows)) await db.insertInto('seenConnections').values(part).execute()
  for (const part of parts(income.filter(isThere))) await db.insertInto('seenIncome').values(part).execute()
  for (const part of parts(bills.filter(isThere))) await db.insertInto('seenBills').values(part).execute()
}
