import { addDays, daysBetween } from '../snapshot/index.ts'
import type { Reading } from '../sync/index.ts'
import type { Core } from '../tools/context.ts'
import type { Month } from '../view/months.ts'

const shown = 6

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
    months.push(...totals.flatMap((row) => monthOf(row, start, isKnown(reading, start))))
  }
  return { from, sources: reading.sources, months: months.filter(isWorthwhile) }
}

/** Of the months to be shown, the earliest first. */
function firstDays(today: string): string[] {
  const [year = 0, month = 1] = today.split('-').map(Number)
  return Array.from({ length: shown }, (_, index) =>
    new Date(Date.UTC(year, month - shown + index, 1)).toISOString().slice(0, 10),
  )
}

function isKnown({ shortSpans, untold }: Reading, from: string): boolean {
  return untold.length === 0 && shortSpans.every((bank) => bank.from <= from)
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
