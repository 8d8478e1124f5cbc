import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../src/simulator/index.ts'
import { tokenAnalytics } from '../../src/tools/token-analytics.ts'
import { listConnections } from '../../src/tools/list-connections.ts'
import { syncSnapshot } from '../../src/tools/sync-snapshot.ts'
import { invoke } from '../../src/tools/run.ts'
import { silentLog } from '../../src/log.ts'
import { bank, day, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

const path = '/item/remove'

async function remove(rooms: Rooms, itemId: string) {
  return await rooms.app.connections.removal.remove([['asked', [await rooms.find(itemId)]]])
}

function isAliveAtPlaid(rooms: Rooms, itemId: string): boolean {
  return rooms.simulator.controls.items().some((item) => item.itemId === itemId && !item.removed)
}

async function isHere(rooms: Rooms, itemId: string): Promise<boolean> {
  return (await rooms.app.store.connections.find(itemId)) !== null
}

const refusals: readonly [string, Fault][] = [
  ['an error of its own', { kind: 'error', code: 'INTERNAL_SERVER_ERROR' }],
  ['nothing that is Plaid', { kind: 'html', status: 500 }],
  ['that it is crowded', { kind: 'error', code: 'RATE_LIMIT' }],
  ['and breaks off before it took effect', { kind: 'reset' }],
]

describe('a connection that is removed', () => {
  it('ends at Plaid, then goes here, and a receipt says so', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank)
    const other = await rooms.connect(otherBank)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    const { receipts, failures } = await remove(rooms, itemId)
    const [tombstone] = await rooms.app.store.tombstones.list()
    expect(receipts).toEqual([
      {
        itemId,
        institution: 'First Platypus Bank',
        tombstoneId: tombstone?.tombstoneId,
        atPlaid: 'removed',
        removedAt: expect.any(String),
        traces: [],
      },
    ])
    expect(failures.size).toBe(0)
    expect(tombstone).toMatchObject({ environment: 'sandbox', reason: 'asked' })
    expect([isAliveAtPlaid(rooms, itemId), await isHere(rooms, itemId)]).toEqual([false, false])
    expect([isAliveAtPlaid(rooms, other), await isHere(rooms, other)]).toEqual([true, true])
    expect(rooms.calls(path)).toBe(1)
  })

  it.each(refusals)(
    'stays while Plaid answers %s, its token kept, and is asked once',
    async (_what, fault) => {
      await using rooms = await openRooms()
      const itemId = await rooms.connect()
      rooms.simulator.controls.failNext(path, fault)
      const { receipts, failures } = await remove(rooms, itemId)
      expect([receipts, [...failures.keys()]]).toEqual([[], [itemId]])
      // Repeated at once it would have worked: a fault spoils one call.
      expect(await rooms.find(itemId)).toMatchObject({ status: 'removing', removalCause: 'asked' })
      expect(await rooms.app.store.connections.sealedToken(itemId)).not.toBeNull()
      expect(await rooms.app.store.tombstones.count()).toBe(0)
      expect(isAliveAtPlaid(rooms, itemId)).toBe(true)
      // Whoever asks again tries at once.
      expect((await remove(rooms, itemId)).receipts).toMatchObject([{ itemId, atPlaid: 'removed' }])
      expect(await isHere(rooms, itemId)).toBe(false)
    },
  )

  it('whose answer was lost after it took effect is gone with the next try', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    rooms.simulator.controls.failNext(path, { kind: 'reset', after: true })
    expect((await remove(rooms, itemId)).receipts).toEqual([])
    expect([isAliveAtPlaid(rooms, itemId), await isHere(rooms, itemId)]).toEqual([false, true])
    expect((await remove(rooms, itemId)).receipts).toMatchObject([{ itemId, atPlaid: 'gone' }])
    expect(await isHere(rooms, itemId)).toBe(false)
  })

  it.each(['ITEM_NOT_FOUND', 'INVALID_ACCESS_TOKEN'] as const)('is gone when Plaid says %s', async (code) => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    rooms.simulator.controls.failNext(path, { kind: 'error', code })
    expect((await remove(rooms, itemId)).receipts).toMatchObject([{ itemId, atPlaid: 'gone', traces: [] }])
    expect(await isHere(rooms, itemId)).toBe(false)
  })

  it.each(['ITEM_LOGIN_REQUIRED', 'USER_PERMISSION_REVOKED'] as const)(
    'is removed although it is in %s',
    async (code) => {
      await using rooms = await openRooms()
      const itemId = await rooms.connect()
      rooms.simulator.controls.breakItem(itemId, code)
      await rooms.app.connections.health.check(itemId)
      expect((await remove(rooms, itemId)).receipts).toMatchObject([{ itemId, atPlaid: 'removed' }])
    },
  )

  it('counts nowhere any more, in another copy too, but in the number of revoked tokens', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank)
    await rooms.connect(otherBank)
    const other = await rooms.open()
    const core = async () => other
    const call = { core, log: silentLog, signal: new AbortController().signal, progress: () => undefined }
    const before = await invoke(syncSnapshot, {}, call)
    await remove(rooms, itemId)
    const listed = await invoke(listConnections, {}, call)
    expect(listed.connections.map((row) => row.institution)).toEqual(['Tartan Bank'])
    const snapshot = await invoke(syncSnapshot, {}, call)
    expect(snapshot.connections.map(({ institution }) => institution)).toEqual(['Tartan Bank'])
    expect(snapshot.totals[0]?.bank_balance).not.toBe(before.totals[0]?.bank_balance)
    const { analytics } = await invoke(tokenAnalytics, {}, call)
    expect(analytics).toMatchObject({ total_tokens: 2, active_tokens: 1, revoked_tokens: 1 })
    expect(analytics.institutions).toEqual({ 'Tartan Bank': 1 })
  })

  it('is asked about and fetched no more while Plaid has not confirmed it', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    rooms.simulator.controls.failNext(path, { kind: 'html', status: 502 })
    await remove(rooms, itemId)
    const before = rooms.simulator.controls.calls().length
    rooms.advance(2 * 60 * minute)
    await rooms.app.connections.checkAll(await rooms.app.store.connections.list())
    const { sources } = await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    expect(sources).toMatchObject([{ connection: { itemId, status: 'removing' }, source: 'missing' }])
    expect(rooms.simulator.controls.calls().length).toBe(before)
  })
})

describe('a removal that Plaid has not confirmed', () => {
  it('is tried again by the leader once a day, until it does', async () => {
    await using rooms = await openRooms()
    const { removal } = rooms.app.connections
    const itemId = await rooms.connect()
    rooms.simulator.controls.failNext(path, { kind: 'error', code: 'INTERNAL_SERVER_ERROR' }, { times: 2 })
    await remove(rooms, itemId)
    await removal.retry()
    expect(rooms.calls(path)).toBe(1)
    rooms.advance(day)
    await removal.retry()
    await removal.retry()
    expect(rooms.calls(path)).toBe(2)
    rooms.advance(day)
    await removal.retry()
    expect(await isHere(rooms, itemId)).toBe(false)
    expect(await rooms.app.store.tombstones.list()).toMatchObject([{ reason: 'asked' }])
  })

  it('is begun anew soon when whoever began it has ended', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    const at = new Date(rooms.now()).toISOString()
    await rooms.app.store.connections.beginRemoval(itemId, 'stale', at)
    await rooms.app.connections.removal.retry()
    expect(rooms.calls(path)).toBe(0)
    rooms.advance(3 * minute)
    await rooms.app.connections.removal.retry()
    expect(await isHere(rooms, itemId)).toBe(false)
    expect(await rooms.app.store.tombstones.list()).toMatchObject([{ reason: 'stale' }])
  })

  it('whose traces nobody has wiped is wiped by the leader', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    const { store, connections } = rooms.app
    const at = new Date(rooms.now()).toISOString()
    await store.connections.beginRemoval(itemId, 'asked', at)
    const stone = { tombstoneId: 't', environment: 'sandbox', connectedAt: at, removedAt: at } as const
    await store.connections.erase(itemId, { ...stone, reason: 'asked' })
    expect(await store.scrubbing.filesWith([itemId])).not.toEqual([])
    await connections.removal.retry()
    expect(await store.scrubbing.filesWith([itemId])).toEqual([])
    expect(await store.scrubbing.isOwed()).toBe(false)
  })

  it('of another environment is never called', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    const at = new Date(rooms.now()).toISOString()
    await rooms.app.store.connections.beginRemoval(itemId, 'asked', at)
    await rooms.app.store.connections.change(itemId, (row) => ({ ...row, environment: 'production' }))
    rooms.advance(day)
    await rooms.app.connections.removal.retry()
    expect([rooms.calls(path), await isHere(rooms, itemId)]).toEqual([0, true])
  })
})

describe('the receipt', () => {
  it('warns of a file that still holds something of it', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    const home = dirname(rooms.app.store.about.path)
    mkdirSync(join(home, 'backups'))
    writeFileSync(join(home, 'backups', 'old.db'), `… ${itemId} …`)
    const { receipts } = await remove(rooms, itemId)
    expect(receipts).toMatchObject([{ traces: [join('backups', 'old.db')] }])
  })

  it("does not take another login's bank for a trace of this one", async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    const other = await rooms.connect(otherBank)
    await rooms.app.store.connections.change(other, (row) => ({ ...row, label: 'First Platypus Bank too' }))
    expect((await remove(rooms, itemId)).receipts).toMatchObject([{ traces: [] }])
  })
})
