import { existsSync, statSync } from 'node:fs'
import { createPrivateFile, refuseIfShared } from '../../private-files.ts'
import { databaseDamaged } from './errors.ts'

/**
 * Sees to it that there is a file that SQLite may open, for this user alone. `marker` is a file that tells
 * that there once was a database: without the check SQLite would take an emptied file for a first start.
 * Nothing is opened here, since closing it would drop the locks that this process has on it.
 */
export function prepareDatabaseFile(path: string, marker: string): void {
  // Another process may be at its first start: it fills the database before it leaves one of these traces.
  const once = [marker, `${path}-wal`].some((trace) => existsSync(trace))
  const found = statSync(path, { throwIfNoEntry: false })
  if (found !== undefined && !found.isFile()) throw databaseDamaged(path, 'is not a file')
  if (once && (found?.size ?? 0) === 0) throw databaseDamaged(path, 'was here once, and is gone or empty')
  for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) refuseIfShared(file)
  // SQLite gives its other files the mode of this one.
  createPrivateFile(path)
}
