import type { Access } from './access.ts'
import type { Store } from './store.ts'

export function createReconciliations({ query, write }: Access): Store['reconciliations'] {
  return {
    add: (row) =>
      write(async (db) => {
        await db.insertInto('reconciliations').values(row).execute()
      }),
    lastOf: (accountId) =>
      query(async (db) => {
        const row = await db
          .selectFrom('reconciliations')
          .select([
            'itemId',
            'accountId',
            'from',
            'to',
            'currency',
            'opening',
            'expected',
            'actual',
            'madeAt',
          ])
          .where('accountId', '=', accountId)
          .orderBy('reconciliationId', 'desc')
          .limit(1)
          .executeTakeFirst()
        return row ?? null
      }),
  }
}
