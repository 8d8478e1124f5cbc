import type { Access } from './access.ts'
import type { Db } from './schema.ts'
import type { Store } from './store.ts'

export function createTombstones({ query }: Access): Store['tombstones'] {
  return {
    list: () =>
      query((db) =>
        db.selectFrom('tombstones').selectAll().orderBy('removedAt', 'desc').orderBy('tombstoneId').execute(),
      ),
    count: () => query(count),
  }
}

async function count(db: Db): Promise<number> {
  const { n } = await db
    .selectFrom('tombstones')
    .where('reason', '!=', 'replaced')
    .select((row) => row.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return n
}
