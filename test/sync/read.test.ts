import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ReadOptions } from '../../src/sync/read.ts'
import { bank, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

let rooms: Rooms
let first: string
let second: string
beforeAll(async () => {
  rooms = await openRooms()
  first = await rooms.connect(bank)
  second = await rooms.connect(otherBank)
})
afterAll(() => rooms[Symbol.asyncDispose]())
// Half of what Plaid allows in a minute is soon used up by these tests.
beforeEach(() => rooms.advance(2 * minute))

function read(options: Partial<ReadOptions> = {}) {
  return rooms.app.sync.read({ days: 30, maxAgeMinutes: 0, ...options })
}

async function sourcesOf(options: Partial<ReadOptions> = {}) {
  const { sources } = await read(options)
  return sources.map(({ source }) => source)
}

describe('the age that is asked for', () => {
  it('0 fetches everything now', async () => {
    expect(await sourcesOf()).toEqual(['live', 'live'])
    expect((await read()).complete).toBe(true)
  })

  it('60 fetches what is an hour old, and nothing younger', async () => {
    await read()
    rooms.advance(59 * minute)
    const before = rooms.simulator.controls.calls().length
    expect(await sourcesOf({ maxAgeMinutes: 60 })).toEqual(['cached', 'cached'])
    expect(rooms.simulator.controls.calls().length).toBe(before)
    rooms.advance(2 * minute)
    expect(await sourcesOf({ maxAgeMinutes: 60 })).toEqual(['live', 'live'])
  })

  it('-1 only reads, however old, and is complete for the usual hour', async () => {
    await read()
    rooms.advance(50 * minute)
    const before = rooms.simulator.controls.calls().length
    expect(await read({ maxAgeMinutes: -1 })).toMatchObject({ complete: true, stillSyncing: false })
    rooms.advance(20 * minute)
    const old = await read({ maxAgeMinutes: -1 })
    expect(old.complete).toBe(false)
    expect(old.sources.map(({ source }) => source)).toEqual(['cached', 'cached'])
    expect(rooms.simulator.controls.calls().length).toBe(before)
  })

  it('of one connection asks that one', async () => {
    const before = rooms.calls('/accounts/get')
    expect(await sourcesOf({ itemId: second })).toEqual(['live'])
    expect(rooms.calls('/accounts/get')).toBe(before + 1)
    await expect(read({ itemId: 'nobody' })).rejects.toMatchObject({ code: 'UNKNOWN_CONNECTION' })
  })

  it('tells how far it is', async () => {
    const told: string[] = []
    await read({ progress: (message) => void told.push(message) })
    expect(told).toEqual(['1 of 2 banks asked', '2 of 2 banks asked'])
  })
})

describe('a window longer than what is kept', () => {
  it('is fetched, though the figures are young', async () => {
    await read({ days: 30 })
    expect(await sourcesOf({ days: 30, maxAgeMinutes: 60 })).toEqual(['cached', 'cached'])
    expect(await sourcesOf({ days: 90, maxAgeMinutes: 60 })).toEqual(['live', 'live'])
    expect(await sourcesOf({ days: 60, maxAgeMinutes: 60 })).toEqual(['cached', 'cached'])
  })

  it('that cannot be fetched is named with the day from which on it is known', async () => {
    const short = await read({ days: 365, maxAgeMinutes: -1 })
    expect(short.shortSpans.map(({ itemId }) => itemId).sort()).toEqual([first, second].sort())
    for (const { from } of short.shortSpans) expect(from > short.window.from).toBe(true)
    expect((await read({ days: 30, maxAgeMinutes: -1 })).shortSpans).toEqual([])
  })
})

describe('one broken bank', () => {
  it('is told as cached with its error, the other one is fresh, and the figures stand', async () => {
    const before = await figures()
    rooms.simulator.controls.resetLogin(first)
    const reading = await read()
    expect(reading).toMatchObject({ complete: false, stillSyncing: false })
    expect(reading.sources).toMatchObject([
      {
        source: 'cached',
        connection: { itemId: first, status: 'needs_reauth' },
        error: { code: 'ITEM_LOGIN_REQUIRED' },
      },
      { source: 'live', connection: { itemId: second, status: 'active' }, error: null },
    ])
    expect(await figures()).toEqual(before)
  })

  it('costs one free call each time it is asked, and keeps its error in between', async () => {
    const before = rooms.calls('/transactions/get')
    await read({ itemId: first })
    expect(rooms.calls('/transactions/get')).toBe(before)
    const [source] = (await read({ itemId: first, maxAgeMinutes: -1 })).sources
    expect(source).toMatchObject({ source: 'cached', error: { code: 'ITEM_LOGIN_REQUIRED' } })
  })

  it('is whole again once it is mended', async () => {
    rooms.simulator.controls.repairItem(first)
    const reading = await read()
    expect(reading.complete).toBe(true)
    expect(reading.sources[0]?.error).toBeNull()
  })

  it('that is over is asked no more', async () => {
    rooms.simulator.controls.breakItem(first, 'ITEM_NOT_SUPPORTED')
    await read()
    const before = rooms.simulator.controls.calls().length
    const reading = await read({ itemId: first })
    expect(rooms.simulator.controls.calls().length).toBe(before)
    expect(reading).toMatchObject({ complete: false, sources: [{ source: 'cached' }] })
  })
})

async function figures() {
  const { window } = await read({ maxAgeMinutes: -1 })
  return (await rooms.app.sync.snapshot(window)).totals
}
