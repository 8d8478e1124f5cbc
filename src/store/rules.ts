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
        const matters = isCounted([rule], await listRules(db))
        await db.deleteFrom('rules').where('match', '=', rule.match).execute()
        await db.insertInto('rules').values(rule).execute()
        if (matters) await noteRulesChanged(db, rule.createdAt)
      }),
    remove: (match, at) =>
      write(async (db) => {
        const all = await listRules(db)
        const rule = all.filter((one) => one.match === match)
        await db.deleteFrom('rules').where('match', '=', match).execute()
        if (isCounted(rule, all)) await noteRulesChanged(db, at)
        return rule.length > 0
      }),
    changedAt: () =>
      query(async (db) => {
        const row = await db.selectFrom('ruleChanges').selectAll().executeTakeFirst()
        return row?.changedAt ?? null
      }),
  }
}

/** A rule for a category alone changes no figure, unless it comes before one that says what rows count as. */
function isCounted(rules: readonly Rule[], all: readonly Rule[]): boolean {
  return rules.some(
    (rule) =>
      rule.kind !== null || all.some(({ kind, match }) => kind !== null && match.length <= rule.match.length),
  )
}

function listRules(db: Db): Promise<readonly Rule[]> {
  return db.selectFrom('rules').selectAll().orderBy('createdAt', 'desc').orderBy('match').execute()
}
