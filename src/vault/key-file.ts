import { randomBytes } from 'node:crypto'
import { link, open, realpath, rename, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CofferError } from '../errors.ts'
import { fromKeyText, toKeyText } from './key-text.ts'
import { locked } from './locked.ts'

const MAX_KEYS = 100
const MAX_SIZE = 80 * MAX_KEYS

/** The keys in a file, one a line; null when there is no file. Rejects with VAULT_LOCKED or HOME_NOT_PRIVATE. */
export async function readKeyFile(
  path: string,
  platform: NodeJS.Platform,
): Promise<readonly Buffer[] | null> {
  const file = await openFile(path)
  if (file === null) return null
  try {
    const about = await file.stat()
    const { mode, size } = about
    if (platform !== 'win32' && about.isFile() && (mode & 0o077) !== 0) throw notPrivate(path)
    const keys = size > MAX_SIZE || !about.isFile() ? null : keysIn(await file.readFile('utf8'))
    if (keys === null) throw locked(`${path} is not a key file.`, 'Put the right file there.')
    return keys
  } finally {
    await file.close()
  }
}

function keysIn(text: string): readonly Buffer[] | null {
  const keys = text
    .replace(/\r?\n$/, '')
    .split('\n')
    .map(fromKeyText)
  const good = keys.filter((key) => key !== null)
  return good.length === keys.length ? good : null
}

async function openFile(path: string) {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw locked(`The key file ${path} cannot be read.`, 'Let this user read it, and nobody else.')
  }
}

/** Whole or not at all, and never over a file that is there: written beside, then linked. */
export function createKeyFile(path: string, key: Buffer, platform: NodeJS.Platform): Promise<void> {
  return writeBeside(path, [key], platform, async (draft) => {
    await link(draft, path)
    await unlink(draft)
  })
}

/** Puts these keys into the place of all that are there; the file is whole at any moment. None: the file goes. */
export async function replaceKeyFile(path: string, keys: readonly Buffer[], platform: NodeJS.Platform) {
  if (keys.length > MAX_KEYS)
    throw locked(`The key file ${path} has ${MAX_KEYS} keys.`, 'Run coffer-mcp keys retire.')
  // What a link leads to is replaced, not the link.
  const target = await realpath(path)
  if (keys.length > 0) return await writeBeside(target, keys, platform, (draft) => rename(draft, target))
  await unlink(target).catch(() => {
    throw unwritable(path)
  })
}

async function writeBeside(
  path: string,
  keys: readonly Buffer[],
  platform: NodeJS.Platform,
  place: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  const text = keys.map((key) => `${toKeyText(key)}\n`).join('')
  try {
    await writeFile(draft, text, { flag: 'wx', mode: 0o600, flush: true })
    await place(draft)
    if (platform !== 'win32') await flushDirectory(dirname(path))
  } catch {
    await unlink(draft).catch(() => undefined)
    throw unwritable(path)
  }
}

/** The name of a new file is on disk only after its directory is. */
async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

function notPrivate(path: string): CofferError {
  return new CofferError('HOME_NOT_PRIVATE', `The key file ${path} can be read by others.`, {
    fix: `Run: chmod 600 '${path}'`,
  })
}

export function unwritable(path: string): CofferError {
  return locked(
    `The key file ${path} cannot be made.`,
    'Set COFFER_KEY=file:PATH to a place that can be written.',
  )
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
