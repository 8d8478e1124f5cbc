import { describe, expect, it } from 'vitest'
import { createCleanup } from '../../src/jobs/cleanup.ts'
import type { Log } from '../../src/log.ts'
import { silentLog } from '../../src/log.ts'
import type { ToolContext } from '../../src/tools/context.ts'
import { cleanupTokens } from '../../src/tools/cleanup-tokens.ts'
import { invoke } from '../../src/tools/run.ts'
import { bank, brokerage, day, openRooms, otherBank, type Rooms } from '../support/rooms.ts'
import { until } from '../support/until.ts'

type Ask = ToolContext['elicitYes']
const yes: Ask = async () => true

async function clean(rooms: Rooms, args: object, elicitYes: Ask = null) {
  const signal = new AbortController().signal
  const call = { core: async () => rooms.app, log: silentLog, signal, progress: () => undefined }
  return await invoke(cleanupTokens, args, { ...call, elicitYes })
}

const ids = (rows: readonly { item_id: string }[]) => rows.map((row) => row.item_id).toSorted()

/** One that works, one that needs a login, one that is dead at Plaid, one that was taken back, one unused for long. */
async function household() {
  const rooms = await openRooms({ rotAfterDays: 10_000 })
  const { store } = rooms.app
  const [stale, dead, revoked] = [
    await rooms.connect(bank),
    await rooms.connect(otherBank),
    await rooms.connect('ins_109510'),
  ]
  rooms.advance(100 * day)
  const login = await rooms.connect('ins_109509')
  const fine = await rooms.connect(brokerage, { kind: 'brokerage' })
  await store.connections.change(dead, (row) => ({ ...row, lastUsedAt: new Date(rooms.now()).toISOString() }))
  // The first fetch of each goes on behind.
  await until(async () => (await store.connections.list()).every((row) => row.lastSyncedAt !== null))
  rooms.simulator.controls.resetLogin(login)
  rooms.simulator.controls.breakItem(dead, 'ITEM_NOT_FOUND')
  rooms.simulator.controls.revoke(revoked)
  return {
    rooms,
    stale,
    dead,
    revoked,
    login,
    fine,
    [Symbol.asyncDispose]: () => rooms[Symbol.asyncDispose](),
  }
}

const expected = {
  total_checked: 5,
  expired_removed: 1,
  stale_removed: 1,
  invalid_marked: 1,
  revoked_removed: 1,
  total_cleaned: 3,
}

describe('a clean-up', () => {
  it('tells in a dry run what it then does, and the dry run writes nothing', async () => {
    await using house = await household()
    const { rooms, stale, dead, revoked, login, fine } = house
    const before = await rooms.app.store.connections.list()
    const dry = await clean(rooms, {})
    expect(dry.statistics).toEqual(expected)
    expect(dry.connections.map((row) => [row.item_id, row.reason, row.action])).toEqual([
      [stale, 'stale', 'remove'],
      [dead, 'expired', 'remove'],
      [revoked, 'revoked', 'remove'],
    ])
    expect(await rooms.app.store.connections.list()).toEqual(before)
    expect(rooms.calls('/item/remove')).toBe(0)
    const real = await clean(rooms, { dry_run: false }, yes)
    expect(real.statistics).toEqual(dry.statistics)
    expect(ids(real.connections)).toEqual(ids(dry.connections))
    expect(real.connections.every(({ action }) => action === 'removed')).toBe(true)
    const left = await rooms.app.store.connections.list()
    expect(left.map((row) => [row.itemId, row.status])).toEqual([
      [login, 'needs_reauth'],
      [fine, expect.stringMatching(/active|preparing/)],
    ])
    const stones = await rooms.app.store.tombstones.list()
    expect(stones.map(({ reason }) => reason).toSorted()).toEqual(['expired', 'revoked', 'stale'])
  })

  it('marks what is dead, and removes nothing, when a person says no or is not asked', async () => {
    await using house = await household()
    const { rooms, dead } = house
    await expect(clean(rooms, { dry_run: false }, async () => false)).rejects.toMatchObject({
      code: 'NOT_CONFIRMED',
    })
    expect(await rooms.find(dead)).toMatchObject({ status: 'expired' })
    const pending = await clean(rooms, { dry_run: false, days_threshold: 30 })
    expect(pending).toMatchObject({ pending: 'confirmation', statistics: { total_cleaned: 3 } })
    expect(pending.next_step?.text).toMatch(
      /to confirm it within five minutes: http:\/\/127\.0\.0\.1:\d+\/confirm\//,
    )
    expect(await rooms.app.store.connections.list()).toHaveLength(5)
    expect(rooms.calls('/item/remove')).toBe(0)
  })

  it('asks once, naming the banks and why, and not at all when nothing is to be removed', async () => {
    await using house = await household()
    const { rooms } = house
    const questions: string[] = []
    const ask: Ask = async (question) => questions.push(question) > 0
    await clean(rooms, { dry_run: false }, ask)
    expect(questions).toHaveLength(1)
    expect(questions[0]).toContain(
      'Remove 3 connections (stale: First Platypus Bank; expired: Tartan Bank; revoked:',
    )
    expect((await clean(rooms, { dry_run: false }, ask)).statistics.total_cleaned).toBe(0)
    expect(questions).toHaveLength(1)
  })

  it('never calls, counts or removes one of another environment, nor one that is being removed', async () => {
    await using rooms = await openRooms({ rotAfterDays: 10_000 })
    const { connections } = rooms.app.store
    const [foreign, removing] = [await rooms.connect(bank), await rooms.connect(otherBank)]
    await connections.change(foreign, (row) => ({ ...row, environment: 'production', status: 'expired' }))
    await connections.beginRemoval(removing, 'asked', new Date(rooms.now()).toISOString())
    const before = rooms.simulator.controls.calls().length
    rooms.advance(200 * day)
    const result = await clean(rooms, { dry_run: false }, yes)
    expect(result).toMatchObject({ statistics: { total_checked: 0, total_cleaned: 0 }, connections: [] })
    expect(rooms.simulator.controls.calls().length).toBe(before)
  })

  it('counts what Plaid has not confirmed as not removed yet', async () => {
    await using house = await household()
    const { rooms, stale } = house
    rooms.simulator.controls.failNext('/item/remove', { kind: 'html', status: 502 }, { itemId: stale })
    const { statistics, connections, next_step: step } = await clean(rooms, { dry_run: false }, yes)
    expect(statistics).toMatchObject({ stale_removed: 0, total_cleaned: 2 })
    expect(connections.find((row) => row.item_id === stale)).toMatchObject({ action: 'removing' })
    expect(step?.text).toContain(
      'Plaid has not confirmed the removal of First Platypus Bank yet (PLAID_DOWN)',
    )
  })

  it('counts only those checks that Plaid answered', async () => {
    await using house = await household()
    const { rooms, fine } = house
    rooms.simulator.controls.failNext('/item/get', { kind: 'html', status: 502 }, { itemId: fine, times: 9 })
    expect((await clean(rooms, {})).statistics).toEqual({ ...expected, total_checked: 4 })
  })

  it('says that the keys may be strange when Plaid knows no token at all', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    rooms.simulator.controls.failNext(
      '/item/get',
      { kind: 'error', code: 'INVALID_ACCESS_TOKEN' },
      { itemId, times: 9 },
    )
    const { next_step: step, statistics } = await clean(rooms, {})
    expect(statistics).toMatchObject({ invalid_marked: 1, expired_removed: 1 })
    expect(step?.text).toContain('if your Plaid keys have changed')
  })
})

describe('the daily clean-up', () => {
  function chore(rooms: Rooms, cleanup: 'report' | 'remove') {
    const logged: unknown[] = []
    const log: Log = { ...silentLog, info: (event, about) => void logged.push([event, about]) }
    const work = createCleanup({ connections: rooms.app.connections, cleanup, staleDays: 90, log })
    return { work, logged }
  }

  it('checks, marks and reports, and removes nothing', async () => {
    await using house = await household()
    const { rooms, dead } = house
    const { work, logged } = chore(rooms, 'report')
    await work()
    expect(rooms.calls('/item/remove')).toBe(0)
    expect(await rooms.find(dead)).toMatchObject({ status: 'expired' })
    const counts = { total_checked: 5, invalid_marked: 1, total_cleaned: 0, found: 3 }
    expect(logged).toEqual([['cleanup.done', expect.objectContaining(counts)]])
  })

  it('removes where the owner has said so', async () => {
    await using house = await household()
    const { rooms, login, fine } = house
    const { work, logged } = chore(rooms, 'remove')
    await work()
    expect((await rooms.app.store.connections.list()).map(({ itemId }) => itemId)).toEqual([login, fine])
    expect(logged).toEqual([['cleanup.done', expect.objectContaining(expected)]])
  })

  it('leaves alone what it could not ask Plaid about', async () => {
    await using house = await household()
    const { rooms, stale } = house
    rooms.simulator.controls.failNext('/item/get', { kind: 'html', status: 502 }, { itemId: stale, times: 9 })
    await chore(rooms, 'remove').work()
    expect(await rooms.find(stale)).not.toMatchObject({ status: 'removing' })
    expect(await rooms.app.store.tombstones.count()).toBe(2)
  })

  it('removes nothing when it seems that only the keys are strange', async () => {
    await using rooms = await openRooms()
    const both = [await rooms.connect(bank), await rooms.connect(otherBank)]
    const fault = { kind: 'error', code: 'INVALID_ACCESS_TOKEN' } as const
    rooms.simulator.controls.failNext('/item/get', fault, { times: 9 })
    await chore(rooms, 'remove').work()
    expect(rooms.calls('/item/remove')).toBe(0)
    const left = await rooms.app.store.connections.list()
    expect(left.map(({ itemId, status }) => [itemId, status])).toEqual(
      both.map((itemId) => [itemId, 'expired']),
    )
  })
})
