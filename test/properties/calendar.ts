import * as fc from 'fast-check'
import { expect } from 'vitest'
import { daysBetween, isWithin, today, type Window, windowOf } from '../../src/snapshot/window.ts'
import { anyMovements, firstDay, rowsIn } from '../snapshot/worlds.ts'
import { flows, windowFrom } from './flows.ts'
import { property, sum } from './property.ts'

const hour = 3_600_000
const zones = [
  'Pacific/Pago_Pago', // UTC-11
  'America/Los_Angeles',
  'America/New_York',
  'America/St_Johns',
  'UTC',
  'Europe/London',
  'Asia/Kathmandu',
  'Australia/Lord_Howe', // its clock changes by half an hour
  'Pacific/Chatham',
  'Pacific/Kiritimati', // UTC+14
]

/** Ends of months, a leap day, and nights on which clocks change, in one zone or another. */
const borders = [
  '2026-01-01',
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-10-04',
  '2026-10-25',
  '2026-11-01',
  '2028-02-29',
  '2028-03-01',
]
const zone = fc.constantFrom(...zones)
const around = fc
  .tuple(fc.constantFrom(...borders), fc.integer({ min: -36 * 60, max: 36 * 60 }))
  .map(([day, minutes]) => Date.parse(day) + minutes * 60_000)

/** The day on the wall there, by the platform's other way to tell it. */
function wallDay(now: number, timeZone: string): string {
  return new Date(now).toLocaleDateString('sv-SE', { timeZone })
}

const succession = property(
  'time zones',
  'days follow each other without a gap or a double one, over ends of months, leap days and changed clocks',
  500,
  fc.property(around, zone, (start, zone) => {
    const days = Array.from({ length: 60 }, (_, n) => today(start + n * hour, zone))
    expect(days).toEqual(Array.from({ length: 60 }, (_, n) => wallDay(start + n * hour, zone)))
    const steps = days.slice(1).map((day, n) => daysBetween(days[n] ?? '', day))
    expect(steps.filter((step) => step !== 0 && step !== 1)).toEqual([])
  }),
)

/** The days of eight weeks there, each once, by a look at the clock twice a day. */
function daysSeen(timeZone: string, fromHour: number): Window[] {
  const looks = Array.from({ length: 112 }, (_, n) => Date.parse(firstDay) + (fromHour + 12 * n) * hour)
  const windows = looks.map((now) => windowOf(now, 1, timeZone))
  return [...new Map(windows.map((window) => [window.to, window])).values()]
}

const onceEach = property(
  'time zones',
  'every row falls on one day, wherever the machine is; the windows of those days add up',
  500,
  fc.property(anyMovements, zone, fc.integer({ min: 0, max: 23 }), (movements, zone, fromHour) => {
    const rows = rowsIn(movements)
    const days = daysSeen(zone, fromHour)
    const whole = windowFrom(days[0]?.from ?? '', days.at(-1)?.to ?? '')
    const timesSeen = rows.map(({ date }) => days.filter((day) => isWithin(date, day)).length)
    expect(timesSeen).toEqual(rows.map(({ date }) => (isWithin(date, whole) ? 1 : 0)))
    for (const { currency, netCashFlow } of flows(rows, whole)) {
      const parts = days.flatMap((day) => flows(rows, day)).filter((part) => part.currency === currency)
      expect(sum(parts.map((part) => part.netCashFlow))).toBe(netCashFlow)
    }
  }),
)

const posted = property(
  'time zones',
  'a row counts by its posted day; the zone moves the window and never the row',
  500,
  fc.property(anyMovements, zone, zone, around, (movements, one, other, now) => {
    const rows = rowsIn(movements)
    const window = windowOf(now, 30, one)
    expect(flows(rows, { ...window, time_zone: other })).toEqual(flows(rows, window))
    expect(daysBetween(window.from, window.to)).toBe(29)
  }),
)

export const calendar = [succession, onceEach, posted]
