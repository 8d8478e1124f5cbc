import { describe, expect, it } from 'vitest'
import { isShunned, nextAttempt } from '../../../src/simulator/delivery/schedule.ts'
import { hour, minute, start } from '../harness.ts'

const failed = { at: start, status: 500, retryAfter: null }

describe('the next attempt', () => {
  it('comes after 30 s, then after four times as long, six times and never again', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map((attempts) => {
      const next = nextAttempt({ ...failed, attempts })
      return next === null ? null : (next - start) / 1_000
    })
    expect(waits).toEqual([30, 120, 480, 1_920, 7_680, 30_720, null])
  })

  it.each([
    ['seconds', 429, '90', 90_000],
    ['a date', 429, new Date(start + 5 * minute).toUTCString(), 5 * minute],
    ['more than four hours', 429, '90000', 4 * hour],
    ['a date that has passed', 429, new Date(start - minute).toUTCString(), 30_000],
    ['nonsense', 429, 'soon', 30_000],
    ['nothing', 429, null, 30_000],
    ['seconds with another status', 503, '90', 30_000],
  ])('is as late as a busy receiver asks with %s', (_, status, retryAfter, wait) => {
    expect(nextAttempt({ attempts: 1, at: start, status, retryAfter })).toBe(start + wait)
  })

  it('is no more often for being asked for', () => {
    expect(nextAttempt({ attempts: 7, at: start, status: 429, retryAfter: '1' })).toBeNull()
  })
})

it.each([
  [9, 9, false],
  [10, 10, true],
  [9, 10, false],
  [91, 100, true],
  [90, 100, false],
])('an endpoint that refused %i of %i gets no retries: %s', (rejected, attempts, expected) => {
  expect(isShunned({ rejected, attempts })).toBe(expected)
})
