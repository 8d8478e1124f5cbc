const FIRST_WAIT_MS = 30_000
/** 30 s, then four times as long each: the seventh would come later than 24 h. */
const RETRIES = 6
const LONGEST_ASKED_MS = 4 * 3_600_000
/** Fewer attempts than these say nothing about an endpoint. */
const FEWEST = 10
const MOST_REJECTED = 0.9

export interface Failed {
  /** This one included. */
  readonly attempts: number
  /** Ms. */
  readonly at: number
  readonly status: number | null
  readonly retryAfter: string | null
}

/** When Plaid comes again after an attempt that failed, in ms; null when it does not. */
export function nextAttempt({ attempts, at, status, retryAfter }: Failed): number | null {
  if (attempts > RETRIES) return null
  const asked = status === 429 ? waitAsked(retryAfter, at) : null
  return at + (asked ?? FIRST_WAIT_MS * 4 ** (attempts - 1))
}

/** Whether an endpoint refuses so much that it gets no retries; `rejected` and `attempts` are those of the last day. */
export function isShunned({ rejected, attempts }: { rejected: number; attempts: number }): boolean {
  return attempts >= FEWEST && rejected > MOST_REJECTED * attempts
}

/** Seconds or a date, at most four hours from now. */
function waitAsked(retryAfter: string | null, now: number): number | null {
  if (retryAfter === null) return null
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now
  return ms > 0 ? Math.min(ms, LONGEST_ASKED_MS) : null
}
