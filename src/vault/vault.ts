import type { CofferError } from '../errors.ts'
import type { Environment } from '../model.ts'
import type { Secret } from '../secret.ts'
import type { Destroyed } from './destroy.ts'
import type { KeysStatus } from './key-status.ts'
import type { Rotation } from './rotation.ts'

/** Where a sealed value lives. It is bound to the ciphertext: moved elsewhere, it does not open. */
export interface Place {
  readonly table: string
  readonly column: string
  /** The row's identity: an item_id or link_id. */
  readonly row: string
  readonly environment: Environment
}

export type VaultState =
  | { readonly state: 'ok'; readonly source: string; readonly keyId: string | null }
  | { readonly state: 'locked'; readonly source: string; readonly why: CofferError }

/** For the person who keeps the keys. */
export interface Keys extends Rotation {
  status(): Promise<KeysStatus>
  /**
   * Looks up which keys there are. What it gives deletes each from where it is kept, for good, when the database is
   * closed too; one in a file outside of this directory stays, and is told.
   */
  destruction(home: string): Promise<() => Promise<readonly Destroyed[]>>
}

export interface Vault {
  /** Looks at the key without making one. `keyId: null` = no key yet, and one can be made. Locked as the signal is aborted. */
  state(signal?: AbortSignal): Promise<VaultState>
  /** Makes the key if this is the first use, and proves that sealing works; VAULT_LOCKED if not, or as the signal is aborted. */
  prepare(signal?: AbortSignal): Promise<void>
  /** `v1.<key_id>.<nonce>.<ciphertext>.<tag>`; VAULT_LOCKED without a usable key. */
  seal(place: Place, secret: Secret): Promise<string>
  /** RECORD_DAMAGED when it was changed or sealed for another place; VAULT_LOCKED without its key. */
  open(place: Place, sealed: string): Promise<Secret>
}
