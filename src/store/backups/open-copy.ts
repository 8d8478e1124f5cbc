import { createReserve } from '../reserve.ts'
import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { type Database, openDatabase } from '../dialect.ts'
import type { Driver } from '../drivers/driver.ts'
import { migrate, readDatabaseId } from '../migrate.ts'
import { newestSchema } from '../migrations/index.ts'
import { type StoreOptions, storeOn, withDefaults } from '../open.ts'
import type { Db } from '../schema.ts'
import type { Store } from '../store.ts'
import { createBackups } from './make.ts'
import { moveForward } from './move-forward.ts'
import { unusable } from './working-copy.ts'

export interface Copying {
  /** Of the copy, in a directory of its own. */
  readonly path: string
  /** What it is a copy of. */
  readonly file: string
}

/** A copy of a backup, brought to this version's tables and up to now; nobody else knows of it. */
export async function openCopy(options: StoreOptions, driver: Driver, copying: Copying): Promise<Store> {
  const { path, file } = copying
  const now = options.now ?? Date.now
  const database = await openAside(options, driver, path)
  try {
    const ours = await shapeOfOurs(options, driver, dirname(path))
    if ((await database.query(shapeOf)) !== ours) throw unusable(file, 'is no backup of Coffer')
    await database.write((db) => moveForward(db, new Date(now()).toISOString()))
    const backups = createBackups(database, { home: dirname(path), driver, now })
    const about = { driver: driver.name, version: driver.version, path }
    const databaseId = await database.read(readDatabaseId)
    const reserve = createReserve(join(dirname(path), 'disk.reserve'), now)
    return storeOn(database, { databaseId, about, backups, reserve, close: () => database.close() })
  } catch (error) {
    await database.close()
    throw error
  }
}

async function openAside(options: StoreOptions, driver: Driver, path: string): Promise<Database> {
  const file = { path, marker: `${path}.id`, isKnown: () => false }
  const database = await openDatabase(driver, { ...withDefaults(options), ...file, newest: newestSchema })
  try {
    const lockPath = join(dirname(path), 'migrate.lock')
    await migrate(database, { lockPath, newId: randomUUID, backUp: async () => undefined })
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

async function shapeOfOurs(options: StoreOptions, driver: Driver, directory: string): Promise<string> {
  const database = await openAside(options, driver, join(directory, 'empty.db'))
  try {
    return await database.query(shapeOf)
  } finally {
    await database.close()
  }
}

/** Its tables by name, and what it does by itself: a trigger of somebody else would run with every write. */
async function shapeOf(db: Db): Promise<string> {
  const { rows } = await sql`
    select type, name, iif(type = 'table', null, sql) as text from sqlite_master
    where type <> 'index' and name not like 'sqlite#_%' escape '#' order by type, name`.execute(db)
  return JSON.stringify(rows)
}
