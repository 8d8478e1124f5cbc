import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { DriverName, Handle } from '../../src/store/drivers/driver.ts'
import { drivers } from '../../src/store/drivers/load.ts'
import { migrations } from '../../src/store/migrations/index.ts'

/** The id of every database that is made here. */
export const idOfOld = 'id-of-old'

/** A database as it was made when there were only the first `count` migrations. */
export async function schemaOf(handle: Handle, count: number): Promise<void> {
  const db = new Kysely({ dialect: new SqliteDialect({ database: handle }) })
  const provider = {
    getMigrations: async () => Object.fromEntries(Object.entries(migrations).slice(0, count)),
  }
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error !== undefined) throw error
  handle.exec(`insert into meta values ('database_id', '${idOfOld}'); pragma user_version = ${count}`)
}

/** Such a database in a data directory, as a version of then left it. */
export async function writeOldDatabase(
  home: string,
  name: DriverName,
  count: number,
  fill: (handle: Handle) => void = () => undefined,
): Promise<void> {
  mkdirSync(home, { mode: 0o700 })
  writeFileSync(join(home, 'coffer.db'), '', { mode: 0o600 })
  const handle = (await drivers[name]()).open(join(home, 'coffer.db'), 1_000)
  await schemaOf(handle, count)
  fill(handle)
  handle.close()
}
