import { ageOf } from '../age.ts'
import type { Connections } from '../connections/index.ts'
import type { Log } from '../log.ts'
import type { Connection, Environment } from '../model.ts'
import type { Store } from '../store/store.ts'
import { codeOf } from './rounds.ts'

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

/**
 * Asks Plaid about each connection whose last check is too old (a free call), so that a broken login is known before
 * anybody asks, also where no webhook ever arrives.
 */
export function createChecks(deps: CheckDeps): (signal: AbortSignal) => Promise<void> {
  // Only answered checks are stored; a failed one waits its turn here, so that an outage is not hammered.
  const failedAt = new Map<string, string>()

  function isDue({ itemId, environment, status, lastCheckedAt, createdAt }: Connection): boolean {
    if (environment !== deps.environment || status === 'revoked' || status === 'removing') return false
    // One that is over seldom comes back, but it does: with the right keys, for one.
    const minutes = status === 'expired' ? Math.max(dailyMinutes, deps.checkMinutes) : deps.checkMinutes
    const now = deps.now()
    const age = Math.min(ageOf(lastCheckedAt ?? createdAt, now), ageOf(failedAt.get(itemId) ?? null, now))
    return age >= minutes * 60_000
  }

  return async (signal) => {
    for (const { itemId } of (await deps.store.connections.list()).filter(isDue)) {
      if (signal.aborted) return
      await deps.connections.health.check(itemId, signal).catch((error: unknown) => {
        failedAt.set(itemId, new Date(deps.now()).toISOString())
        deps.log.info('check.failed', { code: codeOf(error) })
      })
    }
  }
}
