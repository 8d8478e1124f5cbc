import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { SqliteStatement } from 'kysely'
import { nodeSqlite } from '../../node-sqlite.ts'
import type { Driver, Handle } from './driver.ts'

/** For places that refuse native modules. */
export async function nodeSqliteDriver(): Promise<Driver> {
  const { DatabaseSync } = nodeSqlite()
  return {
    name: 'node:sqlite',
    version: process.versions.sqlite ?? '0',
    open: (path, busyMs) => handleOf(new DatabaseSync(path, { timeout: busyMs })),
  }
}

function handleOf(database: DatabaseSync): Handle {
  return {
    get inTransaction() {
      return database.isTransaction
    },
    exec: (sql) => database.exec(sql),
    prepare: (sql) => statementOf(database, sql),
    close: () => database.close(),
  }
}

function statementOf(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql)
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(toInput)),
    run: (parameters) => statement.run(...parameters.map(toInput)),
    iterate: (parameters) => statement.iterate(...parameters.map(toInput)),
  }
}

function toInput(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  throw new TypeError(`a column is text or an integer, not ${typeof value}`)
}
