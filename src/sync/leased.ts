import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CofferError, errorCodes, ignoreKnown, isCofferError, isErrorCode } from '../errors.ts'
import type { SyncRun } from '../model.ts'
import type { Lease, Store } from '../store/store.ts'
import type { Want } from './fetch.ts'
import { type Brought, contains } from './runs.ts'

/** Writes of the work go through this store alone: it refuses them once another process has taken over. */
export type LeasedWork = (itemId: string, want: Want, signal: AbortSignal, store: Store) => Promise<Brought>

export interface LeaseDeps {
  readonly store: Store
  readonly now: () => number
  /** The transactions that another process fetched are at hand here. */
  readonly sharesRows: boolean
  readonly leaseMs?: number
}

/** So short that after a crash a tool that waits still gets an answer of its own. */
const defaultLeaseMs = 12_000
const lookMs = 100

/**
 * One run per connection over all processes: who finds one running elsewhere waits for it, and takes what it
 * brought. Each run is noted.
 */
export function createLeased(deps: LeaseDeps, work: LeasedWork) {
  const { store, now, leaseMs = defaultLeaseMs } = deps
  const take = (itemId: string) => store.leases.take(itemId, randomUUID(), now(), now() + leaseMs)

  async function perform(lease: Lease, want: Want, signal: AbortSignal): Promise<Brought> {
    const lost = new AbortController()
    const renewal = setInterval(() => void renew(lease, lost).catch(ignoreKnown), leaseMs / 3)
    const startedAt = iso()
    const end = (code: string | null) =>
      store.leases.release(lease, { startedAt, endedAt: iso(), code, cause: want.cause })
    try {
      const brought = await work(
        lease.itemId,
        want,
        AbortSignal.any([signal, lost.signal]),
        store.fenced(lease),
      )
      await end(null)
      return brought
    } catch (error) {
      const failure = lost.signal.aborted ? takenOver() : error
      if (!isCofferError(failure, 'SYNC_TAKEN_OVER'))
        await end(isCofferError(failure) ? failure.code : 'INTERNAL').catch(ignoreKnown)
      throw failure
    } finally {
      clearInterval(renewal)
    }
  }

  async function renew(lease: Lease, lost: AbortController): Promise<void> {
    if (!(await store.leases.renew(lease, now() + leaseMs))) lost.abort()
  }

  function iso(): string {
    return new Date(now()).toISOString()
  }

  return async (itemId: string, want: Want, signal: AbortSignal): Promise<Brought> => {
    for (;;) {
      const [before] = await store.syncRuns.lastOf(itemId, 1)
      const lease = await take(itemId)
      if (lease !== null) {
        const brought = await perform(lease, want, signal).catch(nullIfTakenOver)
        if (brought !== null) return brought
      }
      await ended(deps, itemId, signal)
      const brought = await broughtElsewhere(deps, itemId, want, before)
      if (brought !== null) return brought
    }
  }
}

async function ended({ store, now }: LeaseDeps, itemId: string, signal: AbortSignal): Promise<void> {
  while (await store.leases.isTaken(itemId, now())) {
    await sleep(lookMs, undefined, { signal }).catch(() => {
      throw new CofferError('CANCELLED', errorCodes.CANCELLED, { retryable: true })
    })
  }
}

/** What the run that was waited for brought; null when that is not what is wanted, or it did not end well. */
async function broughtElsewhere(
  { store, sharesRows }: LeaseDeps,
  itemId: string,
  want: Want,
  before: SyncRun | undefined,
) {
  const [run] = await store.syncRuns.lastOf(itemId, 1)
  if (run === undefined || (run.startedAt === before?.startedAt && run.endedAt === before.endedAt))
    return null
  if (run.code !== null && !isOurs(run.code)) throw failureOf(run.code)
  const isEnough = run.code === null && !want.live && (sharesRows || want.rows !== true)
  if (!isEnough) return null
  const connection = await store.connections.find(itemId)
  const fetched = await store.flow.fetches()
  if (connection === null || !contains(fetched.get(itemId) ?? want.span, want.span)) return null
  return { notReady: connection.awaitingData, elsewhere: true }
}

/** Ends that say nothing of the bank. */
function isOurs(code: string): boolean {
  return code === 'CANCELLED' || code === 'INTERNAL' || !isErrorCode(code)
}

function failureOf(code: string): CofferError {
  const known = isErrorCode(code) ? code : 'INTERNAL'
  return new CofferError(known, errorCodes[known], { fix: 'Ask again in a minute.', retryable: true })
}

function takenOver(): CofferError {
  return new CofferError('SYNC_TAKEN_OVER', errorCodes.SYNC_TAKEN_OVER)
}

function nullIfTakenOver(error: unknown): null {
  if (isCofferError(error, 'SYNC_TAKEN_OVER')) return null
  throw error
}
