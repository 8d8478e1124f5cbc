import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  statSync,
  writeSync,
} from 'node:fs'
import { CofferError, type ErrorCode } from './errors.ts'

/** Makes the directory, for this user alone, if it is missing. Refuses one that others can read. */
export function preparePrivateDirectory(path: string): void {
  explained(path, () => {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) {
      mkdirSync(path, { recursive: true, mode: 0o700 })
      chmodSync(path, 0o700)
    }
    if (!statSync(path).isDirectory())
      throw new CofferError('BAD_SETTING', `${path} is not a directory.`, { fix: unusable.fix })
    refuseIfShared(path)
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  })
}

/** Refuses, as `preparePrivateDirectory` does, what is there already. Makes nothing. */
export function refuseUnusableDirectory(path: string): void {
  if (existsSync(path)) preparePrivateDirectory(path)
}

/**
 * Makes a file for this user alone, whatever the umask. One that is there is not opened, only looked
 * at: closing a second handle on a database would drop the locks that this process has on it.
 */
export function createPrivateFile(path: string, content = ''): void {
  explained(path, () => {
    try {
      writePrivateFile(path, content)
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error
    }
    accessSync(path, constants.R_OK | constants.W_OK)
  })
}

function writePrivateFile(path: string, content: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    fchmodSync(file, 0o600)
    writeSync(file, content)
  } finally {
    closeSync(file)
  }
}

/** HOME_NOT_PRIVATE for a file or directory that others than its owner may use. Windows has no such modes. */
export function refuseIfShared(path: string, platform: NodeJS.Platform = process.platform): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined || platform === 'win32' || (found.mode & 0o077) === 0) return
  const mode = found.isDirectory() ? '700' : '600'
  throw new CofferError('HOME_NOT_PRIVATE', `Other users of this machine can use ${path}.`, {
    fix: `Run: chmod ${mode} '${path}'`,
  })
}

interface Meaning {
  readonly code: ErrorCode
  readonly problem: string
  readonly fix: string
}

const readOnly: Meaning = {
  code: 'DATABASE_READ_ONLY',
  problem: 'cannot be written',
  fix: 'Give this user the right to write it, or set COFFER_HOME to another directory.',
}
const unusable: Meaning = {
  code: 'BAD_SETTING',
  problem: 'cannot be a directory of ours',
  fix: 'Set COFFER_HOME to another directory, such as ~/.local/share/coffer-mcp.',
}
const full: Meaning = { code: 'DISK_FULL', problem: 'does not fit on the disk', fix: 'Free some space.' }

const meanings: Readonly<Record<string, Meaning>> = {
  EACCES: readOnly,
  EPERM: readOnly,
  EROFS: readOnly,
  ENOENT: unusable,
  ENOTDIR: unusable,
  EEXIST: unusable,
  ENAMETOOLONG: unusable,
  ENOSPC: full,
  EDQUOT: full,
}

/** What the system says of a path, in words: DATABASE_READ_ONLY, BAD_SETTING or DISK_FULL. */
export function explained(path: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    const meaning = meanings[errnoOf(error)]
    if (meaning === undefined) throw error
    throw new CofferError(meaning.code, `${path} ${meaning.problem}.`, { fix: meaning.fix })
  }
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
