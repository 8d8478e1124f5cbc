import type { CurrencyFlow } from '../../src/snapshot/flow.ts'
import { flowTotals } from '../snapshot/flow-totals.ts'
import type { FlowRow } from '../../src/snapshot/row.ts'
import { addDays, daysBetween, type Window } from '../../src/snapshot/window.ts'

/** By currency, in its order. */
export function flows(rows: readonly FlowRow[], window: Window): CurrencyFlow[] {
  return flowTotals(rows, window).sort((a, b) => (a.currency < b.currency ? -1 : 1))
}

/** The only currency, or nothing at all. */
export function flowOf(rows: readonly FlowRow[], window: Window): CurrencyFlow {
  const nothing = { income: 0, expenses: 0, netCashFlow: 0, monthlyBurn: 0, plainNetCashFlow: 0 }
  const [flow, ...others] = flows(rows, window)
  if (others.length > 0) throw new TypeError('more than one currency')
  return (
    flow ?? {
      currency: '',
      ...nothing,
      pendingNet: 0,
      transfersExcluded: 0,
      cardPaymentsExcluded: 0,
      unmatchedTransfers: { count: 0, sum: 0 },
    }
  )
}

export function windowFrom(from: string, to: string): Window {
  return { from, to, days: daysBetween(from, to) + 1, time_zone: 'UTC' }
}

/** One after the other, `days` each, the last one as long as is left. */
export function slices({ from, to }: Window, days: number): Window[] {
  const parts: Window[] = []
  for (let start = from; start <= to; start = addDays(start, days)) {
    const end = addDays(start, days - 1)
    parts.push(windowFrom(start, end < to ? end : to))
  }
  return parts
}
