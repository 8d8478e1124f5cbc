import { describe, expect, it } from 'vitest'
import { createBackoff } from '../../src/jobs/backoff.ts'

describe('the wait after failures', () => {
  it('doubles up to its limit, for each by itself, and is over with a success', () => {
    let now = 0
    const backoff = createBackoff(10, 35, () => now)
    const waits = [10, 20, 35, 35]
    for (const ms of waits) {
      expect(backoff.isDue('a')).toBe(true)
      backoff.failed('a')
      now += ms - 1
      expect(backoff.isDue('a')).toBe(false)
      expect(backoff.isDue('b')).toBe(true)
      now += 1
    }
    backoff.succeeded('a')
    backoff.failed('a')
    now += 10
    expect(backoff.isDue('a')).toBe(true)
  })

  it('is over when the clock was set back', () => {
    let now = 1_000_000
    const backoff = createBackoff(10, 35, () => now)
    backoff.failed('a')
    now -= 500_000
    expect(backoff.isDue('a')).toBe(true)
  })
})
