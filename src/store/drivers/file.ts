import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { createPrivateFile, explained, refuseIfShared } from '../../private-files.ts'
import { databaseDamaged } from './errors.ts'

export interface DatabaseFile {
  readonly path: string
  /** A file that is there once the database has been made. */
  readonly marker: string
  /** Whether anything else tells that it has been made. */
  readonly isKnown: () => boolean
}

/**
 * Refuses what SQLite should not open: without the check it would take an emptied file for a first start. Makes nothing, and opens nothing, since closing it would
 * drop the locks that this process has on it.
 */
export function refuseUnusable({ path, marker, isKnown }: DatabaseFile): void {
  // Another process may be at its first start: it fills the database before it leaves one of these traces.
  const once = [marker, `${path}-wal`].some((trace) => existsSync(trace)) || isKnown()
  const found = statSync(path, { throwIfNoEntry: false })
  if (found !== undefined && !found.isFile()) throw databaseDamaged(path, 'is not a file')
  if (once && (found?.size ?? 0) === 0) throw databaseDamaged(path, 'was here once, and is gone or empty')
  for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) refuseIfShared(file)
  if (found !== undefined) explained(path, () => refuseReadOnly(path))
}

/** Another process may move a damaged one away at this moment. */
function refuseReadOnly(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
  } catch (error) {
    if (existsSync(path)) throw error
  }
}

/** Sees to it that there is a file that SQLite may open, for this user alone. */
export function prepareDatabaseFile(file: DatabaseFile): void {
  const { path } = file
  refuseUnusable(file)
  // SQLite gives its other files the mode of this one.
  createPrivateFile(path)
}
