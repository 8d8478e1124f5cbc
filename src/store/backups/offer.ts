import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CofferError, isCofferError } from '../../errors.ts'
import type { Driver } from '../drivers/driver.ts'
import { translateSqliteError } from '../drivers/errors.ts'
import { checkFile } from './check-file.ts'
import { directoriesIn } from './directories.ts'
import { type Backup, listBackups } from './files.ts'

/** What can be done about a database that is damaged or gone: the newest good backup, by name, and the command. */
export function withOffer(problem: string, home: string, driver: Driver): CofferError {
  const id = markedId(home)
  const best = newestGood(home, driver, (of) => id === null || of === id)
  const fix =
    best === null
      ? 'There is no good backup here. Run coffer-mcp restore FILE with one that you keep elsewhere; or move COFFER_HOME aside, keep it as it is, and connect the banks again.'
      : `Run coffer-mcp restore: the newest good backup is ${best.name}, of ${best.takenAt}.`
  return new CofferError('DATABASE_DAMAGED', problem, { fix })
}

/** @param fits whether the database with this id is meant: a directory may have backups of another one too */
export function newestGood(home: string, driver: Driver, fits: (id: string) => boolean): Backup | null {
  const isMeant = (path: string) => isGood(driver, path) && fits(idOf(driver, path))
  return listBackups(directoriesIn(home).backups).find(({ path }) => isMeant(path)) ?? null
}

/** That of the database that is, or was, in `home`; null: not known. One that was cut off as it was made has none yet. */
export function markedId(home: string): string | null {
  const marker = join(home, 'database.id')
  return existsSync(marker) ? readFileSync(marker, 'utf8').trim() || null : null
}

/** Of a file that is whole; empty where there is none in it. */
function idOf(driver: Driver, path: string): string {
  const handle = driver.open(path, 0)
  try {
    const [row] = handle.prepare("select value from meta where key = 'database_id'").all([])
    return String(Object.values(row ?? {})[0] ?? '')
  } catch (error) {
    if (isCofferError(translateSqliteError(error))) return ''
    throw error
  } finally {
    handle.close()
  }
}

export function isGood(driver: Driver, path: string): boolean {
  try {
    checkFile(driver, path)
    return true
  } catch (error) {
    if (isCofferError(error)) return false
    throw error
  }
}
