import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CofferError } from '../../errors.ts'
import { createPrivateFile, explained } from '../../private-files.ts'
import { takeAlone } from '../presence.ts'
import { directoriesIn } from './directories.ts'
import { flush, flushDirectory } from './flush.ts'
import { besides, putAside } from './quarantine.ts'

export interface Swap {
  readonly home: string
  /** A checked copy, closed. */
  readonly copy: string
  readonly databaseId: string
  /** Where what is left of the database goes. */
  readonly aside: 'quarantine' | 'replaced'
  readonly now: number
}

/**
 * Puts a copy of a backup where the database was; for one that is damaged, gone or new. Only while nobody has it open:
 * STILL_RUNNING. Cut off, it leaves either what was there, kept aside, or the copy. The path of what was kept aside.
 */
export async function swap({ home, copy, databaseId, aside, now }: Swap): Promise<string | null> {
  if (existsSync(`${copy}-wal`)) throw new Error('cannot happen: nobody else has the copy open')
  const alone = await takeAlone(home)
  if (alone === null) throw stillRunning()
  try {
    const directory = directoriesIn(home)[aside]
    const path = join(home, 'coffer.db')
    const marker = join(directoriesIn(home).restoring, 'database.id')
    createPrivateFile(marker, `${databaseId}\n`)
    const name = putAside(path, { directory, why: aside === 'replaced' ? aside : 'damaged', now })
    explained(path, () => {
      flush(copy)
      // Beside a database that was emptied: what is left of them would be taken for those of the copy.
      for (const suffix of besides) rmSync(path + suffix, { force: true })
      // Cut off here, it is gone, and a backup of the same id takes its place.
      renameSync(marker, join(home, 'database.id'))
      renameSync(copy, path)
    })
    flushDirectory(home)
    return name === null ? null : join(directory, name)
  } finally {
    alone.release()
  }
}

function stillRunning(): CofferError {
  return new CofferError('STILL_RUNNING', 'Another copy of coffer-mcp has the data open. Nothing was done.', {
    fix: 'Close the clients that started it, such as Claude, and stop coffer-mcp listen; then run coffer-mcp restore again.',
  })
}
