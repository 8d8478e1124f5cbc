import { ageOf } from '../age.ts'
import type { Connections } from '../connections/index.ts'
import type { CofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Connection, Environment } from '../model.ts'
import type { Store } from '../store/store.ts'
import { createBackoff } from './backoff.ts'

export interface CheckDeps {
  readonly store: Store
  readonly connections: Connections
  readonly environment: Environment
  /** How old the last check of a connection may get. */
  readonly checkMinutes: number
  readonly now: () => number
  readonly log: Log
}

const dailyMinutes = 24 * 60
const minute = 60_000

/**
 * Asks Plaid about each connection whose last check is too old (a free call), so that a broken login is known before
 * anybody asks, also where no webhook ever arrives.
 */
export function createChecks(deps: CheckDeps): (signal: AbortSignal) => Promise<void> {
  // Only answered checks are stored; one that was refused waits its turn here.
  const refusedAt = new Map<string, string>()
  // A laptop that wakes has no network for some seconds, and an outage is not to be hammered.
  const backoff = createBackoff(minute / 2, deps.checkMinutes * minute, deps.now)

  function isDue({ itemId, environment, status, lastCheckedAt, createdAt }: Connection): boolean {
    if (environment !== deps.environment || status === 'removing' || !backoff.isDue(itemId)) return false
    // One that is over seldom comes back, but it does: with the right keys, for one. A mark may have been wrong.
    const isDead = status === 'expired' || status === 'revoked'
    const minutes = isDead ? Math.max(dailyMinutes, deps.checkMinutes) : deps.checkMinutes
    const now = deps.now()
    const age = Math.min(ageOf(lastCheckedAt ?? createdAt, now), ageOf(refusedAt.get(itemId) ?? null, now))
    return age >= minutes * minute
  }

  function failed(itemId: string, error: CofferError): void {
    if (error.retryable) backoff.failed(itemId)
    else refusedAt.set(itemId, new Date(deps.now()).toISOString())
    deps.log.info('check.failed', { code: error.code })
  }

  return async (signal) => {
    const due = (await deps.store.connections.list()).filter(isDue)
    const failures = await deps.connections.checkAll(due, signal)
    if (signal.aborted) return
    for (const { itemId } of due) {
      const error = failures.get(itemId)
      if (error === undefined) backoff.succeeded(itemId)
      else failed(itemId, error)
    }
  }
}
