import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A client's settings file as it was found. */
export interface ConfigFile {
  /** Where it really is, symbolic links followed. */
  readonly path: string
  /** `{}` when there is none, or an empty one. */
  readonly text: string
  /** Permission bits; null when there is no file yet. */
  readonly mode: number | null
  /** Why it cannot be used, as a clause that follows its name. */
  readonly problem: string | null
}

const ownerOnly = 0o600
const emptyConfig = '{}\n'
const backupMark = '.backup-'

export function openConfigFile(path: string): ConfigFile {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
      return { path, text: emptyConfig, mode: null, problem: null }
    }
    const real = realpathSync(path)
    const text = readFileSync(real, 'utf8')
    const mode = statSync(real).mode & 0o777
    return { path: real, text: text.trim() === '' ? emptyConfig : text, mode, problem: null }
  } catch {
    return { path, text: '', mode: null, problem: 'cannot be read' }
  }
}

/**
 * Puts the new text in the file's place at once, after a backup beside it, which only its owner can read.
 * Returns the backup's path; null when there was no file. Throws when the file cannot be
 * written, or changed since it was opened; it is as it was then.
 */
export function replaceConfigFile(
  { path, text, mode }: ConfigFile,
  next: string,
  { now, onlyOwner }: { now: Date; onlyOwner: boolean },
): string | null {
  if (mode === null) mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const backup = mode === null ? null : backUp(path, now)
  putInPlace({ path, text }, next, onlyOwner ? ownerOnly : (mode ?? ownerOnly))
  return backup
}

/** The new text in the file's place at once, if that still has the text that was found. Throws and leaves it as it was. */
export function putInPlace(
  { path, text }: Pick<ConfigFile, 'path' | 'text'>,
  next: string,
  mode: number,
): void {
  const temporary = `${path}.${process.pid}.tmp`
  // One that was killed may have had the same number, as the first process of a container always has.
  rmSync(temporary, { force: true })
  writeNew(temporary, next, mode)
  try {
    // Claude Code writes its file often: what it wrote since must not be lost.
    const current = openConfigFile(path)
    if (current.text !== text) throw new Error('it changed in this moment; try again')
    renameSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** The backups beside a file, the oldest first. */
export function backupsOf(path: string): string[] {
  const folder = dirname(path)
  const start = `${basename(path)}${backupMark}`
  try {
    const names = readdirSync(folder).filter((name) => name.startsWith(start))
    return names.toSorted().map((name) => join(folder, name))
  } catch {
    return []
  }
}

function backUp(path: string, now: Date): string {
  const backup = `${path}${backupMark}${now.toISOString().replaceAll(/[-:.]/g, '')}`
  writeNew(backup, readFileSync(path), ownerOnly)
  return backup
}

function writeNew(path: string, content: string | Buffer, mode: number): void {
  const file = openSync(path, 'wx', mode)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
