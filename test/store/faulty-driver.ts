import type { SqliteStatement } from 'kysely'
import type { Driver, Handle } from '../../src/store/drivers/driver.ts'
import { type Drivers, drivers } from '../../src/store/drivers/load.ts'

/** Looks at a statement before it runs, and may throw in its place. */
export type Before = (sql: string, handle: Handle) => void

/** The real drivers, with something between them and us. */
export function driversWith(before: Before): Drivers {
  return {
    'better-sqlite3': async () => driverWith(await drivers['better-sqlite3'](), before),
    'node:sqlite': async () => driverWith(await drivers['node:sqlite'](), before),
  }
}

/** The real drivers, said to have another version of SQLite. */
export function driversOf(version: string): Drivers {
  return {
    'better-sqlite3': async () => ({ ...(await drivers['better-sqlite3']()), version }),
    'node:sqlite': async () => ({ ...(await drivers['node:sqlite']()), version }),
  }
}

/** What each driver throws for one of SQLite's extended result codes. */
export function sqliteError(driver: string, name: string, number: number): Error {
  return Object.assign(
    new Error('made up'),
    driver === 'node:sqlite' ? { code: 'ERR_SQLITE_ERROR', errcode: number } : { code: name },
  )
}

function driverWith(driver: Driver, before: Before): Driver {
  return { ...driver, open: (path, busyMs) => handleWith(driver.open(path, busyMs), before) }
}

function handleWith(handle: Handle, before: Before): Handle {
  return {
    get inTransaction() {
      return handle.inTransaction
    },
    exec: (sql) => handle.exec(sql),
    prepare: (sql) => statementWith(handle.prepare(sql), () => before(sql, handle)),
    close: () => handle.close(),
  }
}

function statementWith(statement: SqliteStatement, before: () => void): SqliteStatement {
  return {
    reader: statement.reader,
    all(parameters) {
      before()
      return statement.all(parameters)
    },
    run(parameters) {
      before()
      return statement.run(parameters)
    },
    iterate: (parameters) => statement.iterate(parameters),
  }
}
