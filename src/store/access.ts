import { setTimeout } from 'node:timers/promises'
import type { AccessMode } from 'kysely'
import { isCofferError } from '../errors.ts'
import type { ReplaceRows } from './replace.ts'
import type { Db } from './schema.ts'

/** How the tables reach the database. Both reject with a CofferError and repeat `work` while it is busy. */
export interface Access {
  /** For one statement that reads: it is one state of the database by itself. */
  readonly query: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  /** One state of the database for all that `work` reads. */
  readonly read: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  /** All of `work` or nothing, and no other writer in between. No network in `work`: everybody waits for it. */
  readonly write: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  /** As `write`, but no disk is waited for: it gets there with the next write that waits. */
  readonly soon: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  /**
   * As `soon`, but the version stays: nobody is to read anew because of it. For what counts for minutes, which a
   * power cut may take, though no crash does.
   */
  readonly quietly: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  /** As `write`, but the version stays, and it waits for nobody. */
  readonly note: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  /** Another text after each `write`, of this process or any other. */
  readonly version: () => Promise<string>
  /** Brings what was deleted out of the write-ahead log too; false when somebody read it for too long. */
  readonly truncateLog: () => Promise<boolean>
  /** For thousands of rows; within `write`. */
  readonly replaceRows: ReplaceRows
  /** ISO 8601. */
  readonly now: () => string
}

/** What the open file itself tells and does, beside statements. */
export interface Gauge {
  readonly version: () => string
  /** How many rows this process has written so far. */
  readonly written: () => number
  /** Makes the version another one. */
  readonly advance: () => void
  readonly inTransaction: () => boolean
  /** Whether a statement waits for another process. */
  readonly waits: (forOthers: boolean) => void
  /** Whether a commit waits for the disk. */
  readonly syncs: (toDisk: boolean) => void
}

export interface Patience {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** From 0 to 1. */
  readonly random: () => number
  /** What the database's error means. */
  readonly translate: (error: unknown) => unknown
}

const tries = 100
/** Each try may itself wait for the busy timeout, and a tool has to answer within 20 s. */
const patienceMs = 8_000

export function createAccess(
  db: Db,
  gauge: Gauge,
  patience: Patience,
): Omit<Access, 'truncateLog' | 'replaceRows'> {
  const run =
    (mode: AccessMode) =>
    <T>(work: (db: Db) => Promise<T>): Promise<T> =>
      retryWhileBusy(() => db.transaction().setAccessMode(mode).execute(work), patience)
  const [write, query] = [
    run('read write'),
    <T>(work: (db: Db) => Promise<T>) => retryWhileBusy(() => work(db), patience),
  ]
  const unsynced = <T>(work: (db: Db) => Promise<T>): Promise<T> =>
    retryWhileBusy(() => without(gauge.syncs, db, work), patience)
  return {
    query,
    read: run('read only'),
    write: (work) => write((db) => advancing(gauge, () => work(db))),
    soon: (work) => unsynced((db) => advancing(gauge, () => work(db))),
    quietly: unsynced,
    // A driver waits for another process without letting go: nothing is answered meanwhile.
    note: (work) =>
      without(gauge.waits, db, work).catch((error: unknown) => Promise.reject(patience.translate(error))),
    // What a transaction has written may yet be taken back.
    version: together(() =>
      gauge.inTransaction()
        ? query(() => db.connection().execute(async () => gauge.version()))
        : retryWhileBusy(async () => gauge.version(), patience),
    ),
    now: () => new Date(patience.now()).toISOString(),
  }
}

/** Within the transaction of `work`, so that the version is another one exactly when something was written. */
async function advancing<T>({ written, advance }: Gauge, work: () => Promise<T>): Promise<T> {
  const before = written()
  const result = await work()
  if (written() !== before) advance()
  return result
}

/** Several who ask at once share a look, which begins after each of them has asked. */
function together<T>(look: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | null = null
  return () =>
    (next ??= Promise.resolve().then(() => {
      next = null
      return look()
    }))
}

function without<T>(waiting: (isOn: boolean) => void, db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  return db.connection().execute(async (own) => {
    waiting(false)
    try {
      return await own.transaction().execute(work)
    } finally {
      waiting(true)
    }
  })
}

/** A snapshot that went stale, or a switch of the journal mode, is busy at once, whatever the busy timeout. */
export async function retryWhileBusy<T>(
  work: () => Promise<T>,
  { now, random, translate }: Patience,
): Promise<T> {
  const end = now() + patienceMs
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const failure = translate(error)
      if (!isCofferError(failure, 'DATABASE_BUSY') || attempt === tries || now() > end) throw failure
    }
    await setTimeout(1 + random() * 20)
  }
}
