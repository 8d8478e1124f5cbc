import { ageOf } from '../age.ts'
import type { Connections } from '../connections/index.ts'
import { isCofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Connection, Environment } from '../model.ts'
import type { Store } from '../store/store.ts'
import { pause } from './leader.ts'

export interface BackgroundDeps {
  readonly store: Store
  readonly connections: Connections
  readonly environment: Environment
  /** How old the last check of a connection may get. */
  readonly checkMinutes: number
  readonly now: () => number
  readonly log: Log
}

const roundMs = 2_000

/**
 * What the leader does: it goes on with links whose maker has ended, and asks Plaid about each connection
 * now and then (a free call), so that a broken login is known before anybody asks.
 */
export async function lead(deps: BackgroundDeps, signal: AbortSignal): Promise<void> {
  deps.log.info('leader.started')
  // Only answered checks are stored; a failed one waits its turn here, so that an outage is not hammered.
  const failedAt: Failures = new Map()
  const repeat = async (work: () => Promise<void>) => {
    while (!signal.aborted) {
      await work().catch((error: unknown) => {
        deps.log.warn('leader.round_failed', { code: isCofferError(error) ? error.code : 'INTERNAL' })
      })
      await pause(roundMs, signal)
    }
  }
  // A person waits for a link, and should not wait for slow banks as well.
  await Promise.all([
    repeat(() => deps.connections.watcher.adopt()),
    repeat(() => checkDue(deps, failedAt, signal)),
  ])
}

/** When the last check of each connection failed. */
type Failures = Map<string, string>

async function checkDue(deps: BackgroundDeps, failedAt: Failures, signal: AbortSignal): Promise<void> {
  const due = (await deps.store.connections.list()).filter((connection) => isDue(connection, failedAt, deps))
  for (const { itemId } of due) {
    if (signal.aborted) return
    await deps.connections.health.check(itemId, signal).catch((error: unknown) => {
      failedAt.set(itemId, new Date(deps.now()).toISOString())
      deps.log.info('check.failed', { code: isCofferError(error) ? error.code : 'INTERNAL' })
    })
  }
}

const dailyMinutes = 24 * 60

function isDue(connection: Connection, failedAt: Failures, deps: BackgroundDeps): boolean {
  const { itemId, environment, status, lastCheckedAt, createdAt } = connection
  if (environment !== deps.environment || status === 'revoked' || status === 'removing') return false
  // One that is over seldom comes back, but it does: with the right keys, for one.
  const minutes = status === 'expired' ? Math.max(dailyMinutes, deps.checkMinutes) : deps.checkMinutes
  const now = deps.now()
  const age = Math.min(ageOf(lastCheckedAt ?? createdAt, now), ageOf(failedAt.get(itemId) ?? null, now))
  return age >= minutes * 60_000
}
