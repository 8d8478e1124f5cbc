import { flowExcluded, flowGroups, keysOf } from '../../src/snapshot/groups.ts'
import { judge } from '../../src/snapshot/judge.ts'
import type { FlowRow } from '../../src/snapshot/row.ts'
import type { Window } from '../../src/snapshot/window.ts'
import { flows } from './flows.ts'
import { sum } from './property.ts'

export const groupings = ['month', 'category', 'merchant', 'account'] as const

/** What `get_cash_flow` makes its answer of: each grouping, what is in none, and the totals. In minor units. */
export function told(rows: readonly FlowRow[], window: Window) {
  const verdicts = judge(rows)
  const inGroups = (by: (typeof groupings)[number]) =>
    flowGroups(verdicts, window, keysOf[by]).map(({ last: _last, ...figures }) => figures)
  const excluded = flowExcluded(verdicts, window)
    .map(({ examples: _examples, ...figures }) => figures)
    .toSorted((a, b) => (`${a.currency} ${a.reason}` < `${b.currency} ${b.reason}` ? -1 : 1))
  return {
    totals: flows(rows, window),
    groups: Object.fromEntries(groupings.map((by) => [by, inGroups(by)])),
    excluded,
  }
}

export type Told = ReturnType<typeof told>

/** What a grouping adds up to in one currency. */
export function groupSums({ groups }: Told, by: (typeof groupings)[number], currency: string) {
  const own = (groups[by] ?? []).filter((group) => group.currency === currency)
  return {
    income: sum(own.map(({ income }) => income)),
    expenses: sum(own.map(({ expenses }) => expenses)),
    netCashFlow: sum(own.map(({ net }) => net)),
  }
}

export function excludedSum({ excluded }: Told, reason: string, currency: string): number {
  return sum(
    excluded.filter((one) => one.reason === reason && one.currency === currency).map(({ sum }) => sum),
  )
}
