import type { RemovalCause } from './tombstone.ts'

/** What a person is asked to agree to, and no more than that. */
export interface ApprovedAction {
  /** The connections that are meant at this moment: of others the yes says nothing. */
  readonly removals: readonly { readonly itemId: string; readonly cause: RemovalCause }[]
  /** As the person reads it. */
  readonly question: string
}
