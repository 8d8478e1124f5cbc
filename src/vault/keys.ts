import { createHash, randomBytes } from 'node:crypto'
import type { KeyChoice } from '../config.ts'
import type { KeyRecord } from '../model.ts'
import { locked } from './locked.ts'
import { openRecord, parseRecord, type SealingKey, sealRecord } from './record.ts'
import type { Place } from './vault.ts'

export type SourceName = KeyChoice['source']

/** What the vault asks of the table of keys; src/store/keys.ts says what each does. */
export interface KeyRecords {
  list(): Promise<readonly KeyRecord[]>
  insert(key: KeyRecord): Promise<void>
  activate(key: KeyRecord, previous: string): Promise<boolean>
  retire(keyId: string): Promise<boolean>
  forget(keyId: string): Promise<void>
}

const CANARY = Buffer.from('coffer-mcp canary')

/** `k1-<source>-<random>`: the id says where its key is kept. */
export function newKeyId(source: SourceName): string {
  return `k1-${source}-${randomBytes(8).toString('hex')}`
}

/** Where the key of this id is kept; null for an id that this version does not know. */
export function sourceOf(keyId: string): SourceName | null {
  const name = /^k1-(keychain|env|file)-[0-9a-f]{16}$/.exec(keyId)?.[1]
  return name === 'keychain' || name === 'env' || name === 'file' ? name : null
}

export function describeKey(sealing: SealingKey, kdf: string | null, createdAt: string): KeyRecord {
  const canary = sealRecord(sealing, canaryPlace(sealing.keyId), CANARY)
  const { keyId, key } = sealing
  return { keyId, state: 'active', createdAt, canary, fingerprint: fingerprint(key), kdf }
}

/** Throws VAULT_LOCKED when this is not the key that the record describes. */
export function proveKey(sealing: SealingKey, record: KeyRecord, cure: string): void {
  if (fingerprint(sealing.key) !== record.fingerprint) {
    throw locked('This is the wrong key: the bank tokens here are sealed with another one.', cure)
  }
  try {
    openRecord(sealing, canaryPlace(record.keyId), parseRecord(record.canary))
  } catch {
    throw locked('The key is right, but the note about it in the database was changed.', 'Restore a backup.')
  }
}

export function fingerprint(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16)
}

/** A key serves both environments; the place has to name one. */
function canaryPlace(keyId: string): Place {
  return { table: 'keys', column: 'canary', row: keyId, environment: 'production' }
}
