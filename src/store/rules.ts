import type { Rule } from '../model.ts'
import type { Access } from './access.ts'
import { remember } from './remember.ts'
import type { Db } from './schema.ts'
import type { Store } from './store.ts'

export function createRules({ query, write, version }: Access): Store['rules'] {
  return {
    list: remember(version, () => query(listRules)),
    put: (rule) =>
      write(async (db) => {
        await db.deleteFrom('rules').where('match', '=', rule.match).execute()
        await db.insertInto('rules').values(rule).execute()
      }),
    remove: (match) =>
      write(async (db) => {
        const { numDeletedRows } = await db.deleteFrom('rules').where('match', '=', match).executeTakeFirst()
        return numDeletedRows > 0n
      }),
  }
}

function listRules(db: Db): Promise<readonly Rule[]> {
  return db.selectFrom('rules').selectAll().orderBy('createdAt', 'desc').orderBy('match').execute()
}
