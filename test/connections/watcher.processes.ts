import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { bank, day, hour, logIn, newLink, openRooms } from '../support/rooms.ts'

const patience = 15_000

describe('two copies on one data directory', () => {
  it('one polls; the other reports what it finds, and goes on when the first one ends', async () => {
    await using rooms = await openRooms()
    const first = rooms.app
    const second = await rooms.open()
    const { link, url } = await newLink(first)
    first.connections.watcher.watch(link.linkId)
    await expect.poll(() => first.store.links.find(link.linkId)).not.toMatchObject({ leaseOwner: null })
    const owner = (await first.store.links.find(link.linkId))?.leaseOwner
    await second.connections.watcher.adopt()
    await second.connections.watcher.wait(link.linkId, 1_000)
    expect(await second.store.links.find(link.linkId)).toMatchObject({ leaseOwner: owner })

    await first.connections.watcher.close()
    await logIn(url.open(), bank)
    await second.connections.watcher.adopt()
    expect(await second.connections.watcher.wait(link.linkId, patience)).toMatchObject({ state: 'succeeded' })
    expect((await second.store.links.find(link.linkId))?.leaseOwner).not.toBe(owner)
    expect(rooms.calls('/item/public_token/exchange')).toBe(1)
  })

  it('who waits in the second copy sees what the first one brought about', async () => {
    await using rooms = await openRooms()
    const second = await rooms.open()
    const { link, url } = await newLink(rooms.app)
    rooms.app.connections.watcher.watch(link.linkId)
    const waiting = second.connections.watcher.wait(link.linkId, patience)
    await logIn(url.open(), bank)
    expect(await waiting).toMatchObject({ state: 'succeeded' })
    expect(await second.store.connections.list()).toHaveLength(1)
    expect(rooms.calls('/item/public_token/exchange')).toBe(1)
  })

  it('leaves alone what a living copy polls, and adopts what nobody does any more', async () => {
    await using rooms = await openRooms()
    const { link } = await newLink(rooms.app)
    const { links } = rooms.app.store
    await links.lease(link.linkId, 'a copy that was killed', rooms.now(), rooms.now() + 30_000)
    await rooms.app.connections.watcher.adopt()
    await sleep(100)
    expect(await links.find(link.linkId)).toMatchObject({ leaseOwner: 'a copy that was killed' })
    rooms.advance(30_001)
    await rooms.app.connections.watcher.adopt()
    await expect
      .poll(() => links.find(link.linkId))
      .not.toMatchObject({ leaseOwner: 'a copy that was killed' })
  })
})

describe('a link of the other environment', () => {
  it('is neither asked about nor lost: it waits for a copy of its own', async () => {
    await using rooms = await openRooms()
    const { link, url } = await newLink(rooms.app)
    await logIn(url.open(), bank)
    const rung = await rooms.app.store.links.find(link.linkId)
    const other = await rooms.open({ PLAID_ENV: 'production' })
    const before = rooms.simulator.controls.calls().length
    await other.connections.watcher.adopt()
    expect(await other.connections.watcher.wait(link.linkId, 500)).toEqual(rung)
    expect(rooms.simulator.controls.calls().length).toBe(before)
    await rooms.app.connections.watcher.adopt()
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'succeeded',
    })
  })
})

describe('a clock that is set back', () => {
  it('keeps nobody from a link for longer than a lease, and makes no wait longer', async () => {
    await using rooms = await openRooms()
    const { link, url } = await newLink(rooms.app)
    const { links } = rooms.app.store
    await links.lease(link.linkId, 'a copy that was killed', rooms.now(), rooms.now() + 23_000)
    rooms.advance(-2 * day)
    await logIn(url.open(), bank)
    await rooms.app.connections.watcher.adopt()
    const waiting = rooms.app.connections.watcher.wait(link.linkId, patience)
    rooms.advance(-hour)
    expect(await waiting).toMatchObject({ state: 'succeeded' })
    const open = await newLink(rooms.app)
    const start = performance.now()
    const timed = rooms.app.connections.watcher.wait(open.link.linkId, 1_000)
    rooms.advance(-hour)
    expect(await timed).toMatchObject({ state: 'open' })
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})

describe('a finished link', () => {
  it('is followed by the first fetch, without anybody asking', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    await expect
      .poll(async () => (await rooms.find(itemId)).lastSyncedAt, { timeout: patience })
      .not.toBeNull()
    expect(rooms.calls('/transactions/get')).toBe(1)
  })

  it('is polled no more', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    const before = rooms.calls('/link/token/get')
    const link = await rooms.app.store.links.latestOf(itemId)
    rooms.app.connections.watcher.watch(link?.linkId ?? '')
    await rooms.app.connections.watcher.adopt()
    await sleep(100)
    expect(rooms.calls('/link/token/get')).toBe(before)
    expect(await rooms.app.store.links.open()).toEqual([])
  })
})

describe('waiting', () => {
  it('ends with its time, or with the signal, and says how the link is', async () => {
    await using rooms = await openRooms()
    const { link } = await newLink(rooms.app)
    const { watcher } = rooms.app.connections
    expect(await watcher.wait(link.linkId, 1)).toMatchObject({ state: 'open' })
    expect(await watcher.wait(link.linkId, 3_600_000, AbortSignal.abort())).toMatchObject({ state: 'open' })
    expect(await watcher.wait('nothing', 3_600_000)).toBeNull()
  })
})
