import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Handle } from '../../src/store/drivers/driver.ts'
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
