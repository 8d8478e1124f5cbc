import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { ignoreKnown } from '../../errors.ts'
import { waitForLock } from '../../lock.ts'
import { createPrivateFile, explained, preparePrivateDirectory } from '../../private-files.ts'
import type { Access } from '../access.ts'
import type { Driver } from '../drivers/driver.ts'
import { translateSqliteError } from '../drivers/errors.ts'
import { refuseDamaged } from '../drivers/open.ts'
import {
  type Backup,
  type BackupCause,
  listBackups,
  nameOf,
  prune,
  removeOthers,
  removeUnfinished,
} from './files.ts'

export interface Backups {
  /**
   * Writes the database, as it is now, into a file of its own in COFFER_HOME/backups; the newest seven are kept. Others
   * go on reading and writing meanwhile. Rejects as the store does, with no file left.
   */
  make(cause: BackupCause): Promise<Backup>
  /** Newest first. */
  list(): readonly Backup[]
  /** Makes one anew and deletes every older state that is kept anywhere in COFFER_HOME: something was erased. */
  renew(): Promise<void>
}

export interface BackupDeps {
  readonly home: string
  readonly driver: Driver
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Below COFFER_HOME. Each may hold what the database no longer does. */
const directories = { backups: 'backups', replaced: 'replaced', quarantine: 'quarantine' } as const
const kept = 7

/** `query`: of the connection that has the database open. A second one would free its locks when it is closed. */
export function createBackups({ query }: Pick<Access, 'query'>, deps: BackupDeps): Backups {
  const { home, driver, now } = deps
  const directory = join(home, directories.backups)

  async function write(cause: BackupCause): Promise<Backup> {
    preparePrivateDirectory(directory)
    removeUnfinished(directory)
    const name = nameOf(new Date(now()), cause)
    const path = join(directory, name)
    const unfinished = `${path}.part`
    try {
      createPrivateFile(unfinished)
      await query((db) => sql`vacuum into ${unfinished}`.execute(db))
      explained(path, () => flush(unfinished))
      checkFile(driver, unfinished)
      explained(path, () => renameSync(unfinished, path))
    } catch (error) {
      rmSync(unfinished, { force: true })
      throw error
    }
    flushDirectory(directory)
    const found = listBackups(directory).find((backup) => backup.name === name)
    if (found === undefined) throw new Error('cannot happen: nobody else deletes one under the lock')
    return found
  }

  return {
    list: () => listBackups(directory),
    make: (cause) =>
      underLock(home, async () => {
        const made = await write(cause)
        prune(directory, made, kept)
        return made
      }),
    renew: () =>
      underLock(home, async () => {
        // What was erased has to go, whether or not the disk has room for a new one.
        const made = await write('erasure').catch(ignoreKnown)
        removeOthers(directory, made?.name ?? null)
        for (const other of [directories.replaced, directories.quarantine])
          removeOthers(join(home, other), null)
      }),
  }
}

/** One at a time: what is unfinished under it was left by a process that has ended. */
async function underLock<T>(home: string, work: () => Promise<T>): Promise<T> {
  const lock = await waitForLock(join(home, 'backup.lock'), { timeoutMs: 15_000 })
  try {
    return await work()
  } finally {
    lock.release()
  }
}

/** DATABASE_DAMAGED when it does not read as a database from the first page to the last. */
function checkFile(driver: Driver, path: string): void {
  const handle = driver.open(path, 0)
  try {
    refuseDamaged(handle, path)
  } catch (error) {
    throw translateSqliteError(error)
  } finally {
    handle.close()
  }
}

/** SQLite does not wait for the disk when it writes such a copy. */
function flush(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The new name outlives a power cut too; Windows has no such call. */
function flushDirectory(path: string): void {
  if (process.platform === 'win32') return
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
