import { ageOf } from '../age.ts'
import { isGone } from '../connections/index.ts'
import { CofferError, errorCodes, isErrorCode } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { Outcome } from './runs.ts'

export { isGone }

/** Where the figures of one connection come from in one answer. */
export interface SourceState {
  readonly connection: Connection
  readonly source: 'live' | 'cached' | 'preparing' | 'missing'
  readonly error: CofferError | null
}

/**
 * `outcome` is what asking Plaid in this call brought; undefined when it was not asked, or has not answered yet.
 * @param isKnown its cash flow is, though nothing of it was ever fetched whole
 */
export function sourceOf(connection: Connection, outcome: Outcome | undefined, isKnown = false): SourceState {
  const error = outcome?.ok === false ? outcome.error : earlierError(connection)
  const notReady = outcome?.ok === true && outcome.notReady
  if (notReady || connection.status === 'preparing') return { connection, source: 'preparing', error }
  if (outcome?.ok === true) return { connection, source: 'live', error: null }
  const isMissing = isGone(connection) || (connection.lastSyncedAt === null && !isKnown)
  return { connection, source: isMissing ? 'missing' : 'cached', error }
}

/** Why the last sync failed, when this call did not try again. */
function earlierError({ syncError, institution }: Connection): CofferError | null {
  if (syncError === null || !isErrorCode(syncError)) return null
  return new CofferError(syncError, `The last fetch from ${institution} failed: ${errorCodes[syncError]}`)
}

/**
 * Complete = every bank counts with data that are as fresh as was asked for and with a login that works.
 * `maxAgeMinutes` -1 asks for nothing, and is judged as the usual hour.
 */
export function isComplete(sources: readonly SourceState[], maxAgeMinutes: number, now: number): boolean {
  const age = (maxAgeMinutes === -1 ? 60 : maxAgeMinutes) * 60_000
  return sources.filter(({ connection }) => !isGone(connection)).every((source) => isFresh(source, age, now))
}

/** As it is remembered: every bank counts with a login that works and with data of the last 24 hours. */
export function isWhole(connections: readonly Connection[], now: number): boolean {
  const sources = connections.map((row) => sourceOf(row, undefined))
  return isComplete(sources, 24 * 60, now)
}

function isFresh({ connection, source }: SourceState, age: number, now: number): boolean {
  if (connection.status !== 'active' && connection.status !== 'expiring') return false
  if (source === 'live') return true
  return source === 'cached' && ageOf(connection.lastSyncedAt, now) <= age
}
