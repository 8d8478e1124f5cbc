import { randomBytes } from 'node:crypto'
import { link, open, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CofferError } from '../errors.ts'
import type { KeySource } from './key-source.ts'
import { fromKeyText, toKeyText } from './key-text.ts'
import { LOST, locked } from './locked.ts'

const MAX_SIZE = 200

/** A key in a file that only its owner can read: one line, as src/vault/key-text.ts writes it. */
export function fileSource(path: string, platform: NodeJS.Platform): KeySource {
  const read = () => readKeyFile(path, platform)

  async function make(): Promise<Buffer> {
    await createKeyFile(path, platform)
    const made = await read()
    if (made === null) throw unwritable(path)
    return made
  }

  return {
    name: 'file',
    cure: `Put the key file of this data directory back at ${path}, or set COFFER_KEY=file:PATH to where it is. ${LOST}`,
    probe: async () => void (await read()),
    make: async () => ({ key: (await read()) ?? (await make()), kdf: null }),
    load: read,
  }
}

async function readKeyFile(path: string, platform: NodeJS.Platform): Promise<Buffer | null> {
  const file = await openFile(path)
  if (file === null) return null
  try {
    const about = await file.stat()
    const { mode, size } = about
    if (platform !== 'win32' && about.isFile() && (mode & 0o077) !== 0) throw notPrivate(path)
    const key = size > MAX_SIZE || !about.isFile() ? null : fromKeyText(await file.readFile('utf8'))
    if (key === null) throw locked(`${path} is not a key file.`, 'Put the right file there.')
    return key
  } finally {
    await file.close()
  }
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
async function createKeyFile(path: string, platform: NodeJS.Platform): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await writeFile(draft, `${toKeyText(randomBytes(32))}\n`, { flag: 'wx', mode: 0o600, flush: true })
    await link(draft, path)
    await unlink(draft)
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

function unwritable(path: string): CofferError {
  return locked(
    `The key file ${path} cannot be made.`,
    'Set COFFER_KEY=file:PATH to a place that can be written.',
  )
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
