import type { Environment } from './model.ts'

/** Why a connection is removed: a person asked for it, or a clean-up found it over or unused for long. */
export type RemovalCause = 'asked' | 'expired' | 'revoked' | 'stale'

/** What is left of a connection that was removed. Nothing in it leads back to the bank. */
export interface Tombstone {
  readonly tombstoneId: string
  readonly environment: Environment
  readonly connectedAt: string
  readonly removedAt: string
  /** `replaced`: Plaid knew it no more, and another connection took its place. */
  readonly reason: RemovalCause | 'replaced'
}
