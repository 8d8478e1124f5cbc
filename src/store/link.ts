import type { Environment } from '../model.ts'

/** One try to connect a bank or to repair a login. Tokens and URLs are sealed text. */
export interface Link {
  readonly linkId: string
  /** null for a new connection until it is linked. */
  readonly itemId: string | null
  readonly environment: Environment
  readonly mode: 'new' | 'update'
  /** open: polled until its end; exchanging: intent recorded, Plaid asked; the others are final. */
  readonly state: 'open' | 'exchanging' | 'succeeded' | 'duplicate' | 'expired' | 'lost'
  /** The latest session ended without success; polling goes on, since the URL may be opened again. */
  readonly exited: boolean
  readonly sealedLinkToken: string
  readonly sealedUrl: string
  /** Update mode: the Item had an error when the link was made, so a clean `/item/get` alone proves the repair. */
  readonly broken: boolean
  /** Update mode: what the person was asked to add. */
  readonly addAccounts: boolean
  readonly addProducts: readonly string[]
  /** For a new connection. */
  readonly products: readonly string[]
  readonly label: string | null
  readonly person: string | null
  readonly replaces: string | null
  readonly duplicateOf: string | null
  /** A person said to connect although it is a duplicate. */
  readonly keep: boolean
  /** A new Item is known by this before we have its token: the accepted public token, sealed. */
  readonly sealedPublicToken: string | null
  readonly createdAt: string
  readonly expiresAt: string
  readonly finishedAt: string | null
  /** When the page was first seen to have been opened; null: nobody did, as far as we know. */
  readonly openedAt: string | null
  /** When somebody last said that the person may be done, so that whoever polls asks at once. */
  readonly rungAt: string | null
  /** Which process polls, and until when that holds (ms since 1970). */
  readonly leaseOwner: string | null
  readonly leaseUntil: number
}
