import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  addMonths,
  bankingDay,
  dayIn,
  daysBetween,
  daysOf,
  lengthOf,
  monthOf,
  monthsBetween,
} from '../../src/simulator/calendar.ts'

const anyDay = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2090-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('days', () => {
  it('forth and back again is the same day', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -4000, max: 4000 }), (day, count) => {
        expect(addDays(addDays(day, count), -count)).toBe(day)
        expect(daysBetween(day, addDays(day, count))).toBe(count)
      }),
    )
  })

  it('a bank books on the next weekday', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const booked = bankingDay(day)
        expect([1, 2, 3, 4, 5]).toContain(new Date(booked).getUTCDay())
        expect(daysBetween(day, booked)).toBeGreaterThanOrEqual(0)
        expect(daysBetween(day, booked)).toBeLessThan(3)
      }),
    )
  })

  it.each([
    ['2026-11-20', '2026-11-20'],
    ['2026-11-21', '2026-11-23'],
    ['2026-11-22', '2026-11-23'],
  ])('what comes on %s is booked on %s', (day, booked) => {
    expect(bankingDay(day)).toBe(booked)
  })
})

describe('months', () => {
  it.each([
    ['2026-11', 2, '2027-01'],
    ['2026-01', -1, '2025-12'],
    ['2026-06', -18, '2024-12'],
  ])('%s and %d is %s', (month, count, sum) => {
    expect(addMonths(month, count)).toBe(sum)
  })

  it('have their own length, and a 31st that is their last day', () => {
    expect(['2024-02', '2026-02', '2026-04', '2026-12'].map(lengthOf)).toEqual([29, 28, 30, 31])
    expect(dayIn('2026-02', 31)).toBe('2026-02-28')
    expect(dayIn('2026-02', 3)).toBe('2026-02-03')
  })

  it('from one to another, both included', () => {
    expect(monthsBetween('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
    expect(monthsBetween('2026-02', '2026-01')).toEqual([])
    expect(monthOf('2026-02-17')).toBe('2026-02')
  })

  it('days run on into the next', () => {
    const days = daysOf('2026-02')
    expect([days[0], days[27], days[28], days.at(-1)]).toEqual([
      '2026-02-01',
      '2026-02-28',
      '2026-03-01',
      '2026-03-04',
    ])
  })
})
