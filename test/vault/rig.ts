import type { KeyRecord } from '../../src/model.ts'
import {
  createVault,
  type KeyRecords,
  type Keychain,
  type Place,
  type SealedRows,
  type VaultDeps,
} from '../../src/vault/index.ts'
import type { SealedValue } from '../../src/vault/rewrap.ts'

/** What is left when the process ends: the rows and the keychain. A new vault over it is a restart. */
export interface World {
  readonly records: KeyRecord[]
  readonly keychain: ReturnType<typeof memoryKeychain>
  sealedRows: boolean
  /** What is kept sealed, where a test has that. */
  readonly values: SealedValue[]
}

export function newWorld(): World {
  return { records: [], keychain: memoryKeychain(), sealedRows: false, values: [] }
}

export function keysOf(records: KeyRecord[]): KeyRecords {
  return {
    // Each time anew, as from a database.
    list: async () => records.map((record) => ({ ...record })),
    insert: async (record) => void records.push(record),
    async activate(key, previous) {
      const index = records.findIndex(({ keyId, state }) => keyId === previous && state === 'active')
      const old = records[index]
      if (old === undefined) return false
      records.splice(index, 1, { ...old, state: 'decrypt-only' }, key)
      return true
    },
    retire: async (keyId) => change(records, keyId, { state: 'retired' }),
    forget: async (keyId) => void change(records, keyId, { canary: '' }),
  }
}

function change(records: KeyRecord[], keyId: string, changes: Partial<KeyRecord>): boolean {
  const index = records.findIndex((record) => record.keyId === keyId && record.state !== 'active')
  const old = records[index]
  if (old !== undefined) records[index] = { ...old, ...changes }
  return old !== undefined
}

function sealedIn(values: SealedValue[]): SealedRows {
  return {
    list: async () => [...values],
    async replace(value, sealed) {
      const index = values.indexOf(value)
      if (index === -1) return false
      values[index] = { ...value, sealed }
      return true
    },
  }
}

export function vaultIn(world: World, deps: Partial<VaultDeps> = {}) {
  return createVault({
    key: { source: 'keychain' },
    databaseId: 'database-1',
    keys: keysOf(world.records),
    hasSealedRows: async () => world.sealedRows,
    sealed: sealedIn(world.values),
    lock: lockHere(),
    keychain: world.keychain,
    now: () => Date.parse('2026-11-20T10:00:00Z'),
    ...deps,
  })
}

export const place: Place = {
  table: 'connections',
  column: 'sealed_token',
  row: 'item-1',
  environment: 'sandbox',
}

/** A keychain that works, and can be told what is wrong with it. */
export function memoryKeychain() {
  const entries = new Map<string, string>()
  const keychain = {
    entries,
    /** What any call does first. */
    trouble: async () => {},
    /** A locked keychain shows nothing, and says so only when it is written to. */
    get: async (account: string): Promise<string | null> => {
      await keychain.trouble()
      return entries.get(account) ?? null
    },
    set: async (account: string, value: string): Promise<void> => {
      await keychain.trouble()
      entries.set(account, value)
    },
    remove: async (account: string): Promise<void> => {
      await keychain.trouble()
      entries.delete(account)
    },
  }
  return keychain satisfies Keychain
}

/** One after the other within this process. */
export function lockHere(): VaultDeps['lock'] {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}

/** For programs that keep nothing sealed. */
export const nothingSealed: SealedRows = { list: async () => [], replace: async () => false }
