import { closeSync, fchmodSync, openSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { CofferError } from '../../errors.ts'

/** INVALID_ARGUMENTS for a file that is there, unless it may be written over. Asked before anything is fetched. */
export function mustBeFree(path: string, overwrite: boolean): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined || (overwrite && found.isFile())) return
  if (!found.isFile()) throw refusal(path, 'is no file')
  throw new CofferError('INVALID_ARGUMENTS', `${path} is there already; nothing was written.`, {
    fix: 'Give another name, or --yes to write over it.',
  })
}

/** For this user alone, and whole or not at all. Throws INVALID_ARGUMENTS where it cannot be written. */
export function writeExport(path: string, text: string, overwrite: boolean): void {
  const draft = `${path}.${process.pid}.tmp`
  try {
    write(draft, text)
    mustBeFree(path, overwrite)
    renameSync(draft, path)
  } catch (error) {
    remove(draft)
    throw error instanceof CofferError ? error : refusal(path, `cannot be written (${codeOf(error)})`)
  }
}

function write(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    // Whatever the umask.
    fchmodSync(file, 0o600)
    writeFileSync(file, text)
  } finally {
    closeSync(file)
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was never made.
  }
}

function refusal(path: string, what: string): CofferError {
  return new CofferError('INVALID_ARGUMENTS', `${path} ${what}; nothing was written.`, {
    fix: 'Give the name of a file in a directory that is yours.',
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
