import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { schemaOf } from '../store/old-schema.ts'

/** Data directories of earlier versions, with something in every table. */
export interface OldHomes extends Disposable {
  /** A new directory as a version with so many migrations would have left it; 0: nothing is there yet. */
  of(schema: number): string
}

interface Column {
  readonly name: string
  readonly type: string
  /** Its place in the primary key, from 1 on; 0 outside. */
  readonly pk: number
}

/** `connections`: how many of them, each with a row in all the other tables that name one. */
export async function oldHomes(schemas: readonly number[], connections: number): Promise<OldHomes> {
  const root = mkdtempSync(join(tmpdir(), 'coffer-old-'))
  const template = (schema: number) => join(root, `of-${schema}`)
  for (const schema of schemas) if (schema > 0) await make(template(schema), schema, connections)
  let made = 0
  return {
    of(schema) {
      made += 1
      const home = join(root, `home-${made}`)
      mkdirSync(home, { mode: 0o700 })
      if (schema > 0) cpSync(template(schema), home, { recursive: true, preserveTimestamps: true })
      return home
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

async function make(home: string, schema: number, connections: number): Promise<void> {
  mkdirSync(home, { mode: 0o700 })
  const path = join(home, 'coffer.db')
  writeFileSync(path, '', { mode: 0o600 })
  const database = new BetterSqlite(path)
  try {
    await schemaOf(database, schema)
    database.transaction(() => plant(database, connections))()
    // As every version leaves it.
    database.pragma('journal_mode = wal')
  } finally {
    database.close()
  }
}

/** Tables of the migrator's own, and the one that has what every database has. */
const planted = `select name from sqlite_master where type = 'table'
  and name not like 'sqlite\\_%' escape '\\' and name not like 'kysely\\_%' escape '\\' and name <> 'meta'`

/** Connections first: many others refer to them. */
function plant(database: BetterSqlite.Database, connections: number): void {
  const tables = database.prepare(planted).pluck().all().map(String)
  for (const table of tables.toSorted((one, other) => rank(one) - rank(other))) {
    const columns = columnsOf(database, table)
    const names = columns.map(({ name }) => `"${name}"`).join(', ')
    const marks = columns.map(() => '?').join(', ')
    // A table of one row at most, as some are, takes one.
    const insert = database.prepare(`insert or ignore into ${table} (${names}) values (${marks})`)
    for (let number = 0; number < connections; number += 1)
      insert.run(...columns.map((column) => valueOf(column, number)))
  }
}

const rank = (table: string) => (table === 'connections' ? 0 : 1)

function columnsOf(database: BetterSqlite.Database, table: string): Column[] {
  // The pragma gives these columns.
  const all = database.prepare(`select name, type, pk from pragma_table_info('${table}')`).all() as Column[]
  // A number that the database counts up by itself.
  const isCounted = ({ type, pk }: Column) => pk === 1 && type.toLowerCase() === 'integer'
  return all.filter((column) => !isCounted(column))
}

/** What a column of this name has, the same for the same number. */
function valueOf({ name, type }: Column, number: number): string | number {
  if (type.toLowerCase() !== 'text') return number % 2
  const known = values.find(([pattern]) => pattern.test(name))
  return known === undefined ? `${name} ${number}` : known[1](number)
}

const two = (number: number) => String((number % 28) + 1).padStart(2, '0')
const values: readonly (readonly [RegExp, (number: number) => string])[] = [
  [/^item_id$/, (number) => `item-${number}`],
  [/_at$|^(answered_)?deadline$|_time$/, (number) => `2026-11-${two(number)}T10:00:00.000Z`],
  [/^(date|from|to|until|known_from|bills_since)$|_on$/, (number) => `2026-10-${two(number)}`],
  [/products$/, () => '["transactions"]'],
  [/^(action|event|counts)$/, () => '{}'],
  [/^status$/, (number) => ['active', 'preparing', 'expiring'][number % 3] ?? 'active'],
  [/^environment$/, () => 'sandbox'],
  [/^currency$/, () => 'USD'],
]
