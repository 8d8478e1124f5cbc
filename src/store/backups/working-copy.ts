import { chmodSync, copyFileSync, existsSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CofferError, isCofferError } from '../../errors.ts'
import { explained, preparePrivateDirectory } from '../../private-files.ts'
import type { Driver } from '../drivers/driver.ts'
import { translateSqliteError } from '../drivers/errors.ts'
import { newestSchema } from '../migrations/index.ts'
import { directoriesIn } from './directories.ts'
import { nameOf } from './files.ts'

export interface WorkingCopy {
  readonly path: string
  /** That of the version that wrote it. */
  readonly schema: number
}

/**
 * Copies a backup into a directory of its own and checks it there; the file itself is only read. BACKUP_UNUSABLE when it
 * is damaged, no backup of ours, or that of a newer version.
 */
export function copyBackup(home: string, file: string, driver: Driver, now: number): WorkingCopy {
  const directory = directoriesIn(home).restoring
  rmSync(directory, { recursive: true, force: true })
  preparePrivateDirectory(directory)
  const path = join(directory, nameOf(new Date(now), 'restoring'))
  refuseOurOwn(home, file)
  explained(path, () => {
    // A log beside it belongs to it: a directory that was copied as a whole has one.
    for (const suffix of ['', '-wal'])
      if (existsSync(file + suffix)) copyPrivately(file + suffix, path + suffix)
  })
  return { path, schema: check(path, file, driver) }
}

function copyPrivately(from: string, to: string): void {
  copyFileSync(from, to)
  chmodSync(to, 0o600)
}

/** Opening it would drop the locks of this process; and it is no backup. */
function refuseOurOwn(home: string, file: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined || !found.isFile()) throw unusable(file, 'is no file')
  const own = join(home, 'coffer.db')
  if (existsSync(own) && realpathSync(own) === realpathSync(file))
    throw unusable(file, 'is the database itself')
}

function check(path: string, file: string, driver: Driver): number {
  try {
    const handle = driver.open(path, 0)
    const first = (sql: string) => Object.values(handle.prepare(sql).all([])[0] ?? {})[0]
    try {
      handle.exec('pragma trusted_schema = off')
      const schema = Number(first('pragma user_version'))
      if (schema > newestSchema) throw unusable(file, 'was written by a newer version of coffer-mcp', NEWER)
      if (first('pragma integrity_check(1)') !== 'ok') throw unusable(file, 'is damaged')
      // Whether all of it is ours is seen when it has been brought to this version's tables.
      if (schema === 0 || typeof first("select value from meta where key = 'database_id'") !== 'string')
        throw unusable(file, 'is no backup of Coffer')
      return schema
    } finally {
      handle.close()
    }
  } catch (error) {
    const failure = translateSqliteError(error)
    if (isCofferError(failure, 'DATABASE_DAMAGED')) throw unusable(file, 'is damaged, or no backup of Coffer')
    throw failure
  }
}

/** A removal while a person was asked has deleted every older state, and so the working copy. */
export function removedMeanwhile(): CofferError {
  return new CofferError('BACKUP_UNUSABLE', 'Something was removed meanwhile. Nothing was changed.', {
    fix: 'Run coffer-mcp restore again.',
  })
}

const NEWER = 'Update coffer-mcp first, here and in every client that starts it.'

export function unusable(file: string, why: string, fix?: string): CofferError {
  return new CofferError('BACKUP_UNUSABLE', `${basename(file)} ${why}. Nothing was changed.`, {
    fix: fix ?? 'Take another one: coffer-mcp restore --list shows them.',
  })
}
