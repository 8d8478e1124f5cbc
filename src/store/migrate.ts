import { Migrator } from 'kysely/migration'
import { underLock } from '../lock.ts'
import type { Database } from './dialect.ts'
import { migrations, newestSchema } from './migrations/index.ts'
import type { Db } from './schema.ts'

export interface MigrateOptions {
  readonly lockPath: string
  /** The id of a database that is made now. */
  readonly newId: () => string
  /** Called before the schema of a database that is there is changed; what it rejects with leaves it as it is. */
  readonly backUp: () => Promise<unknown>
}

/**
 * Brings the schema up to date in one transaction. The lock keeps out other copies of us that start at the
 * same moment. Rejects with DATABASE_BUSY when one of them holds it for too long.
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<void> {
  if ((await database.read(database.schemaVersion)) === newestSchema) return
  await underLock(options.lockPath, () => migrateFromOlder(database, options), { timeoutMs: 15_000 })
}

async function migrateFromOlder(database: Database, options: MigrateOptions): Promise<void> {
  const before = await database.read(database.schemaVersion)
  // Another copy was faster.
  if (before === newestSchema) return
  if (before > 0) await options.backUp()
  await database.write(async (db) => {
    await migrateToLatest(db)
    await database.setSchemaVersion(db, newestSchema)
    await insertDatabaseId(db, options.newId())
  })
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
