import { describe, expect, it } from 'vitest'
import { createPulls } from '../../src/jobs/pulls.ts'
import type { Connection } from '../../src/model.ts'
import { connection as aConnection } from '../store/rows.ts'

const second = 1_000
const minute = 60 * second
const start = Date.parse('2026-03-01T12:00:00Z')

/** One connection, a clock, and the times (in seconds) at which it was fetched. */
function watched(change: Partial<Connection>) {
  let now = start
  let row: Connection = aConnection(change)
  const pulls: number[] = []
  const round = createPulls({
    store: { connections: { list: async () => [row] } },
    pull: () => void pulls.push((now - start) / second),
    environment: 'sandbox',
    now: () => now,
  })
  return {
    pulls,
    change: (more: Partial<Connection>) => void (row = { ...row, ...more }),
    /** Lets time pass in rounds of 2 s. */
    async pass(ms: number) {
      for (const end = now + ms; now < end; now += 2 * second) await round()
    },
    async setBack(ms: number) {
      now -= ms
      await round()
    },
  }
}

function at(ms: number): string {
  return new Date(start + ms).toISOString()
}

describe('a connection that Plaid has newer data of', () => {
  it('is fetched 10 s later, and not again for 5 min while that fails', async () => {
    const { pass, pulls } = watched({ dirtySince: at(0), lastSyncedAt: at(-60 * minute) })
    await pass(11 * minute)
    expect(pulls).toEqual([10, 310, 610])
  })

  it('is fetched ever more rarely while that goes on failing, and begins anew after one that did not', async () => {
    const { pass, change, pulls } = watched({ dirtySince: at(0), lastSyncedAt: null })
    await pass(24 * 60 * minute)
    expect(pulls.length).toBeLessThan(50)
    const [last = 0, before = 0] = pulls.toReversed()
    expect(last - before).toBe(3_600)
    change({ dirtySince: null })
    await pass(minute)
    change({ dirtySince: at(24 * 60 * minute) })
    await pass(60 * minute)
    const [third = 0, second = 0] = pulls.toReversed()
    expect(third - second).toBeLessThan(900)
  })

  it('is fetched as often as ever where each fetch brings something and newer data come at once', async () => {
    const { pass, change, pulls } = watched({ dirtySince: at(0), lastSyncedAt: null })
    for (let passed = 0; passed < 600 * minute; passed += minute) {
      await pass(minute)
      const last = (pulls.at(-1) ?? 0) * second
      change({ lastSyncedAt: at(last), dirtySince: at(last + second) })
    }
    const [last = 0, before = 0] = pulls.toReversed()
    expect(last - before).toBeLessThanOrEqual(360)
  })

  it('waits until 5 min after the last fetch', async () => {
    const { pass, pulls } = watched({ dirtySince: at(0), lastSyncedAt: at(-minute) })
    await pass(5 * minute)
    expect(pulls).toEqual([240])
  })

  it('is left alone when it has been fetched', async () => {
    const { pass, change, pulls } = watched({ dirtySince: at(0), lastSyncedAt: null })
    await pass(minute)
    change({ dirtySince: null, lastSyncedAt: at(10 * second) })
    await pass(20 * minute)
    expect(pulls).toEqual([10])
  })

  it.each([
    ['whose login is broken', { status: 'needs_reauth' }],
    ['that is over', { status: 'expired' }],
    ['of the other environment', { environment: 'production' }],
  ] as const)('%s is not fetched', async (_what, change) => {
    const { pass, pulls } = watched({ dirtySince: at(0), lastSyncedAt: null, ...change })
    await pass(20 * minute)
    expect(pulls).toEqual([])
  })
})

describe('a new connection whose first data Plaid is still fetching', () => {
  const preparing = { status: 'preparing', awaitingData: true, dirtySince: null, lastSyncedAt: null } as const

  it('is asked once a minute at first, then ever more rarely', async () => {
    const { pass, pulls } = watched(preparing)
    await pass(5 * minute)
    expect(pulls).toEqual([60, 120, 180, 240])
    await pass(24 * 60 * minute)
    expect(pulls.length).toBeLessThan(60)
    const [last = 0, before = 0] = pulls.toReversed()
    expect(last - before).toBe(3_600)
  })

  it('is left alone when they are there; the next time begins anew', async () => {
    const { pass, change, pulls } = watched(preparing)
    await pass(3 * 60 * minute)
    change({ status: 'active', awaitingData: false })
    const before = pulls.length
    await pass(2 * 60 * minute)
    expect(pulls).toHaveLength(before)
    change(preparing)
    await pass(2 * minute + 2 * second)
    expect(pulls).toHaveLength(before + 2)
  })

  it('is asked also after the clock was set back', async () => {
    const { pass, setBack, pulls } = watched(preparing)
    await pass(2 * minute)
    const before = pulls.length
    await setBack(60 * minute)
    expect(pulls).toHaveLength(before + 1)
  })
})
