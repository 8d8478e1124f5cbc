import { addDays, daysBetween } from '../snapshot/index.ts'
import type { Reading } from '../sync/index.ts'
import { isKnownFrom } from '../tools/cash-flow-groups.ts'
import type { Core } from '../tools/context.ts'
import { firstDays, type Month } from '../view/months.ts'

/** The last months up to today, as their totals are by what is stored: nobody is asked. */
export async function lastMonths({
  sync,
}: Pick<Core, 'sync'>): Promise<{ from: string; months: Month[] } & Pick<Reading, 'sources'>> {
  const { to: today, time_zone } = sync.window(1)
  const starts = firstDays(today)
  const from = starts[0] ?? today
  const days = daysBetween(from, today) + 1
  const reading = await sync.read({ days, maxAgeMinutes: -1 })
  const months: Month[] = []
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1]
    const to = next === undefined ? today : addDays(next, -1)
    const window = { from: start, to, days: daysBetween(start, to) + 1, time_zone }
    const { totals } = await sync.snapshot(window)
    months.push(...totals.flatMap((row) => monthOf(row, start, isKnownFrom(reading, start))))
  }
  return { from, sources: reading.sources, months: months.filter(isWorthwhile) }
}

type Totals = Awaited<ReturnType<Core['sync']['snapshot']>>['totals'][number]

function monthOf(row: Totals, start: string, whole: boolean): Month[] {
  const { currency, income, expenses, net_cash_flow: net } = row
  if (income === undefined || expenses === undefined || net === undefined) return []
  return [{ month: start.slice(0, 7), currency, income, expenses, net, whole }]
}

/** Before the first day that is known of any bank there is nothing to be drawn. */
function isWorthwhile({ whole, income, expenses }: Month): boolean {
  return whole || income !== 0 || expenses !== 0
}
