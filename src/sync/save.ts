import { ageOf } from '../age.ts'
import { isOlder, later, saveAccounts } from '../connections/index.ts'
import { type CofferError, isCofferError } from '../errors.ts'
import type { Account, Connection } from '../model.ts'
import { restore } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import { balanceDaysOf } from './balance-days.ts'
import type { Deriver } from './derive.ts'
import { type FetchDeps, type Fetched, fetchConnection, type Want } from './fetch.ts'
import { flowOf } from './flow-of.ts'
import type { SyncDeps } from './index.ts'
import type { LeasedWork } from './leased.ts'
import type { Recent } from './recent-rows.ts'
import type { Brought } from './runs.ts'
import type { TransactionSource } from './transactions.ts'

interface SaveDeps extends FetchDeps, Pick<SyncDeps, 'now' | 'log' | 'timeZone'> {
  readonly source: TransactionSource
  readonly deriver: Deriver
}

/** One run over one connection: fetch, store, derive. A part that Plaid refused is stored as missing, then thrown. */
export function createSave(deps: SaveDeps): LeasedWork {
  const { now, log, deriver, source } = deps

  async function save(itemId: string, want: Want, signal: AbortSignal, store: Store): Promise<Brought> {
    const at = now()
    const health = deps.health.through(store)
    await source.prepare()
    const fetched = await fetchConnection({ ...deps, health }, itemId, want, signal)
    // Before the accounts: a run that ends between the two sees once more which of them are new.
    const transactions = await keepTransactions(source, store, itemId, fetched, want)
    const accounts = withAge(fetched)
    await saveAccounts(store, itemId, accounts)
    await store.balanceDays.note(itemId, balanceDaysOf(accounts, deps.timeZone))
    if (fetched.holdings !== null) await store.holdings.replace(itemId, fetched.holdings)
    await keepLiabilities(store, itemId, fetched)
    if (fetched.hasAllRows) {
      const flow = flowOf({ ...fetched, transactions }, want.span, at)
      await deriver.add(itemId, await withKept(flow, store, itemId, fetched), store)
      if (fetched.investmentTransactions !== null) await store.flow.noteInvested(itemId)
    }
    const dataAsOf = fetched.dataAsOf ?? iso(at)
    const done = fetched.notReady ? { dataAsOf } : { dataAsOf, lastSyncedAt: iso(at) }
    const note = (row: Connection) => (fetched.partial === null ? noted(row, fetched, done, now()) : row)
    await health.apply(itemId, { type: fetched.notReady ? 'not_ready' : 'synced' }, note)
    if (fetched.partial !== null) throw fetched.partial
    return { notReady: fetched.notReady }
  }

  /** Where Plaid tells no age, it is that of the fetch; an earlier one would grow for ever. */
  function withAge({ accounts, dataAsOf }: Fetched): Account[] {
    const age = dataAsOf ?? iso()
    return accounts.map((account) => ({ ...account, dataAsOf: account.dataAsOf ?? age }))
  }

  async function noteFailure(store: Store, itemId: string, error: CofferError): Promise<void> {
    log.info('sync.failed', { code: error.code, plaid_code: error.plaidCode ?? null })
    await store.connections.change(itemId, (row) => ({ ...row, syncError: error.code }))
  }

  function iso(at = now()): string {
    return new Date(at).toISOString()
  }

  return async (itemId, want, signal, store) => {
    try {
      return await save(itemId, want, signal, store)
    } catch (error) {
      if (isCofferError(error) && error.code !== 'SYNC_TAKEN_OVER') await noteFailure(store, itemId, error)
      throw error
    }
  }
}

async function keepLiabilities(store: Store, itemId: string, { liabilities }: Fetched): Promise<void> {
  if (liabilities === 'none') await store.liabilities.noteNone(itemId)
  else if (liabilities !== null) await store.liabilities.replace(itemId, liabilities)
}

async function keepTransactions(
  source: TransactionSource,
  store: Store,
  itemId: string,
  { transactions: rows, updates }: Fetched,
  { span }: Want,
) {
  return rows === null ? null : await source.keep(store, itemId, { rows, updates }, span)
}

/** What is known of investment accounts from an earlier fetch stands where this one brought nothing of them. */
async function withKept(
  flow: Recent,
  store: Store,
  itemId: string,
  { accounts, lacksInvested }: Fetched,
): Promise<Recent> {
  if (!lacksInvested) return flow
  const { days, moves } = await store.flow.read(flow.span)
  const own = <T extends { readonly itemId: string }>(rows: readonly T[]) =>
    rows.filter((row) => row.itemId === itemId)
  const invested = accounts.filter(({ type }) => type === 'investment')
  return { ...flow, rows: [...flow.rows, ...restore({ days: own(days), moves: own(moves) }, invested)] }
}

/** What the person refused is not asked for again, and the tools say how it can be shared. */
function noted(row: Connection, { refused }: Fetched, done: Partial<Connection>, now: number): Connection {
  const products = row.products.filter((product) => !refused.some((other) => other === product))
  return { ...row, syncError: null, ...done, products, ...served(row, done, now) }
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
