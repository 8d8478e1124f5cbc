import type { KeyRecord } from '../model.ts'
import type { SourceName } from './keys.ts'

export interface NewKey {
  readonly key: Buffer
  /** What has to be written down to get the key again: of a passphrase, or where a key file is; else null. */
  readonly kdf: string | null
}

/** What became of a key that is to be deleted; `foreign`: its owner put it there, and it stays. */
export type Forgotten = 'deleted' | 'absent' | 'foreign' | 'passphrase'

/** One of the places that a key can come from. Everything rejects with VAULT_LOCKED or HOME_NOT_PRIVATE. */
export interface KeySource {
  readonly name: SourceName
  /** What a person can do when the key that was made here is gone or is another one. */
  readonly cure: string
  /** Rejects when it can already be seen that no key can be made here. Makes nothing. */
  probe(): Promise<void>
  /** Makes a key that is none of the known ones (by fingerprint) and keeps it; read back before it returns. */
  make(keyId: string, known: readonly string[]): Promise<NewKey>
  load(key: Pick<KeyRecord, 'keyId' | 'kdf' | 'fingerprint'>): Promise<Buffer | null>
  forget(key: Pick<KeyRecord, 'keyId' | 'kdf' | 'fingerprint'>): Promise<Forgotten>
}
