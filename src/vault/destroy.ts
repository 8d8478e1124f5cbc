import { isAbsolute, relative } from 'node:path'
import { type CofferError, isCofferError } from '../errors.ts'
import type { KeyRecord } from '../model.ts'
import { notedFile } from './file-source.ts'
import type { Forgotten } from './key-source.ts'
import type { Keyring } from './keyring.ts'
import { type KeyRecords, type SourceName, sourceOf } from './keys.ts'

/** What became of a key that was to be destroyed. */
export interface Destroyed {
  readonly keyId: string
  /** Null for a key of a newer version: it is not known where that lies. */
  readonly source: SourceName | null
  /** `elsewhere`: in a file outside of the data directory, where it stays; `failed`: it could not be deleted. */
  readonly key: Forgotten | 'elsewhere' | 'failed'
  /** Where a key that is still there lies: the file, or the account in the keychain. */
  readonly where: string | null
  readonly why: CofferError | null
}

export interface DestroyDeps {
  readonly keyring: Pick<Keyring, 'forget'>
  readonly keys: Pick<KeyRecords, 'list'>
  readonly databaseId: string
}

/** What is given deletes every key from where it is kept, whatever is sealed with it. `home`: the data directory. */
export function createDestruction({ keyring, keys, databaseId }: DestroyDeps) {
  async function destroyKey(record: KeyRecord, home: string): Promise<Destroyed> {
    const { keyId, kdf } = record
    const source = sourceOf(keyId)
    const file = notedFile(kdf)
    const about = { keyId, source, where: file ?? (source === 'keychain' ? `${databaseId}/${keyId}` : null) }
    if (source === null) return { ...about, key: 'failed', why: null }
    if (source === 'file' && (file === null || !isWithin(home, file)))
      return { ...about, key: 'elsewhere', why: null }
    try {
      return { ...about, key: await keyring.forget(record), why: null }
    } catch (error) {
      if (isCofferError(error)) return { ...about, key: 'failed', why: error }
      throw error
    }
  }

  return async function destruction(home: string): Promise<() => Promise<readonly Destroyed[]>> {
    const records = await keys.list()
    return async () => {
      const destroyed: Destroyed[] = []
      for (const record of records) {
        // A retired key without a canary was deleted long ago.
        if (record.canary !== '') destroyed.push(await destroyKey(record, home))
      }
      return destroyed
    }
  }
}

function isWithin(home: string, path: string): boolean {
  const below = relative(home, path)
  return !below.startsWith('..') && !isAbsolute(below)
}
