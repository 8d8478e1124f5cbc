import type { ApprovedAction } from '../approved-action.ts'
import type { Audit } from '../audit/index.ts'
import type { Connections } from '../connections/index.ts'
import type { Chores } from '../jobs/chores.ts'
import type { Schedule } from '../jobs/schedule.ts'
import type { Environment, Product } from '../model.ts'
import type { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'
import type { Sync } from '../sync/index.ts'

/** What tools work with; built once per process, on the first call. */
export interface Core {
  readonly store: Store
  readonly audit: Pick<Audit, 'note'>
  readonly connections: Connections
  readonly sync: Sync
  readonly schedule: Schedule
  readonly chores: Chores
  readonly environment: Environment
  readonly products: readonly Product[]
  readonly readOnly: boolean
  /** Plaid is told to send webhooks, so somebody has to listen. */
  readonly wantsWebhooks: boolean
  /** Opens a link in the person's browser; false when there is none or it is not wanted. */
  readonly openUrl: (url: Secret) => Promise<boolean>
  /** The same for a page of ours, whose address lets in whoever has it: kept from the machine's other users. */
  readonly openPage: (url: Secret) => Promise<boolean>
  /** Makes a page on which a person can say yes, and which then does it; null: no page can be had. */
  readonly approve: (action: ApprovedAction) => Promise<Secret | null>
  /** The machine's, such as Europe/Berlin: days begin and end by it. */
  readonly timeZone: string
  /** Counts a tool call that asks Plaid or changes something; RATE_LIMITED when there were too many in this minute. */
  readonly admit: () => Promise<void>
  readonly now: () => number
}

export interface ToolContext extends Core {
  /** The same for this call, which counts once: before it asks Plaid. What may write has been counted already. */
  readonly admit: () => Promise<void>
  /** Aborts when the client cancels or goes away. */
  readonly signal: AbortSignal
  /** Shown by clients that ask for progress. */
  readonly progress: (message: string) => void
  /** Has the client show a page to the person, who may refuse; null where it cannot. `id` names it to the client. */
  readonly elicitUrl: ((request: UrlRequest) => void) | null
  /** Asks the person one question and waits for a yes; whatever else comes is none. Null where the client cannot ask. */
  readonly elicitYes: ((question: string) => Promise<boolean>) | null
}

export interface UrlRequest {
  readonly id: string
  readonly url: Secret
  readonly message: string
}
