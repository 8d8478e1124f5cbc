import { Migrator } from 'kysely/migration'
import { waitForLock } from '../lock.ts'
import type { Database } from './dialect.ts'
import { migrations, newestSchema } from './migrations/index.ts'
import type { Db } from './schema.ts'

export interface MigrateOptions {
  readonly lockPath: string
  /** The id of a database that is made now. */
  readonly newId: () => string
}

/**
 * Brings the schema up to date in one transaction. The lock keeps out other copies of us that start at the
 * same moment. Rejects with DATABASE_BUSY when one of them holds it for too long.
 */
export async function migrate(database: Database, { lockPath, newId }: MigrateOptions): Promise<void> {
  if ((await database.read(database.schemaVersion)) === newestSchema) return
  const lock = await waitForLock(lockPath, { timeoutMs: 15_000 })
  try {
    await database.write(async (db) => {
      await migrateToLatest(db)
      await database.setSchemaVersion(db, newestSchema)
      await insertDatabaseId(db, newId())
    })
  } finally {
    lock.release()
  }
}

/** An unknown migration in the database, of a newer version that was faster just now, fails here too. */
async function migrateToLatest(db: Db): Promise<void> {
  const provider = { getMigrations: async () => migrations }
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error !== undefined) throw error
}

async function insertDatabaseId(db: Db, value: string): Promise<void> {
  await db
    .insertInto('meta')
    .values({ key: 'database_id', value })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function readDatabaseId(db: Db): Promise<string> {
  const { value } = await db
    .selectFrom('meta')
    .where('key', '=', 'database_id')
    .select('value')
    .executeTakeFirstOrThrow()
  return value
}
