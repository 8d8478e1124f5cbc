import { createHash } from 'node:crypto'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'

/** What a database file holds. Nothing in this process may have it open. */
export interface Contents {
  readonly schema: number
  /** `ok`, or what is damaged. */
  readonly integrity: string
  /** A digest of all rows by table, whatever their order. */
  readonly tables: ReadonlyMap<string, string>
}

/** What legitimately differs from one run to the next. */
const leftOut: Readonly<Record<string, string>> = {
  kysely_migration: 'when each step was taken',
  kysely_migration_lock: 'the lock of the migrator',
  audit: 'a log of what was done and when',
  changes: 'how often something was written, by however many copies',
}

export function contentsOf(home: string): Contents {
  const database = new BetterSqlite(join(home, 'coffer.db'), { fileMustExist: true })
  try {
    const tables = database
      .prepare(
        `select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'`,
      )
      .pluck()
      .all()
      .map(String)
    return {
      schema: Number(database.pragma('user_version', { simple: true })),
      integrity: String(database.pragma('integrity_check', { simple: true })),
      tables: new Map(
        tables.filter((table) => !(table in leftOut)).map((table) => [table, digestOf(database, table)]),
      ),
    }
  } finally {
    database.close()
  }
}

function digestOf(database: BetterSqlite.Database, table: string): string {
  const rows = database.prepare(`select * from "${table}"`).raw().all()
  const texts = rows.map((row) => JSON.stringify(row)).toSorted()
  return `${texts.length} rows, ${createHash('sha256').update(texts.join('\n')).digest('hex')}`
}

/** The tables whose rows are other ones, or that only one side has. */
export function differing(one: Contents, other: Contents): string[] {
  const names = new Set([...one.tables.keys(), ...other.tables.keys()])
  return [...names].filter((name) => one.tables.get(name) !== other.tables.get(name))
}
