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
  const failedAt = new Map<string, number>()
  while (!signal.aborted) {
    await round(deps, failedAt, signal).catch((error: unknown) => {
      deps.log.warn('leader.round_failed', { code: isCofferError(error) ? error.code : 'INTERNAL' })
    })
    await pause(roundMs, signal)
  }
}

type Failures = Map<string, number>

async function round(deps: BackgroundDeps, failedAt: Failures, signal: AbortSignal): Promise<void> {
  await deps.connections.watcher.adopt()
  const due = (await deps.store.connections.list()).filter((connection) => isDue(connection, failedAt, deps))
  for (const { itemId } of due) {
    if (signal.aborted) return
    await deps.connections.health.check(itemId, signal).catch((error: unknown) => {
      failedAt.set(itemId, deps.now())
      deps.log.info('check.failed', { code: isCofferError(error) ? error.code : 'INTERNAL' })
    })
  }
}

const over = ['expired', 'revoked', 'removing']

function isDue(connection: Connection, failedAt: Failures, deps: BackgroundDeps): boolean {
  const { environment, checkMinutes, now } = deps
  if (connection.environment !== environment || over.includes(connection.status)) return false
  const since = connection.lastCheckedAt ?? connection.createdAt
  const failed = failedAt.get(connection.itemId) ?? 0
  return now() - Math.max(Date.parse(since), failed) >= checkMinutes * 60_000
}
