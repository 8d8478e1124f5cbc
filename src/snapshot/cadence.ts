import { addDays, daysBetween } from './window.ts'

export const cadences = ['weekly', 'biweekly', 'semimonthly', 'monthly', 'quarterly', 'yearly'] as const
export type Cadence = (typeof cadences)[number]

/** How often something happens, by the days on which it did. */
export interface Rhythm {
  readonly cadence: Cadence
  /** The day on which it is due next, whether or not a bank works on it. */
  readonly next: string
  /** By how many days it was off at most. */
  readonly strayed: number
}

/** Days on which something is due, for ever in both directions. */
interface Schedule {
  at(index: number): string
  nearest(date: string): number
}

interface Fit {
  readonly schedule: Schedule
  readonly last: number
  readonly strayed: number
  /** On average. */
  readonly off: number
}

/** Weekends, holidays and the length of months move a day by so many at most. */
const tolerance: Record<Cadence, number> = {
  weekly: 2,
  biweekly: 2,
  semimonthly: 3,
  monthly: 3,
  quarterly: 5,
  yearly: 7,
}

export const daysOf: Record<Cadence, number> = {
  weekly: 7,
  biweekly: 14,
  semimonthly: 15,
  monthly: 30,
  quarterly: 91,
  yearly: 365,
}

/** Of the days due so many tenths must have seen it. */
const leastTenths = 8

/**
 * The cadence that fits these days best, each at most once in its turn and few turns left out; null where none
 * does. @param dates ascending, two or more
 */
export function rhythmOf(dates: readonly string[]): Rhythm | null {
  const fits = cadences.flatMap((cadence) => {
    const fit = bestFit(cadence, dates)
    return fit === null ? [] : [{ cadence, fit }]
  })
  const [best] = fits.sort((a, b) => a.fit.off - b.fit.off)
  if (best === undefined) return null
  const { schedule, last, strayed } = best.fit
  return { cadence: best.cadence, next: schedule.at(last + 1), strayed }
}

function bestFit(cadence: Cadence, dates: readonly string[]): Fit | null {
  if (!isAsOften(cadence, dates)) return null
  const fits = schedules(cadence, dates).flatMap(
    (schedule) => fitOf(dates, schedule, tolerance[cadence]) ?? [],
  )
  return fits.sort((a, b) => a.off - b.off)[0] ?? null
}

/** Says quickly of most that they have another cadence or none. */
function isAsOften(cadence: Cadence, dates: readonly string[]): boolean {
  const [first = '', last = ''] = [dates[0], dates.at(-1)]
  const turns = daysBetween(first, last) / daysOf[cadence] + 1
  return dates.length <= turns + 1 && dates.length * 10 >= (turns - 1) * leastTenths
}

function fitOf(dates: readonly string[], schedule: Schedule, tolerance: number): Fit | null {
  let [first, last, strayed, sum] = [Number.NaN, Number.NEGATIVE_INFINITY, 0, 0]
  for (const date of dates) {
    const index = schedule.nearest(date)
    const off = Math.abs(daysBetween(schedule.at(index), date))
    if (index <= last || off > tolerance) return null
    if (Number.isNaN(first)) first = index
    last = index
    strayed = Math.max(strayed, off)
    sum += off
  }
  const off = sum / dates.length
  const seldom = dates.length * 10 < (last - first + 1) * leastTenths
  return seldom || off > tolerance / 2 ? null : { schedule, last, strayed, off }
}

function schedules(cadence: Cadence, dates: readonly string[]): Schedule[] {
  const [first = ''] = dates
  switch (cadence) {
    case 'weekly':
    case 'biweekly':
      return firstOnEachPhase(dates, daysOf[cadence]).map((start) => everyDays(start, daysOf[cadence]))
    case 'semimonthly':
      return twoDays(monthDays(dates)).map((days) => onDays(first, days, 1))
    case 'monthly':
      return monthDays(dates).map((day) => onDays(first, [day], 1))
    case 'quarterly':
      return dates.map((date) => onDays(date, [monthDay(date)], 3))
    case 'yearly':
      return dates.map((date) => onDays(date, [monthDay(date)], 12))
  }
}

/** One date for each place within the period at which any of them lies. */
function firstOnEachPhase(dates: readonly string[], period: number): string[] {
  const phases = new Map<number, string>()
  for (const date of dates) {
    const phase = daysBetween('2000-01-01', date) % period
    if (!phases.has(phase)) phases.set(phase, date)
  }
  return [...phases.values()]
}

function everyDays(start: string, period: number): Schedule {
  return {
    at: (index) => addDays(start, index * period),
    nearest: (date) => Math.round(daysBetween(start, date) / period),
  }
}

/** On these days of the month, every `step` months; a month that is too short has it on its last day. */
function onDays(start: string, days: readonly number[], step: number): Schedule {
  const startMonth = monthNumber(start)
  const at = (index: number) => {
    const turn = Math.floor(index / days.length)
    return dayIn(startMonth + turn * step, days[index - turn * days.length] ?? 1)
  }
  return {
    at,
    nearest(date) {
      const about = Math.round((monthNumber(date) - startMonth) / step) * days.length
      const near = Array.from({ length: 2 * days.length + 1 }, (_, index) => about - days.length + index)
      const off = (index: number) => Math.abs(daysBetween(at(index), date))
      return near.reduce((best, index) => (off(index) < off(best) ? index : best), about)
    },
  }
}

function monthNumber(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1
}

function dayIn(month: number, day: number): string {
  const year = Math.floor(month / 12)
  const length = new Date(Date.UTC(year, (month % 12) + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month % 12, Math.min(day, length))).toISOString().slice(0, 10)
}

/** The last day of a short month may stand for that of every month. */
function monthDays(dates: readonly string[]): number[] {
  return [...new Set(dates.map(monthDay))]
}

function monthDay(date: string): number {
  const isLast = addDays(date, 1).slice(8) === '01'
  return isLast ? 31 : Number(date.slice(8))
}

function twoDays(days: readonly number[]): [number, number][] {
  const sorted = days.toSorted((a, b) => a - b)
  return sorted.flatMap((early) =>
    sorted
      .filter((late) => late - early >= 12 && late - early <= 19)
      .map((late): [number, number] => [early, late]),
  )
}
