import { CofferError } from '../../errors.ts'
import { betterSqlite3 } from './better-sqlite3.ts'
import type { Driver, DriverName, LoadDriver } from './driver.ts'
import { nodeSqliteDriver } from './node-sqlite.ts'

export type Drivers = Readonly<Record<DriverName, LoadDriver>>

export const drivers: Drivers = { 'better-sqlite3': betterSqlite3, 'node:sqlite': nodeSqliteDriver }

/** The one asked for; else better-sqlite3, and Node's own where that does not load. */
export async function loadDriver(name: DriverName | undefined, from: Drivers): Promise<Driver> {
  if (name === undefined) return from['better-sqlite3']().catch(() => from['node:sqlite']())
  return from[name]().catch(() => {
    throw new CofferError('BAD_SETTING', `The database driver ${name} does not load here.`, {
      fix: 'Name no driver, or reinstall coffer-mcp.',
    })
  })
}
