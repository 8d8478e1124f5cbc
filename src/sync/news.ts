import type { Connection } from '../model.ts'
import { isOfficial } from '../money.ts'
import { windowOf } from '../snapshot/index.ts'
import type { IncomeDay, Seen, Store } from '../store/store.ts'
import { type BillDeps, type BillNews, createBillNews } from './bills.ts'
import { isGone, type SourceState } from './sources.ts'

/** A login that stood otherwise when the household was last shown. */
export interface StatusNews {
  readonly itemId: string
  readonly institution: string
  readonly from: string
  readonly to: string
}

/** Money that came in and was not there when the household was last shown. Minor units, positive. */
export interface IncomeNews extends IncomeDay {
  readonly institution: string
}

/** What is different from when a person last saw a snapshot; nothing where none ever did. */
export interface News {
  readonly statuses: readonly StatusNews[]
  /** The newest first. */
  readonly income: readonly IncomeNews[]
  readonly bills: readonly BillNews[]
  /** How it stands now: to be noted when the person has seen it. */
  readonly seen: Seen
}

export interface NewsDeps extends BillDeps {
  readonly store: Pick<Store, 'seen' | 'flow' | 'accounts'>
}

/** Income of these days is compared; what is older is no news. */
const newsDays = 30

export function createNews(deps: NewsDeps) {
  const { store, timeZone, now } = deps
  const grownBills = createBillNews(deps)

  /** Income by day, from the sums that are kept; nothing of accounts that another login shows too. */
  async function incomeNow(connections: readonly Connection[]) {
    const items = new Set(connections.filter((row) => !isGone(row)).map(({ itemId }) => itemId))
    const counted = (await store.accounts.list()).filter(
      (row) => row.sameAs === null && items.has(row.itemId),
    )
    const accounts = new Set(counted.map(({ accountId }) => accountId))
    const { days, spans } = await store.flow.read(windowOf(now(), newsDays, timeZone))
    const income = days.filter(
      ({ kind, currency, accountId }) => isIncome(kind) && isOfficial(currency) && accounts.has(accountId),
    )
    return { income: byDay(income), spans }
  }

  return async (sources: readonly SourceState[]): Promise<News> => {
    const connections = sources.map(({ connection }) => connection)
    const before = await store.seen.read()
    const { income, spans } = await incomeNow(connections)
    const at = new Date(now()).toISOString()
    const bills = await grownBills(sources, before)
    const seen: Seen = {
      at,
      connections: connections.map(({ itemId, status }) => ({
        itemId,
        status,
        knownFrom: spans.get(itemId)?.from ?? null,
        billsSince: bills.since.get(itemId) ?? at.slice(0, 10),
      })),
      income,
      bills: bills.seen,
    }
    if (before === null) return { statuses: [], income: [], bills: [], seen }
    // After the clock was set back there may be days that were never compared.
    const comparedFrom = windowOf(Date.parse(before.at), newsDays, timeZone).from
    return {
      statuses: changedStatuses(before, connections),
      income: newIncome(before, income, connections).filter(({ date }) => date >= comparedFrom),
      bills: bills.news,
      seen,
    }
  }
}

function isIncome(kind: string): boolean {
  return kind === 'income' || kind === 'interest' || kind === 'dividend'
}

/** One row for each account, day and currency, of whatever kind. */
function byDay(rows: readonly IncomeDay[]): IncomeDay[] {
  return [...Map.groupBy(rows, keyOf).values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { itemId, accountId, date, currency } = first
    return [{ itemId, accountId, date, currency, sum: group.reduce((sum, row) => sum + row.sum, 0) }]
  })
}

function keyOf({ accountId, date, currency }: IncomeDay): string {
  return [accountId, date, currency].join(' ')
}

function changedStatuses({ connections: seen }: Seen, now: readonly Connection[]): StatusNews[] {
  const was = new Map(seen.map(({ itemId, status }) => [itemId, status]))
  return now.flatMap(({ itemId, institution, status }) => {
    const from = was.get(itemId)
    return from === undefined || from === status ? [] : [{ itemId, institution, from, to: status }]
  })
}

/** Only of days that were known then: a history that has come since is no news. */
function newIncome(
  before: Seen,
  income: readonly IncomeDay[],
  connections: readonly Connection[],
): IncomeNews[] {
  const names = new Map(connections.map(({ itemId, institution }) => [itemId, institution]))
  const knownFrom = new Map(before.connections.map((row) => [row.itemId, row.knownFrom]))
  const sums = new Map(before.income.map((row) => [keyOf(row), row.sum]))
  return income
    .flatMap((row) => {
      const from = knownFrom.get(row.itemId) ?? null
      const sum = row.sum - (sums.get(keyOf(row)) ?? 0)
      if (from === null || row.date < from || sum <= 0) return []
      return [{ ...row, sum, institution: names.get(row.itemId) ?? '' }]
    })
    .toSorted((a, b) => (a.date < b.date ? 1 : -1))
}
