import type { Rule } from '../model.ts'
import type { Access } from './access.ts'
import { noteRulesChanged } from './old-rules.ts'
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
        await noteRulesChanged(db, rule.createdAt)
      }),
    remove: (match, at) =>
      write(async (db) => {
        const { numDeletedRows } = await db.deleteFrom('rules').where('match', '=', match).executeTakeFirst()
        if (numDeletedRows > 0n) await noteRulesChanged(db, at)
        return numDeletedRows > 0n
      }),
    changedAt: () =>
      query(async (db) => {
        const row = await db.selectFrom('ruleChanges').selectAll().executeTakeFirst()
        return row?.changedAt ?? null
      }),
  }
}

function listRules(db: Db): Promise<readonly Rule[]> {
  return db.selectFrom('rules').selectAll().orderBy('createdAt', 'desc').orderBy('match').execute()
}
