import type { Account, Connection, Span } from '../model.ts'
import { isOfficial } from '../money.ts'
import {
  type CurrencyFigures,
  currencyFigures,
  type Activity,
  activity,
  flowOfJudged,
  judge,
  linesOf,
  withoutValue,
  withWorth,
  type Grouping,
  type Kept,
  type Line,
  positions,
  restore,
  type Totals,
  totalsOf,
  uncountedCurrencies,
  unofficialCurrencies,
  type Window,
} from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import type { Judged } from './judging.ts'

/** Currencies that no total counts, such as crypto tickers. */
interface Uncounted {
  readonly uncounted: readonly string[]
}

/** Positions without a value, by connection. */
interface Unvalued {
  readonly unvalued: readonly { readonly connection: Connection; readonly count: number }[]
}

export interface Snapshot extends Uncounted {
  readonly totals: Totals[]
  /** What they are made of, in the same order. */
  readonly figures: readonly CurrencyFigures[]
}

export interface Figures {
  /**
   * Every figure comes from what is stored, so all processes and broken banks give the same.
   * @param verdicts what the flow is counted by, with nothing of others than the household; without them all that is stored
   */
  snapshot(window: Window, verdicts?: Judged['verdicts']): Promise<Snapshot>
  positions(wanted: PositionsWanted): Promise<ReturnType<typeof positions> & Uncounted & Unvalued>
  /** What happened on investment accounts; nothing of those whose transactions were never fetched, which are `untold`. */
  activity(
    wanted: Omit<PositionsWanted, 'groupBy'>,
    window: Window,
  ): Promise<{ readonly activity: readonly Activity[]; readonly untold: readonly Connection[] }>
}

export interface PositionsWanted {
  readonly itemId?: string
  readonly accountId?: string
  readonly groupBy: Grouping
}

/** @param judged with the ledger on, where rows are stored and tell more than what is kept of them; else null */
export function createFigures(
  store: Store,
  mine: (itemId?: string) => Promise<readonly Connection[]>,
  judged: ((span: Span) => Promise<Judged>) | null = null,
): Figures {
  async function accountsOf(connections: readonly Connection[]) {
    const ids = new Set(connections.map((connection) => connection.itemId))
    return (await store.accounts.list()).filter((account) => ids.has(account.itemId))
  }

  async function verdictsOf(window: Window, days: Kept['days'], accounts: readonly Account[]) {
    if (judged !== null) return onlyOf((await judged(window)).verdicts, accounts)
    return await keptVerdicts(store, days, accounts)
  }

  return {
    async snapshot(window, verdicts) {
      const connections = await mine()
      const accounts = await accountsOf(connections)
      const kept = await store.flow.read(window)
      const known = connections.some(
        ({ itemId, products }) => products.includes('transactions') && kept.spans.has(itemId),
      )
      // Nothing known is not the same as nothing spent.
      const flow = known ? (verdicts ?? (await verdictsOf(window, kept.days, accounts))) : null
      const worth = withWorth(accounts, await store.holdings.list())
      const figures = currencyFigures(worth, flow && flowOfJudged(flow, window))
      const uncounted = uncountedCurrencies(flow?.keys() ?? [], window)
      const unofficial = [...unofficialCurrencies(accounts), ...uncounted]
      return { totals: figures.map(totalsOf), figures, uncounted: [...new Set(unofficial)].sort() }
    },
    async positions({ itemId, accountId, groupBy }) {
      const connections = await mine(itemId)
      const accounts = await accountsOf(connections)
      const ids = new Set(accounts.map((account) => account.accountId))
      const holdings = (await store.holdings.list(itemId)).filter(
        (holding) => ids.has(holding.accountId) && (accountId ?? holding.accountId) === holding.accountId,
      )
      const institutions = new Map(
        connections.map((connection) => [connection.itemId, connection.institution]),
      )
      const found = positions(holdings, accounts, { groupBy, institutions })
      const uncounted = [...new Set(holdings.map(({ currency }) => currency))].filter((it) => !isOfficial(it))
      return { ...found, uncounted, unvalued: unvaluedOf(linesOf(holdings, accounts), connections) }
    },
    async activity({ itemId, accountId }, window) {
      const connections = await mine(itemId)
      const accounts = (await accountsOf(connections)).filter(
        (account) => (accountId ?? account.accountId) === account.accountId,
      )
      const kept = await store.flow.read(window)
      const invested = accounts.filter(({ type, sameAs }) => type === 'investment' && sameAs === null)
      const isKnown = (row: Account) => kept.fetched.get(row.itemId)?.invested === true
      const currencies = invested.filter(isKnown).map(({ currency }) => currency)
      const unknown = new Set(invested.filter((row) => !isKnown(row)).map((row) => row.itemId))
      const untold = connections.filter((row) => unknown.has(row.itemId))
      return { activity: activity(restore(kept, accounts), window, currencies), untold }
    },
  }
}

/** Moves of all times, since equal transfers form chains: another window must not pair them otherwise. */
async function keptVerdicts(store: Store, days: Kept['days'], accounts: readonly Account[]) {
  return judge(restore({ days, moves: await store.flow.moves() }, accounts))
}

/** Where some are left out, which may have been partners, the others are judged once more. */
export function onlyOf(
  verdicts: Judged['verdicts'],
  accounts: readonly Pick<Account, 'accountId'>[],
): Judged['verdicts'] {
  const ids = new Set(accounts.map(({ accountId }) => accountId))
  const rows = [...verdicts.keys()].filter(({ accountId }) => ids.has(accountId))
  return rows.length === verdicts.size ? verdicts : judge(rows)
}

function unvaluedOf(lines: readonly Line[], connections: readonly Connection[]): Unvalued['unvalued'] {
  const counts = Map.groupBy(withoutValue(lines), ({ account }) => account.itemId)
  return connections.flatMap((connection) => {
    const count = counts.get(connection.itemId)?.length ?? 0
    return count === 0 ? [] : [{ connection, count }]
  })
}
