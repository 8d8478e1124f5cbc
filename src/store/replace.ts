import { CompiledQuery } from 'kysely'
import { parts } from './columns.ts'
import type { Db } from './schema.ts'

/** A table and its columns by the names that the database has, each with what goes into it. */
export interface Filling<T> {
  readonly table: string
  readonly columns: Readonly<Record<string, (row: T) => string | number | null>>
}

/** Puts rows in, each in place of the one with its key. */
export type ReplaceRows = <T>(db: Db, filling: Filling<T>, rows: readonly T[]) => Promise<void>

/**
 * The same in SQLite. As text, since Kysely takes longer to build a statement of thousands of values than the database
 * to run it.
 */
export const replaceRows: ReplaceRows = async (db, { table, columns }, rows) => {
  const into = `replace into ${table} (${Object.keys(columns).join(', ')}) values `
  const values = Object.values(columns)
  const one = `(${values.map(() => '?').join(', ')})`
  for (const part of parts(rows)) {
    const text = into + Array(part.length).fill(one).join(', ')
    const parameters = part.flatMap((row) => values.map((value) => value(row)))
    await db.executeQuery(CompiledQuery.raw(text, parameters))
  }
}
