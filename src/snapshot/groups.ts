import { exclusionOf, type Exclusion } from './kinds.ts'
import { isCounted, movedOnce } from './flow.ts'
import type { Verdict } from './judge.ts'
import { payeeOf } from './payee.ts'
import type { FlowRow } from './row.ts'
import type { Span } from '../model.ts'

type Verdicts = ReadonlyMap<FlowRow, Verdict>
type Entries = readonly (readonly [FlowRow, Verdict])[]

/** A part of the flow of one currency, in minor units; `net` is the sum of the other two. */
export interface FlowGroup {
  readonly key: string
  readonly currency: string
  readonly income: number
  /** Above 0 where more was given back than spent. */
  readonly expenses: number
  readonly net: number
  readonly count: number
  /** One of its rows of the latest day. */
  readonly last: FlowRow
}

/** What is no income and no expense, by why. */
export interface Excluded {
  readonly reason: Exclusion
  readonly currency: string
  /** Both sides of a pair are one, as in `sum`. */
  readonly count: number
  /** Of transfers and card payments the sum moved, as in the totals; of others the plain sum. Minor units. */
  readonly sum: number
  /** The newest. */
  readonly examples: readonly FlowRow[]
}

/** Of rows that have no text, or no category. */
export const unknownKey = 'unknown'

export const keysOf = {
  month: ({ date }: FlowRow) => date.slice(0, 7),
  category: ({ transaction }: FlowRow) => transaction?.category?.primary ?? unknownKey,
  merchant: (row: FlowRow) => payeeOf(row) || unknownKey,
  account: ({ accountId }: FlowRow) => accountId,
} as const

/**
 * The income and expenses of a window in parts. The parts of a currency add up to its income, expenses and net
 * in `flowOfJudged`. Largest net first, the currency of most rows before the others.
 */
export function flowGroups(verdicts: Verdicts, window: Span, keyOf: (row: FlowRow) => string): FlowGroup[] {
  const rows = [...verdicts].filter(([row, { kind }]) => isCounted(row, window) && exclusionOf(kind) === null)
  const currencies = [...Map.groupBy(rows, ([row]) => row.currency).values()]
  return currencies
    .sort((a, b) => b.length - a.length || byCurrency(a, b))
    .flatMap((ofCurrency) =>
      withoutSurplus([...Map.groupBy(ofCurrency, ([row]) => keyOf(row))].map(groupOf)).sort(largestFirst),
    )
}

/** Of as many rows each: in whatever order the rows came, the pages of an answer stay the same. */
function byCurrency([a]: Entries, [b]: Entries): number {
  return (a?.[0].currency ?? '') < (b?.[0].currency ?? '') ? -1 : 1
}

function groupOf([key, rows]: [string, Entries]): FlowGroup {
  let [income, expenses, count] = [0, 0, 0]
  let last = rows[0]?.[0]
  for (const [row, { kind }] of rows) {
    if (row.amount > 0 && kind !== 'refund') income += row.amount
    else expenses += row.amount
    count += row.count
    if (last === undefined || row.date > last.date) last = row
  }
  if (last === undefined) throw new TypeError('a group without rows')
  return { key, currency: last.currency, income, expenses, net: income + expenses, count, last }
}

/** Refunds beyond the expenses of the window are income, as in the totals. */
function withoutSurplus(groups: readonly FlowGroup[]): FlowGroup[] {
  let surplus = Math.max(
    groups.reduce((sum, { expenses }) => sum + expenses, 0),
    0,
  )
  return groups.toSorted(largestFirst).map((group) => {
    const moved = Math.min(Math.max(group.expenses, 0), surplus)
    surplus -= moved
    return { ...group, income: group.income + moved, expenses: group.expenses - moved }
  })
}

function largestFirst(a: FlowGroup, b: FlowGroup): number {
  return Math.abs(b.net) - Math.abs(a.net) || (a.key < b.key ? -1 : 1)
}

const mostExamples = 3

/** In no particular order. */
export function flowExcluded(verdicts: Verdicts, window: Span): Excluded[] {
  const rows = [...verdicts].flatMap(([row, { kind, partner }]) => {
    const reason = isCounted(row, window) ? exclusionOf(kind) : null
    return reason === null ? [] : [{ row, reason, moved: amountOf(row, partner, reason, window) }]
  })
  const groups = Map.groupBy(rows, ({ row, reason }) => `${row.currency} ${reason}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    // The other side of a pair stands for it.
    const shown = group.filter(({ moved }) => moved !== 0)
    const newest = shown.map(({ row }) => row).sort((a, b) => (a.date > b.date ? -1 : 1))
    if (first === undefined) return []
    return {
      reason: first.reason,
      currency: first.row.currency,
      count: shown.reduce((count, { row }) => count + row.count, 0),
      sum: shown.reduce((sum, { moved }) => sum + moved, 0),
      examples: newest.filter(({ count }) => count === 1).slice(0, mostExamples),
    }
  })
}

function amountOf(row: FlowRow, partner: FlowRow | null, reason: Exclusion, window: Span): number {
  return reason === 'pending' || reason === 'ignored' ? row.amount : movedOnce(row, partner, window)
}
