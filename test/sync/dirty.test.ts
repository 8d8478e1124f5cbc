import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hour, minute, openRooms, type Rooms } from '../support/rooms.ts'

let rooms: Rooms
let itemId: string
beforeAll(async () => {
  rooms = await openRooms()
  itemId = await rooms.connect()
  await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
})
afterAll(() => rooms[Symbol.asyncDispose]())
beforeEach(() => rooms.advance(2 * minute))

const read = async (maxAgeMinutes: number) => {
  const before = rooms.calls('/transactions/get')
  await rooms.app.sync.read({ days: 30, maxAgeMinutes })
  return rooms.calls('/transactions/get') > before
}
const told = async (at = rooms.now()) => {
  await rooms.app.connections.hear({
    itemId,
    event: { type: 'data_changed' },
    sentAt: new Date(Math.floor(at / 1000) * 1000).toISOString(),
  })
}
const dirtySince = async () => (await rooms.find(itemId)).dirtySince

describe('a connection that Plaid has newer data of', () => {
  it('is fetched however young its data are, once', async () => {
    expect(await read(60)).toBe(false)
    await told()
    expect(await dirtySince()).not.toBeNull()
    rooms.advance(minute)
    expect(await read(60)).toBe(true)
    expect(await dirtySince()).toBeNull()
    expect(await read(60)).toBe(false)
  })

  it('is left alone by whoever asks for what is stored', async () => {
    await told()
    rooms.advance(minute)
    expect(await read(-1)).toBe(false)
    expect(await dirtySince()).not.toBeNull()
    await read(60)
  })

  it('stays so when it is told of more while it is fetched', async () => {
    const start = rooms.now()
    await told()
    rooms.advance(minute)
    rooms.simulator.controls.failNext('/transactions/get', { kind: 'slow', ms: 300 }, { itemId })
    const before = rooms.calls('/transactions/get')
    const reading = read(60)
    await expect.poll(() => rooms.calls('/transactions/get')).toBeGreaterThan(before)
    await told(rooms.now() + 1_000)
    expect(await reading).toBe(true)
    expect(Date.parse((await dirtySince()) ?? '')).toBeGreaterThan(start + minute - 1_000)
    rooms.advance(minute)
    expect(await read(60)).toBe(true)
    expect(await dirtySince()).toBeNull()
  })

  it('is served for good, though a copy that was slow comes with older data', async () => {
    const { controls } = rooms.simulator
    const other = await rooms.open()
    const before = rooms.calls('/transactions/get')
    controls.failNext('/transactions/get', { kind: 'drip', ms: 150 }, { itemId })
    const slow = rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    await expect.poll(() => rooms.calls('/transactions/get')).toBe(before + 1)
    rooms.advance(minute)
    await told(rooms.now() - 2_000)
    await other.sync.read({ days: 30, maxAgeMinutes: 60 })
    const { lastSyncedAt } = await rooms.find(itemId)
    expect(await dirtySince()).toBeNull()
    await slow
    expect(await dirtySince()).toBeNull()
    expect((await rooms.find(itemId)).lastSyncedAt).toBe(lastSyncedAt)
  })

  it('stays so when the fetch fails', async () => {
    await told()
    rooms.advance(minute)
    rooms.simulator.controls.breakItem(itemId, 'INSTITUTION_DOWN')
    await read(60)
    expect(await dirtySince()).not.toBeNull()
    rooms.simulator.controls.repairItem(itemId)
    rooms.advance(hour)
    await read(60)
    expect(await dirtySince()).toBeNull()
  })
})
