import { dirname } from 'node:path'
import {
  CamelCasePlugin,
  CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  sql,
  type TransactionSettings,
} from 'kysely'
import { isCofferError } from '../errors.ts'
import { type Access, createAccess, type Gauge, type Patience, retryWhileBusy } from './access.ts'
import type { Driver, Handle } from './drivers/driver.ts'
import { translateSqliteError } from './drivers/errors.ts'
import { type DatabaseFile, prepareDatabaseFile } from './drivers/file.ts'
import { isOldSqlite, journalFor, noteOldSqlite, oldSqlite } from './drivers/journal.ts'
import { type OpenOptions, openHandle } from './drivers/open.ts'
import { replaceRows } from './replace.ts'
import type { Db, Schema } from './schema.ts'

/** An open database, with all that differs from one kind of database to another. */
export interface Database extends Access {
  /** The number of the last migration; 0 in a new database. */
  readonly schemaVersion: (db: Db) => Promise<number>
  readonly setSchemaVersion: (db: Db, version: number) => Promise<void>
  close(): Promise<void>
}

export interface DatabaseOptions
  extends Omit<OpenOptions, 'journal'>,
    DatabaseFile,
    Omit<Patience, 'translate'> {}

export async function openDatabase(driver: Driver, options: DatabaseOptions): Promise<Database> {
  prepareDatabaseFile(options)
  const patience = { ...options, translate: translateSqliteError }
  const handle = await openJournaled(driver, options, patience)
  const db = new Kysely<Schema>({ dialect: new ImmediateDialect(handle), plugins: [new CamelCasePlugin()] })
  const access = createAccess(db, gaugeOf(handle, options), patience)
  return {
    ...access,
    truncateLog: () => access.query(truncateLog),
    replaceRows,
    schemaVersion,
    setSchemaVersion,
    close: () => db.destroy(),
  }
}

async function openJournaled(driver: Driver, options: DatabaseOptions, patience: Patience): Promise<Handle> {
  const home = dirname(options.path)
  const isOld = isOldSqlite(driver)
  if (isOld) noteOldSqlite(home)
  const open = async () => openHandle(driver, { ...options, journal: () => journalFor(home) })
  return await retryWhileBusy(open, patience).catch((error: unknown) => {
    throw isOld && isCofferError(error, 'DATABASE_BUSY') ? oldSqlite(driver) : error
  })
}

/** A text of our own: SQLite's `data_version` is another one after what was only noted, too. No restored copy brings an old one back. */
function gaugeOf(handle: Handle, { busyMs }: Pick<OpenOptions, 'busyMs'>): Gauge {
  const first = (statement: string) => Object.values(handle.prepare(statement).all([])[0] ?? {})[0]
  // Nobody leaves a WAL that is open.
  const isWal = first('pragma journal_mode') === 'wal'
  return {
    version: () => String(first('select version from changes')),
    written: () => Number(first('select total_changes()')),
    advance: () => void handle.prepare('update changes set version = hex(randomblob(8))').run([]),
    inTransaction: () => handle.inTransaction,
    waits: (forOthers) => handle.exec(`pragma busy_timeout = ${forOthers ? busyMs : 0}`),
    syncs: (toDisk) => {
      // A rollback journal that is not on the disk in time may leave a damaged database behind.
      if (isWal) handle.exec(`pragma synchronous = ${toDisk ? 'full' : 'normal'}`)
    },
  }
}

async function truncateLog(db: Db): Promise<boolean> {
  const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db)
  return rows[0]?.busy === 0
}

async function schemaVersion(db: Db): Promise<number> {
  const { rows } = await sql<{ userVersion: number }>`pragma user_version`.execute(db)
  return rows[0]?.userVersion ?? 0
}

async function setSchemaVersion(db: Db, version: number): Promise<void> {
  await sql`pragma user_version = ${sql.lit(version)}`.execute(db)
}

class ImmediateDialect extends SqliteDialect {
  readonly #handle: Handle

  constructor(handle: Handle) {
    super({ database: handle })
    this.#handle = handle
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#handle)
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter()
  }
}

class TransactionalAdapter extends SqliteAdapter {
  /** So that the migrator runs in a transaction of ours. Kysely leaves it off for other reasons. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #handle: Handle

  constructor(handle: Handle) {
    super({ database: handle })
    this.#handle = handle
  }

  /** A deferred transaction that reads and then writes fails when another process wrote in between. */
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings = {}) {
    const begin = settings.accessMode === 'read only' ? 'begin' : 'begin immediate'
    await connection.executeQuery(CompiledQuery.raw(begin))
  }

  /** SQLite itself rolls back when the disk is full or fails; a second rollback would hide that error. */
  override async rollbackTransaction(connection: DatabaseConnection) {
    if (this.#handle.inTransaction) await super.rollbackTransaction(connection)
  }
}
