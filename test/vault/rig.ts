import type { KeyRecord } from '../../src/model.ts'
import {
  createVault,
  type KeyRecords,
  type Keychain,
  type Place,
  type VaultDeps,
} from '../../src/vault/index.ts'

/** What is left when the process ends: the rows and the keychain. A new vault over it is a restart. */
export interface World {
  readonly records: KeyRecord[]
  readonly keychain: ReturnType<typeof memoryKeychain>
  sealedRows: boolean
}

export function newWorld(): World {
  return { records: [], keychain: memoryKeychain(), sealedRows: false }
}

export function keysOf(records: KeyRecord[]): KeyRecords {
  return {
    list: async () => [...records],
    insert: async (record) => void records.push(record),
  }
}

export function vaultIn(world: World, deps: Partial<VaultDeps> = {}) {
  return createVault({
    key: { source: 'keychain' },
    databaseId: 'database-1',
    keys: keysOf(world.records),
    hasSealedRows: async () => world.sealedRows,
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
