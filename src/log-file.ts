import {
  closeSync,
  fchmodSync,
  fstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'

export interface LogFile {
  /** One line, with its end. Never throws: what cannot be written is lost. */
  write(line: string): void
}

/** In bytes, and with the one that is written. */
const [largest, most] = [5 * 1024 * 1024, 5]

/** Whoever holds the lock for longer has ended. */
const staleMs = 10_000

/** Every file that a log at this path may consist of, the newest first, and the lock of whoever turns them over. */
export function logFilesAt(path: string): readonly string[] {
  return [...Array.from({ length: most }, (_, number) => nth(path, number)), lockOf(path)]
}

function nth(path: string, number: number): string {
  return number === 0 ? path : `${path}.${number}`
}

function lockOf(path: string): string {
  return `${path}.lock`
}

/**
 * A file that several processes append to, each line by one write, and that is turned over when it is full: each of them
 * finds that out by itself. Throws when it cannot be opened. What is no file, such as a terminal, is only written to.
 */
export function openLogFile(name: string, size = largest): LogFile {
  let file = openPrivately(name)
  const path = fstatSync(file).isFile() ? realpathSync(name) : name
  let isWhole = true

  function write(line: string): void {
    try {
      const text = Buffer.from(isWhole ? line : `\n${line}`)
      if (!makeRoom(text.length)) return
      isWhole = false
      isWhole = writeSync(file, text) === text.length
    } catch {
      // A full or failing disk ends nothing but its lines.
    }
  }

  /** False when the file is full, and cannot be turned over. */
  function makeRoom(length: number): boolean {
    if (!isFull(fstatSync(file), length)) return true
    // Somebody else may have turned it over since it was opened.
    if (!isCurrent()) reopen()
    if (!isFull(fstatSync(file), length)) return true
    if (underLock(lockOf(path), turnOver)) return true
    // Another one is at it, and this line may yet come before.
    return fstatSync(file).size < 2 * size
  }

  function isFull(stats: Stats, length: number): boolean {
    return stats.isFile() && stats.size > 0 && stats.size + length > size
  }

  function isCurrent(): boolean {
    const [there, here] = [statSync(path, { throwIfNoEntry: false }), fstatSync(file)]
    return there !== undefined && there.ino === here.ino && there.dev === here.dev
  }

  function turnOver(): void {
    // The one before may have done it between the look and the lock.
    if (isCurrent())
      for (let number = most - 1; number > 0; number--) move(nth(path, number - 1), nth(path, number))
    reopen()
  }

  function reopen(): void {
    const next = openPrivately(path)
    closeSync(file)
    file = next
  }

  return { write }
}

function openPrivately(path: string): number {
  const file = openSync(path, 'a', 0o600)
  try {
    if (fstatSync(file).isFile()) fchmodSync(file, 0o600)
  } catch {
    // Somebody else's, who lets us write into it.
  }
  return file
}

function move(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, to)
}

/** False, and nothing was done, when another process is at it. */
function underLock(lock: string, work: () => void): boolean {
  const held = take(lock)
  if (held === null) return false
  try {
    work()
    return true
  } finally {
    closeSync(held)
    rmSync(lock, { force: true })
  }
}

function take(lock: string): number | null {
  const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
  if (age > staleMs) rmSync(lock, { force: true })
  try {
    return openSync(lock, 'wx', 0o600)
  } catch {
    return null
  }
}
