import type { KeyChoice } from '../config.ts'
import { fileSource } from './file-source.ts'
import type { KeyRecord } from '../model.ts'
import type { KeySource } from './key-source.ts'
import type { Keychain } from './keychain.ts'
import { keychainSource } from './keychain-source.ts'
import { describeKey, type KeyRecords, newKeyId, proveKey, sourceOf } from './keys.ts'
import { locked } from './locked.ts'
import { once } from './once.ts'
import { passphraseSource } from './passphrase-source.ts'
import { damaged, type SealingKey } from './record.ts'

export interface VaultDeps {
  readonly key: KeyChoice
  readonly databaseId: string
  readonly keys: KeyRecords
  /** Whether anything sealed is stored: then no new key may be made. */
  readonly hasSealedRows: () => Promise<boolean>
  /** Runs the work while no other process, and nobody else in this one, runs work under the same lock. The signal ends the waiting for it. */
  readonly lock: <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>
  readonly keychain: Keychain
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly platform?: NodeJS.Platform
}

/** The keys of one database, each read once and kept in memory. Rejects with VAULT_LOCKED. */
export interface Keyring {
  readonly source: KeySource
  /** The key to seal with; null when there is none yet and one can be made. Makes nothing. */
  active(): Promise<SealingKey | null>
  /** The same, made if there is none. */
  activeOrNew(signal?: AbortSignal): Promise<SealingKey>
  /** The key that a record names, also when it is no longer the active one. */
  named(keyId: string): Promise<SealingKey>
}

export function createKeyring(deps: VaultDeps): Keyring {
  const { databaseId, keys } = deps
  const source = sourceFor(deps)
  const load = once(({ keyId }: KeyRecord) => keyId, loadKey)

  async function loadKey(record: KeyRecord): Promise<SealingKey> {
    expectSource(record, source)
    const key = await source.load(record)
    if (key === null) throw locked('The key that the bank tokens are sealed with is missing.', source.cure)
    const sealing = { keyId: record.keyId, databaseId, key }
    proveKey(sealing, record, source.cure)
    return sealing
  }

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

  async function make(): Promise<SealingKey> {
    const keyId = newKeyId(source.name)
    const { key, kdf } = await source.make(keyId)
    const createdAt = new Date(deps.now()).toISOString()
    const record = describeKey({ keyId, databaseId, key }, kdf, createdAt)
    const sealing = await load(record)
    await keys.insert(record)
    return sealing
  }

  return {
    source,
    active,
    // Under the lock it is looked up again: another process may have made it meanwhile.
    activeOrNew: async (signal) =>
      (await active()) ?? deps.lock(async () => (await active()) ?? make(), signal),
    async named(keyId) {
      const records = await keys.list()
      if (records.length === 0) throw noteGone()
      const record = records.find((known) => known.keyId === keyId)
      if (record === undefined) throw damaged()
      return load(record)
    },
  }
}

function sourceFor({ key, databaseId, keychain, platform = process.platform }: VaultDeps): KeySource {
  if (key.source === 'keychain') return keychainSource(keychain, databaseId)
  if (key.source === 'env') return passphraseSource(key.passphrase)
  return fileSource(key.path, platform)
}

function expectSource({ keyId }: KeyRecord, source: KeySource): void {
  const made = sourceOf(keyId)
  if (made === source.name) return
  if (made === null) throw locked('The key was made by a newer version.', 'Install the newest coffer-mcp.')
  const setting = made === 'file' ? 'file:PATH' : made
  throw locked(
    `The bank tokens here are sealed with a key from ${made}, but COFFER_KEY says ${source.name}.`,
    `Set COFFER_KEY=${setting}, as this data directory was set up.`,
  )
}

function noteGone() {
  return locked('There are sealed bank tokens, but the note about their key is gone.', 'Restore a backup.')
}
