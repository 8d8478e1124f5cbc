import { open, readdir, stat } from 'node:fs/promises'
import { openSync, read } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'

/** Fills as much of the buffer as there is from this place on; how many bytes that were. */
type ReadAt = (buffer: Buffer, position: number) => Promise<number>

const chunk = 1024 * 1024
const readFd = promisify(read)

/** Which files of the data directory hold any of the texts, by their paths below it. */
export async function filesWith(home: string, database: string, texts: readonly string[]): Promise<string[]> {
  const needles = texts.filter((text) => text !== '').map((text) => Buffer.from(text))
  if (needles.length === 0) return []
  const found: string[] = []
  if (await holds(await databaseReader(database), needles)) found.push(basename(database))
  for (const path of await otherFiles(home, database)) {
    if (await fileHolds(path, needles)) found.push(relative(home, path))
  }
  return found
}

/**
 * Locks hold nothing, and closing one in this process would free it. The demo's banks keep their own books, and its
 * household is another one.
 */
function isLookedAt(path: string): boolean {
  return !/\.lock$|-shm$|(^|[\\/])simulator\.|^demo[\\/]/.test(path)
}

async function otherFiles(home: string, database: string): Promise<string[]> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path !== database && isLookedAt(relative(home, path).split(sep).join('/')))
}

/** A file that has gone meanwhile holds nothing. */
async function fileHolds(path: string, needles: readonly Buffer[]): Promise<boolean> {
  const file = await open(path).catch(() => null)
  if (file === null) return false
  try {
    return await holds(
      async (buffer, at) => (await file.read(buffer, 0, buffer.length, at)).bytesRead,
      needles,
    )
  } finally {
    await file.close()
  }
}

const opened = new Map<string, number>()

/**
 * POSIX frees all locks that a process has on a file when it closes any handle on it, those of SQLite too. So this one
 * is opened once and never closed.
 */
async function databaseReader(path: string): Promise<ReadAt> {
  const { dev, ino } = await stat(path)
  const key = `${dev} ${ino}`
  const fd = opened.get(key) ?? openSync(path, 'r')
  opened.set(key, fd)
  return async (buffer, at) => (await readFd(fd, buffer, 0, buffer.length, at)).bytesRead
}

async function holds(readAt: ReadAt, needles: readonly Buffer[]): Promise<boolean> {
  const overlap = Math.max(...needles.map(({ length }) => length)) - 1
  const buffer = Buffer.alloc(chunk + overlap)
  for (let at = 0; ; at += chunk) {
    const length = await readAt(buffer, at)
    const part = buffer.subarray(0, length)
    if (needles.some((needle) => part.includes(needle))) return true
    if (length < buffer.length) return false
  }
}
