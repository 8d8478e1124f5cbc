import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { ignoreKnown } from '../../errors.ts'
import { underLock } from '../../lock.ts'
import { createPrivateFile, explained, preparePrivateDirectory } from '../../private-files.ts'
import type { Access } from '../access.ts'
import type { Driver } from '../drivers/driver.ts'
import { checkFile } from './check-file.ts'
import type { Restored } from './decide.ts'
import { directoriesIn } from './directories.ts'
import { flush, flushDirectory } from './flush.ts'
import { type Copied, merge } from './merge.ts'
import {
  type Backup,
  type BackupCause,
  keepNewest,
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
  /** Takes over what a checked copy of another state has; the state until now is kept, and two before it. */
  merge(copied: Copied): Promise<Restored>
}

export interface BackupDeps {
  readonly home: string
  readonly driver: Driver
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const kept = 7
const replacedKept = 3

/** `query`: of the connection that has the database open. A second one would free its locks when it is closed. */
export function createBackups(access: Access, deps: BackupDeps): Backups {
  const { home, driver, now } = deps
  const { backups, ...others } = directoriesIn(home)

  async function write(directory: string, cause: BackupCause): Promise<Backup> {
    preparePrivateDirectory(directory)
    removeUnfinished(directory)
    const name = nameOf(new Date(now()), cause)
    const path = join(directory, name)
    const unfinished = `${path}.part`
    try {
      createPrivateFile(unfinished)
      await access.query((db) => sql`vacuum into ${unfinished}`.execute(db))
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
    list: () => listBackups(backups),
    make: (cause) =>
      alone(home, async () => {
        const made = await write(backups, cause)
        prune(backups, made, kept)
        return made
      }),
    renew: () =>
      alone(home, async () => {
        // What was erased has to go, whether or not the disk has room for a new one.
        const made = await write(backups, 'erasure').catch(ignoreKnown)
        removeOthers(backups, made?.name ?? null)
        for (const other of Object.values(others)) removeOthers(other, null)
      }),
    async merge(copied) {
      const { path } = await alone(home, () => write(others.replaced, 'replaced'))
      keepNewest(others.replaced, replacedKept)
      return { decision: await merge(access, copied, new Date(now()).toISOString()), kept: path }
    },
  }
}

/** One at a time: what is unfinished under it was left by a process that has ended. */
async function alone<T>(home: string, work: () => Promise<T>): Promise<T> {
  return await underLock(join(home, 'backup.lock'), work, { timeoutMs: 15_000 })
}
