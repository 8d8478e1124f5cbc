import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRecentRows } from '../../src/sync/recent-rows.ts'

const minute = 60_000
const span = { from: '2026-02-01', to: '2026-03-01' }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('rows in memory', () => {
  it('are gone after 15 minutes, though nobody asks for anything', () => {
    const recent = createRecentRows(Date.now)
    recent.put('a', { rows: [], span, wanted: span })
    const held = recent.entries()
    vi.advanceTimersByTime(14 * minute)
    expect(held.size).toBe(1)
    recent.put('b', { rows: [], span, wanted: span })
    vi.advanceTimersByTime(minute)
    expect([...held.keys()]).toEqual(['b'])
    vi.advanceTimersByTime(14 * minute)
    expect(held.size).toBe(0)
  })

  it('are gone for whoever asks, though no timer ran while the machine slept', () => {
    const recent = createRecentRows(Date.now)
    recent.put('a', { rows: [], span, wanted: span })
    vi.setSystemTime(Date.now() + 15 * minute)
    expect(recent.entries().size).toBe(0)
  })

  it('are replaced by newer ones of the same connection', () => {
    const recent = createRecentRows(Date.now)
    recent.put('a', { rows: [], span, wanted: span })
    vi.advanceTimersByTime(10 * minute)
    recent.put('a', { rows: [], span, wanted: span })
    vi.advanceTimersByTime(10 * minute)
    expect(recent.entries().size).toBe(1)
    recent.forget('a')
    expect(recent.entries().size).toBe(0)
  })
})
