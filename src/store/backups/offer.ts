import { CofferError, isCofferError } from '../../errors.ts'
import type { Driver } from '../drivers/driver.ts'
import { checkFile } from './check-file.ts'
import { directoriesIn } from './directories.ts'
import { type Backup, listBackups } from './files.ts'

/** What can be done about a database that is damaged or gone: the newest good backup, by name, and the command. */
export function withOffer(problem: string, home: string, driver: Driver): CofferError {
  const best = newestGood(home, driver)
  const fix =
    best === null
      ? 'There is no good backup here. Run coffer-mcp restore FILE with one that you keep elsewhere; or move COFFER_HOME aside, keep it as it is, and connect the banks again.'
      : `Run coffer-mcp restore: the newest good backup is ${best.name}, of ${best.takenAt}.`
  return new CofferError('DATABASE_DAMAGED', problem, { fix })
}

export function newestGood(home: string, driver: Driver): Backup | null {
  return listBackups(directoriesIn(home).backups).find(({ path }) => isGood(driver, path)) ?? null
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
