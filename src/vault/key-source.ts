import type { SourceName } from './keys.ts'

export interface NewKey {
  readonly key: Buffer
  /** What has to be written down to get the key again from a passphrase; null otherwise. */
  readonly kdf: string | null
}

/** One of the places that a key can come from. Everything rejects with VAULT_LOCKED or HOME_NOT_PRIVATE. */
export interface KeySource {
  readonly name: SourceName
  /** What a person can do when the key that was made here is gone or is another one. */
  readonly cure: string
  /** Rejects when it can already be seen that no key can be made here. Makes nothing. */
  probe(): Promise<void>
  /** Makes a key and keeps it; read back before it returns. */
  make(keyId: string): Promise<NewKey>
  load(key: { readonly keyId: string; readonly kdf: string | null }): Promise<Buffer | null>
}
