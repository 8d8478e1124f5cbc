import { z } from 'zod'
import type { TotalsDay } from '../model.ts'
import { toMajor } from '../money.ts'
import { runwayMonths } from '../snapshot/index.ts'
import { day, mustNotEndBefore } from './days.ts'
import { defineTool } from './define.ts'
import { type Warning, warning } from './shapes.ts'
import { evenly, sparkline } from './sparkline.ts'

const metrics = ['net_worth', 'bank_balance', 'runway', 'positions', 'cash_flow'] as const
type Metric = (typeof metrics)[number]

const point = z.object({
  date: z.string(),
  currency: z.string(),
  value: z.number(),
  complete: z.boolean(),
})
type Point = z.infer<typeof point>

export const getHistory = defineTool({
  name: 'get_history',
  title: 'History of the figures',
  description:
    'How a figure of sync_snapshot went, one point per day and currency, from what was kept whenever figures changed: net_worth, bank_balance, positions (what is invested), cash_flow (net, of the 30 days up to that day), runway (months; no point where nothing is burnt). `complete` is false for days on which a bank was broken or old. sparkline draws it, a line for each currency. Asks no bank; days on which nobody asked have no point.',
  effect: 'read',
  input: z.strictObject({
    metric: z.enum(metrics),
    from: day.optional().describe('First day, YYYY-MM-DD; default: the first that is kept'),
    to: day.optional().describe('Last day'),
  }),
  output: z.object({ points: z.array(point), sparkline: z.string(), warnings: z.array(warning) }),
  async handle({ metric, from, to }, { store }) {
    mustNotEndBefore(from, to)
    const kept = await store.history.list()
    const asked = kept.filter(({ date }) => (from ?? date) <= date && date <= (to ?? date))
    const all = asked.flatMap((row) => pointOf(row, metric))
    const points = thinned(all)
    const changedAt = await store.rules.changedAt()
    const warnings = [
      ...warningsOf({ kept, asked, all, points }, metric),
      ...rulesWarning(asked, metric, changedAt),
    ]
    return { points, sparkline: linesOf(all), warnings }
  },
})

function pointOf(row: TotalsDay, metric: Metric): Point[] {
  const value = valueOf(row, metric)
  const { date, currency, complete } = row
  return value === null ? [] : [{ date, currency, value, complete }]
}

function valueOf(row: TotalsDay, metric: Metric): number | null {
  if (metric === 'runway')
    return row.monthlyBurn === null ? null : runwayMonths(row.bankBalance, row.monthlyBurn)
  const minor = minorOf(row, metric)
  return minor === null ? null : toMajor(minor, row.currency)
}

function minorOf(row: TotalsDay, metric: Exclude<Metric, 'runway'>): number | null {
  switch (metric) {
    case 'net_worth':
      return row.netWorth
    case 'bank_balance':
      return row.bankBalance
    case 'positions':
      return row.investments
    case 'cash_flow':
      return row.netCashFlow
  }
}

/** A default result stays under 24 kB. */
const pointBytes = 20_000

/** Whole days are left out, evenly over the time, so that currencies can be held against each other. */
function thinned(points: readonly Point[]): Point[] {
  const days = [...Map.groupBy(points, ({ date }) => date).values()]
  const bytes = Buffer.byteLength(JSON.stringify(points))
  const fit = Math.floor((days.length * pointBytes) / bytes)
  return [...(bytes <= pointBytes ? days : evenly(days, fit))].flat()
}

function linesOf(points: readonly Point[]): string {
  const lines = [...Map.groupBy(points, ({ currency }) => currency)].map(
    ([currency, own]) => [currency, sparkline(own.map(({ value }) => value))] as const,
  )
  return lines.map(([currency, line]) => (lines.length === 1 ? line : `${currency} ${line}`)).join('\n')
}

interface Found {
  readonly kept: readonly TotalsDay[]
  readonly asked: readonly TotalsDay[]
  readonly all: readonly Point[]
  readonly points: readonly Point[]
}

function warningsOf({ kept, asked, all, points }: Found, metric: Metric): Warning[] {
  const [first, last] = [kept.at(0), kept.at(-1)]
  if (first === undefined || last === undefined) return [nothingKept]
  if (asked.length === 0) {
    const text = `Nothing was kept in that time; there are figures from ${first.date} to ${last.date}.`
    return [{ code: 'NO_HISTORY', text }]
  }
  if (all.length === 0) return [{ code: 'NO_POINTS', text: noPoints(metric) }]
  const left = all.length - points.length
  if (left === 0) return []
  const text = `${left} of ${all.length} points are left out, evenly over the time; a shorter time has all of its own.`
  return [{ code: 'THINNED', text }]
}

/** What was counted then stands as it was: of the time before no rows are kept that could be counted once more. */
function rulesWarning(asked: readonly TotalsDay[], metric: Metric, changedAt: string | null): Warning[] {
  if (changedAt === null || (metric !== 'cash_flow' && metric !== 'runway')) return []
  if (asked.every(({ takenAt }) => takenAt >= changedAt)) return []
  const text = `The rules for transactions changed last on ${changedAt.slice(0, 10)}: points before are as the rules were then. get_cash_flow counts earlier months anew.`
  return [{ code: 'RULES_CHANGED', text }]
}

const nothingKept: Warning = {
  code: 'NO_HISTORY',
  text: 'Nothing has been kept yet. Call sync_snapshot once a bank is connected: from then on the figures are kept whenever they change.',
}

function noPoints(metric: Metric): string {
  return metric === 'runway'
    ? 'In that time no money was lost over 30 days, or the cash flow was not known yet: there is no runway.'
    : 'In that time the cash flow was not known yet.'
}
