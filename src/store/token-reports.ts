import type { Access } from './access.ts'
import type { Db } from './schema.ts'
import type { Store, TokenReport } from './store.ts'

/** A year of weeks. */
const kept = 53

export function createTokenReports({ query, write }: Access): Store['tokenReports'] {
  return {
    add: (report) => write((db) => add(db, report)),
    lastBefore: (before) => query((db) => lastBefore(db, before)),
  }
}

async function add(db: Db, { takenAt, counts }: TokenReport): Promise<void> {
  await db
    .replaceInto('tokenReports')
    .values({ takenAt, counts: JSON.stringify(counts) })
    .execute()
  const newest = db.selectFrom('tokenReports').select('takenAt').orderBy('takenAt', 'desc').limit(kept)
  await db.deleteFrom('tokenReports').where('takenAt', 'not in', newest).execute()
}

async function lastBefore(db: Db, before: string): Promise<TokenReport | null> {
  const row = await db
    .selectFrom('tokenReports')
    .selectAll()
    .where('takenAt', '<=', before)
    .orderBy('takenAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  // Only this room writes the column, and always numbers by name.
  return row === undefined ? null : { ...row, counts: JSON.parse(row.counts) as TokenReport['counts'] }
}
