import { existsSync, renameSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { explained, preparePrivateDirectory } from '../../private-files.ts'
import { keepNewest, nameOf } from './files.ts'

const kept = 3
/** A database, and what SQLite keeps beside it. */
export const besides = ['', '-wal', '-shm', '-journal'] as const

interface Aside {
  readonly directory: string
  /** What its name says. */
  readonly why: 'damaged' | 'replaced'
  readonly now: number
}

/**
 * Moves a database with all that SQLite keeps beside it out of the way, whatever is left of it; only while nobody has it
 * open. Its new name, null when there was nothing. The newest three are kept.
 */
export function putAside(path: string, { directory, why, now }: Aside): string | null {
  const found = besides.filter((suffix) => sizeOf(path + suffix) > 0)
  if (found.length === 0) return null
  preparePrivateDirectory(directory)
  const target = freePath({ directory, why, now })
  // The database first: without it what is left is seen to be no first start, and without its log it would seem whole.
  explained(directory, () => {
    for (const suffix of found) renameSync(path + suffix, target + suffix)
  })
  keepNewest(directory, kept)
  return basename(target)
}

/** What is empty has nothing to be kept. */
function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false })
  return found?.isFile() === true ? found.size : 0
}

function freePath({ directory, why, now }: Aside): string {
  for (let at = now; ; at += 1) {
    const path = join(directory, nameOf(new Date(at), why))
    if (!besides.some((suffix) => existsSync(path + suffix))) return path
  }
}
