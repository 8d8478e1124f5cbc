import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CofferError } from '../../errors.ts'
import { createPrivateFile } from '../../private-files.ts'
import type { Driver, Handle } from './driver.ts'

/** The WAL is faster, and the rollback journal safe also with an old SQLite. All copies have to use the same. */
export type Journal = 'wal' | 'delete'

const fileName = 'rollback-journal'
const note = `A copy of coffer-mcp whose SQLite is older than 3.51.3 uses this directory, so no copy here uses a write-ahead
log. This file may be deleted while none runs.
`

/** True before 3.51.3, whose WAL can lose pages that two processes wrote at once. */
export function isOldSqlite({ version }: Driver): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major * 1e6 + minor * 1e3 + patch < 3_051_003
}

/** Tells all copies that open the database in `home` from now on that there is one with an old SQLite. */
export function noteOldSqlite(home: string): void {
  createPrivateFile(join(home, fileName), note)
}

export function journalFor(home: string): Journal {
  return existsSync(join(home, fileName)) ? 'delete' : 'wal'
}

/**
 * Sets the journal that is wanted; false where the file system allows none such. A copy with an old SQLite leaves
 * its note before it opens the database: whoever looks again after the change sees it, or has the database open
 * before that copy, and SQLite lets nobody leave a WAL that another has open.
 */
export function setJournal(handle: Handle, wanted: () => Journal): boolean {
  const journal = wanted()
  const done = setMode(handle, journal) === journal
  const now = wanted()
  return now === journal ? done : setMode(handle, now) === now
}

export function oldSqlite({ name, version }: Driver): CofferError {
  return new CofferError(
    'SQLITE_TOO_OLD',
    `SQLite ${version} of ${name} has the WAL-reset bug, and another copy uses the database with a WAL: two processes that write at once could lose saved data.`,
    {
      fix: 'Close all copies of coffer-mcp once, then start this one first; or give it a Node.js that has SQLite 3.51.3 or later.',
    },
  )
}

function setMode(handle: Handle, journal: Journal): string {
  const [row] = handle.prepare(`pragma journal_mode = ${journal}`).all([])
  return String(Object.values(row ?? {})[0])
}
