import type { Connection } from '../model.ts'
import { windowOf } from '../snapshot/index.ts'
import type { IncomeDay, Seen, Store } from '../store/store.ts'
import { type BillDeps, type BillNews, createBillNews } from './bills.ts'
import { createIncome, dayAfter, keyOf, newsDays } from './income.ts'
import type { SourceState } from './sources.ts'

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

export function createNews(deps: NewsDeps) {
  const { store, timeZone, now } = deps
  const grownBills = createBillNews(deps)
  const income = createIncome(deps)

  return async (sources: readonly SourceState[]): Promise<News> => {
    const connections = sources.map(({ connection }) => connection)
    const before = await store.seen.read()
    const { days, spans, old } = await income(connections)
    const at = new Date(now()).toISOString()
    const bills = await grownBills(sources, before)
    const seen: Seen = {
      at,
      connections: connections.map(({ itemId, status }) => ({
        itemId,
        status,
        knownFrom: old.has(itemId) ? dayAfter(at, timeZone) : (spans.get(itemId)?.from ?? null),
        billsSince: bills.since.get(itemId) ?? at.slice(0, 10),
      })),
      income: days,
      bills: bills.seen,
    }
    if (before === null) return { statuses: [], income: [], bills: [], seen }
    // After the clock was set back there may be days that were never compared.
    const comparedFrom = windowOf(Date.parse(before.at), newsDays, timeZone).from
    return {
      statuses: changedStatuses(before, connections),
      income: newIncome(before, days, connections).filter(({ date }) => date >= comparedFrom),
      bills: bills.news,
      seen,
    }
  }
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
