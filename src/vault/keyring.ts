import type { KeyRecord } from '../model.ts'
import type { KeySource } from './key-source.ts'
import { describeKey, type KeyRecords, newKeyId } from './keys.ts'
import { createLoading, type Loading } from './loading.ts'
import { locked } from './locked.ts'
import { damaged, type SealingKey } from './record.ts'
import { type SourceDeps, sourceFor } from './sources.ts'

export interface KeyringDeps extends SourceDeps {
  readonly keys: KeyRecords
  /** Whether anything sealed is stored: then no new key may be made. */
  readonly hasSealedRows: () => Promise<boolean>
  /** Runs the work while no other process, and nobody else in this one, runs work under the same lock. The signal ends the waiting for it. */
  readonly lock: <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The keys of one database, each read once and kept in memory. Rejects with VAULT_LOCKED. */
export interface Keyring extends Pick<Loading, 'anywhere' | 'forget'> {
  readonly source: KeySource
  /** The key to seal with; null when there is none yet and one can be made. Makes nothing. */
  active(): Promise<SealingKey | null>
  /** The same, made if there is none. */
  activeOrNew(signal?: AbortSignal): Promise<SealingKey>
  /** The key that a record names, also when it is no longer the active one. */
  named(keyId: string): Promise<SealingKey>
  /** Under the lock: makes a key at the source that is set, reads it back, and only then puts it into the place of `previous`. */
  replace(previous: KeyRecord): Promise<SealingKey>
}

export function createKeyring(deps: KeyringDeps): Keyring {
  const { databaseId, keys } = deps
  const source = sourceFor(deps)
  const { load, anywhere, forget } = createLoading(deps, source)
  async function active(): Promise<SealingKey | null> {
    const record = await activeRecord()
    if (record !== undefined) return load(record)
    // Rows before keys: another process that makes the first key meanwhile notes it before it seals a row.
    const hasRows = await deps.hasSealedRows()
    const made = await activeRecord()
    if (made !== undefined) return load(made)
    if (hasRows || (await keys.list()).length > 0) throw noteGone()
    await source.probe()
    return null
  }

  async function activeRecord(): Promise<KeyRecord | undefined> {
    return (await keys.list()).find(({ state }) => state === 'active')
  }

  /** Read back, and so in the cache, before it is noted. */
  async function make(note: (record: KeyRecord) => Promise<unknown>): Promise<SealingKey> {
    const known = (await keys.list()).map(({ fingerprint }) => fingerprint)
    const keyId = newKeyId(source.name)
    const { key, kdf } = await source.make(keyId, known)
    const createdAt = new Date(deps.now()).toISOString()
    const record = describeKey({ keyId, databaseId, key }, kdf, createdAt)
    const sealing = await load(record)
    await note(record)
    return sealing
  }

  return {
    source,
    active,
    anywhere,
    forget,
    // Under the lock it is looked up again: another process may have made it meanwhile.
    activeOrNew: async (signal) =>
      (await active()) ?? deps.lock(async () => (await active()) ?? make(keys.insert), signal),
    async named(keyId) {
      const records = await keys.list()
      if (records.length === 0) throw noteGone()
      const record = records.find((known) => known.keyId === keyId)
      if (record === undefined) throw damaged()
      return load(record)
    },
    replace: (previous) =>
      make(async (record) => {
        if (await keys.activate(record, previous.keyId)) return
        throw new Error('cannot happen: another key was made under the lock')
      }),
  }
}

function noteGone() {
  return locked('There are sealed bank tokens, but the note about their key is gone.', 'Restore a backup.')
}
