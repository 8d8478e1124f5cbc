import { ageOf } from '../age.ts'
import { isOlder, later, saveAccounts } from '../connections/index.ts'
import { type CofferError, isCofferError } from '../errors.ts'
import type { Account, Connection } from '../model.ts'
import type { Deriver } from './derive.ts'
import { type FetchDeps, type Fetched, fetchConnection, type Want } from './fetch.ts'
import { flowOf } from './flow-of.ts'
import type { SyncDeps } from './index.ts'
import type { Brought } from './runs.ts'

type SaveDeps = FetchDeps & Pick<SyncDeps, 'store' | 'now' | 'log'> & { readonly deriver: Deriver }

/** One run over one connection: fetch, store, derive. A part that Plaid refused is stored as missing, then thrown. */
export function createSave(deps: SaveDeps) {
  const { store, now, log, deriver } = deps

  async function save(itemId: string, want: Want, signal: AbortSignal): Promise<Brought> {
    const at = now()
    const fetched = await fetchConnection(deps, itemId, want, signal)
    await saveAccounts(store, itemId, withAge(fetched))
    if (fetched.holdings !== null) await store.holdings.replace(itemId, fetched.holdings)
    if (fetched.liabilities !== null) await store.liabilities.replace(itemId, fetched.liabilities)
    if (fetched.hasAllRows) await deriver.add(itemId, flowOf(fetched, want.span, at))
    await deps.health.apply(itemId, { type: fetched.notReady ? 'not_ready' : 'synced' })
    if (fetched.partial !== null) throw fetched.partial
    const dataAsOf = fetched.dataAsOf ?? iso(at)
    await note(itemId, fetched.notReady ? { dataAsOf } : { dataAsOf, lastSyncedAt: iso(at) })
    return { notReady: fetched.notReady }
  }

  /** Where Plaid tells no age, it is that of the fetch; an earlier one would grow for ever. */
  function withAge({ accounts, dataAsOf }: Fetched): Account[] {
    const age = dataAsOf ?? iso()
    return accounts.map((account) => ({ ...account, dataAsOf: account.dataAsOf ?? age }))
  }

  async function note(itemId: string, done: Partial<Connection>): Promise<void> {
    await store.connections.change(itemId, (row) => ({
      ...row,
      syncError: null,
      ...done,
      ...served(row, done, now()),
    }))
  }

  async function noteFailure(itemId: string, error: CofferError): Promise<void> {
    log.info('sync.failed', { code: error.code, plaid_code: error.plaidCode ?? null })
    await store.connections.change(itemId, (row) => ({ ...row, syncError: error.code }))
  }

  function iso(at = now()): string {
    return new Date(at).toISOString()
  }

  return async (itemId: string, want: Want, signal: AbortSignal): Promise<Brought> => {
    try {
      return await save(itemId, want, signal)
    } catch (error) {
      if (isCofferError(error)) await noteFailure(itemId, error)
      throw error
    }
  }
}

/** News that came while it was being fetched may not be in it. */
function served(
  { dirtySince, lastSyncedAt: known }: Connection,
  { lastSyncedAt: at }: Partial<Connection>,
  now: number,
): Partial<Connection> {
  if (at === undefined || at === null) return {}
  // A copy that began later was done sooner, and its newer data are overwritten now.
  if (known !== null && ageOf(known, now) < ageOf(at, now)) return { dirtySince: later(dirtySince, known) }
  return dirtySince !== null && isOlder(dirtySince, at) ? { dirtySince: null } : {}
}
