import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { z } from 'zod'
import { createKeyFile, readKeyFile, replaceKeyFile, unwritable } from './key-file.ts'
import type { KeySource, NewKey } from './key-source.ts'
import { fingerprint } from './keys.ts'
import { LOST } from './locked.ts'

/** What is noted of a key in a file. `found`: it was there before, so it is not ours to delete. */
const note = z.strictObject({ file: z.string(), found: z.boolean() })
type Note = z.output<typeof note>

/** Keys in a file that only its owner can read: each a line, as src/vault/key-text.ts writes it. */
export function fileSource(path: string, platform: NodeJS.Platform): KeySource {
  const read = () => readKeyFile(path, platform)
  const noted = (found: boolean) => JSON.stringify({ file: resolve(path), found } satisfies Note)

  async function add(keys: readonly Buffer[] | null): Promise<Buffer> {
    const key = randomBytes(32)
    if (keys === null) await createKeyFile(path, key, platform)
    else await replaceKeyFile(path, [...keys, key], platform)
    const made = (await read())?.find((one) => one.equals(key))
    if (made === undefined) throw unwritable(path)
    return made
  }

  /** One that nobody knows is taken: its owner put it there, or the process that made it was killed before it noted it. */
  async function make(known: readonly string[]): Promise<NewKey> {
    const keys = await read()
    const left = keys?.find((key) => !known.includes(fingerprint(key)))
    if (left === undefined) return { key: await add(keys), kdf: noted(false) }
    const isOurs = keys?.some((key) => known.includes(fingerprint(key))) ?? false
    return { key: left, kdf: noted(!isOurs) }
  }

  return {
    name: 'file',
    cure: `Put the key file of this data directory back at ${path}, or set COFFER_KEY=file:PATH to where it is. ${LOST}`,
    probe: async () => void (await read()),
    make: (_keyId, known) => make(known),
    async load(record) {
      const keys = await read()
      return keys?.find((key) => fingerprint(key) === record.fingerprint) ?? keys?.[0] ?? null
    },
    async forget(record) {
      const keys = await read()
      const left = keys?.filter((key) => fingerprint(key) !== record.fingerprint) ?? []
      if (keys === null || left.length === keys.length) return 'absent'
      if (noteIn(record.kdf)?.found === true) return 'foreign'
      await replaceKeyFile(path, left, platform)
      return 'deleted'
    },
  }
}

/** Where the file of this key was; null when that was not noted. */
export function notedFile(kdf: string | null): string | null {
  return noteIn(kdf)?.file ?? null
}

function noteIn(kdf: string | null): Note | null {
  if (kdf === null) return null
  try {
    return note.parse(JSON.parse(kdf))
  } catch {
    return null
  }
}
