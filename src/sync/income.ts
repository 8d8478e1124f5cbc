import type { Connection, Span } from '../model.ts'
import { isOfficial } from '../money.ts'
import { addDays, today, windowOf } from '../snapshot/index.ts'
import type { IncomeDay, Store } from '../store/store.ts'
import { isGone } from './sources.ts'

/** Income of these days is compared; what is older is no news. */
export const newsDays = 30

export interface IncomeDeps {
  readonly store: Pick<Store, 'flow' | 'accounts'>
  readonly timeZone: string
  readonly now: () => number
}

export interface Income {
  readonly days: readonly IncomeDay[]
  /** What is known of the transactions of each connection. */
  readonly spans: ReadonlyMap<string, Span>
  /** Connections of which sums are still counted under earlier rules: what comes of money then, and what of a rule, nobody can tell. */
  readonly old: ReadonlySet<string>
}

/** Income by day, from the sums that are kept; nothing of accounts that another login shows too. */
export function createIncome({ store, timeZone, now }: IncomeDeps) {
  return async (connections: readonly Connection[]): Promise<Income> => {
    const items = new Set(connections.filter((row) => !isGone(row)).map(({ itemId }) => itemId))
    const counted = (await store.accounts.list()).filter(
      (row) => row.sameAs === null && items.has(row.itemId),
    )
    const accounts = new Set(counted.map(({ accountId }) => accountId))
    const window = windowOf(now(), newsDays, timeZone)
    const { days, spans, oldRules } = await store.flow.read(window)
    const income = days.filter(
      ({ kind, currency, accountId }) => isIncome(kind) && isOfficial(currency) && accounts.has(accountId),
    )
    const old = [...oldRules].flatMap(([itemId, until]) => (until >= window.from ? [itemId] : []))
    return { days: byDay(income), spans, old: new Set(old) }
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

/** The first day of which no look could see all: sums of it can be compared whatever they were counted under before. */
export function dayAfter(at: string, timeZone: string): string {
  return addDays(today(Date.parse(at), timeZone), 1)
}

export function keyOf({ accountId, date, currency }: IncomeDay): string {
  return [accountId, date, currency].join(' ')
}
