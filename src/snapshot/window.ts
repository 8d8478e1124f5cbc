import type { Span } from '../model.ts'

const DAY_MS = 86_400_000

/** The days that the flow counts, both ends included, as tools return it. */
export interface Window extends Span {
  readonly days: number
  readonly time_zone: string
}

/** The day on the calendar of `timeZone`. @param now ms since 1970 @throws RangeError for an unknown zone */
export function today(now: number, timeZone: string): string {
  const parts = new Map(
    calendarOf(timeZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  )
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`
}

/** By time zone: they are dear to make, and a household lives in one zone. */
const calendars = new Map<string, Intl.DateTimeFormat>()

function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const known = calendars.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  calendars.set(timeZone, made)
  return made
}

/** The last `days` days up to and with today. @param now ms since 1970 */
export function windowOf(now: number, days: number, timeZone: string): Window {
  const to = today(now, timeZone)
  return { from: addDays(to, 1 - days), to, days, time_zone: timeZone }
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Negative when `to` is before `from`. A day without a time is read as UTC, so no hour is ever missing. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS
}

/** The span with `days` more at each end. */
export function widen(span: Span, days: number): Span {
  return { from: addDays(span.from, -days), to: addDays(span.to, days) }
}

export function isWithin(date: string, span: Span): boolean {
  return span.from <= date && date <= span.to
}
