import type { Forge } from '../target.ts'
import type { HttpRequest } from '../request.ts'

/** One thing that is wrong with a webhook that was right. */
export interface Attack {
  readonly name: string
  /** What must be answered; 0 when the connection may only be cut. */
  readonly status: number
  readonly why: string
  /** How many webhooks it may leave in the inbox: none, unless it changes nothing of what Plaid signed. */
  readonly stored?: number
  readonly make: (plaid: Forge) => Buffer | HttpRequest
}

export type Attacks = readonly Attack[]
