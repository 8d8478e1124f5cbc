/** One call to a host of Plaid's, as all processes know of it. `at` in ms since 1970. */
export interface HostCall {
  readonly at: number
  /** Of what it was, without a name. */
  readonly lane: string
  readonly failed: boolean
}

/** How a host of Plaid's fares. */
export interface HostState {
  /** The last calls, once one has failed. */
  readonly calls: readonly HostCall[]
  /** Until then, in ms since 1970, nobody calls it; null: it is called. */
  readonly openUntil: number | null
  /** How often in a row it was left alone. */
  readonly pauses: number
  /** Of the last failure, by our code and in our words. */
  readonly code: string | null
  readonly message: string | null
}

/** Of one that nothing is known of. */
export const calm: HostState = { calls: [], openUntil: null, pauses: 0, code: null, message: null }
