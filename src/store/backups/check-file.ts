import type { Driver } from '../drivers/driver.ts'
import { translateSqliteError } from '../drivers/errors.ts'
import { refuseDamaged } from '../drivers/open.ts'

/** DATABASE_DAMAGED when a file that nobody else has open does not read as a database from the first page to the last. */
export function checkFile(driver: Driver, path: string): void {
  try {
    const handle = driver.open(path, 0)
    try {
      refuseDamaged(handle, path)
    } finally {
      handle.close()
    }
  } catch (error) {
    throw translateSqliteError(error)
  }
}
