import type { Access } from './access.ts'
import type { Store } from './store.ts'

export function createJobs({ query, write }: Access): Store['jobs'] {
  return {
    list: () => query((db) => db.selectFrom('jobs').selectAll().orderBy('name').execute()),
    claim: ({ name, lastRunAt, lastCode }, at) =>
      write(async (db) => {
        const row = await db.selectFrom('jobs').selectAll().where('name', '=', name).executeTakeFirst()
        if ((row?.lastRunAt ?? null) !== lastRunAt || (row?.lastCode ?? null) !== lastCode) return false
        await db.replaceInto('jobs').values({ name, lastRunAt: at, lastCode: 'CANCELLED' }).execute()
        return true
      }),
    ended: (name, code) =>
      write(async (db) => {
        await db.updateTable('jobs').set({ lastCode: code }).where('name', '=', name).execute()
      }),
  }
}
