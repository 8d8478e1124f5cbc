import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, daysBetween, isWithin, today, widen, windowOf } from '../../src/snapshot/window.ts'

const zones = [
  'Pacific/Pago_Pago',
  'America/New_York',
  'UTC',
  'Europe/London',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
]
const instant = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })

describe('today', () => {
  it.each([
    ['2026-03-01T04:59:59Z', 'America/New_York', '2026-02-28'],
    ['2026-03-01T05:00:00Z', 'America/New_York', '2026-03-01'],
    ['2028-02-29T12:00:00Z', 'UTC', '2028-02-29'],
    ['2026-01-01T10:30:00Z', 'Pacific/Pago_Pago', '2025-12-31'],
    ['2025-12-31T10:30:00Z', 'Pacific/Kiritimati', '2026-01-01'],
    ['2026-03-08T07:30:00Z', 'America/New_York', '2026-03-08'],
    ['2026-11-01T05:30:00Z', 'America/New_York', '2026-11-01'],
  ])('%s in %s is %s', (at, zone, day) => expect(today(Date.parse(at), zone)).toBe(day))

  it('refuses a zone that is none', () => expect(() => today(0, 'Mars/Olympus')).toThrow(RangeError))
})

describe('windowOf', () => {
  it('ends today and has so many days', () => {
    expect(windowOf(Date.parse('2026-11-20T12:00:00Z'), 30, 'UTC')).toEqual({
      from: '2026-10-22',
      to: '2026-11-20',
      days: 30,
      time_zone: 'UTC',
    })
  })

  it('is one day when asked for one', () => {
    expect(windowOf(0, 1, 'UTC')).toMatchObject({ from: '1970-01-01', to: '1970-01-01' })
  })

  it('has as many days as it says, in every zone, over leap days and changes of the clock', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 730 }), fc.constantFrom(...zones), (now, days, zone) => {
        const { from, to } = windowOf(now.getTime(), days, zone)
        expect(daysBetween(from, to)).toBe(days - 1)
        expect(Math.abs(daysBetween(to, now.toISOString().slice(0, 10)))).toBeLessThanOrEqual(1)
      }),
      { numRuns: 500 },
    )
  })
})

describe('days', () => {
  it.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-11-20', 0, '2026-11-20'],
  ])('%s and %d more are %s', (date, days, expected) => {
    expect(addDays(date, days)).toBe(expected)
    expect(daysBetween(date, expected)).toBe(days)
  })

  it('widen at both ends', () => {
    expect(widen({ from: '2026-11-01', to: '2026-11-30' }, 4)).toEqual({
      from: '2026-10-28',
      to: '2026-12-04',
    })
  })

  it.each([
    ['2026-10-31', false],
    ['2026-11-01', true],
    ['2026-11-30', true],
    ['2026-12-01', false],
  ])('%s is within November: %s', (date, within) => {
    expect(isWithin(date, { from: '2026-11-01', to: '2026-11-30' })).toBe(within)
  })
})
