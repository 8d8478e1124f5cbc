import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { App } from '../../src/app.ts'
import { bank, day, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

let rooms: Rooms
let first: string
let second: string
beforeAll(async () => {
  rooms = await openRooms({}, { COFFER_SYNC_CRON: '0 6 * * *' })
  first = await rooms.connect(bank)
  second = await rooms.connect(otherBank)
})
afterAll(() => rooms[Symbol.asyncDispose]())

async function lead(app: App): Promise<() => Promise<void>> {
  const end = new AbortController()
  const done = app.lead(end.signal)
  const stop = async () => {
    end.abort()
    await done
  }
  onTestFinished(stop)
  return stop
}

const scheduled = async (itemId: string) =>
  (await rooms.app.store.syncRuns.lastOf(itemId, 20)).filter(({ cause }) => cause === 'schedule')

async function bothFetched(times: number): Promise<void> {
  await expect.poll(async () => (await scheduled(first)).length, { timeout: 20_000 }).toBe(times)
  await expect.poll(async () => (await scheduled(second)).length, { timeout: 20_000 }).toBe(times)
}

describe('the leader fetches every connection', () => {
  it('a day later once, whichever copy leads by then', async () => {
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    rooms.advance(day)
    const stop = await lead(rooms.app)
    await bothFetched(1)
    await stop()
    const next = await rooms.open()
    await lead(next)
    rooms.advance(day)
    await bothFetched(2)
    const { lastSyncedAt } = await rooms.find(first)
    expect(rooms.now() - Date.parse(lastSyncedAt ?? '')).toBeLessThan(minute)
    const jobs = await next.store.jobs.list()
    expect(jobs).toContainEqual({ name: 'prune', lastCode: null, lastRunAt: expect.any(String) })
  })

  it('also the one that a leader had begun when it was killed, minutes later', async () => {
    rooms.advance(day)
    const { schedules } = rooms.app.store
    const row = (await schedules.list()).find(({ itemId }) => itemId === first)
    // All that a leader leaves which is killed in the middle.
    expect(await schedules.claim(first, row?.begunAt ?? null, new Date(rooms.now()).toISOString())).toBe(true)
    const before = [(await scheduled(first)).length, (await scheduled(second)).length]
    await lead(rooms.app)
    const now = async () => [(await scheduled(first)).length, (await scheduled(second)).length]
    await expect.poll(now, { timeout: 20_000 }).toEqual([before[0], (before[1] ?? 0) + 1])
    rooms.advance(4 * minute)
    await expect.poll(now, { timeout: 20_000 }).toEqual([(before[0] ?? 0) + 1, (before[1] ?? 0) + 1])
  })
})
