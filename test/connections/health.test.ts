import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import type { PlaidErrorCode } from '../../src/simulator/failure.ts'
import { minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

let rooms: Rooms
let itemId: string
beforeAll(async () => {
  rooms = await openRooms()
  itemId = await rooms.connect()
  // Until its data are there a login that works is preparing.
  await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
})
afterAll(() => rooms[Symbol.asyncDispose]())
// Half of what Plaid allows in a minute is soon used up by these tests.
beforeEach(() => rooms.advance(2 * minute))

const check = (id = itemId) => rooms.app.connections.health.check(id)

describe('a check', () => {
  const worlds: [PlaidErrorCode, string][] = [
    ['ITEM_LOGIN_REQUIRED', 'needs_reauth'],
    ['INVALID_CREDENTIALS', 'needs_reauth'],
    ['ITEM_LOCKED', 'bank_issue'],
    ['INSTITUTION_DOWN', 'bank_issue'],
    ['ITEM_NOT_SUPPORTED', 'expired'],
    ['USER_PERMISSION_REVOKED', 'revoked'],
  ]
  it.each(worlds)(
    'of an Item with %s: %s, and a clean one afterwards takes it back',
    async (code, status) => {
      rooms.simulator.controls.breakItem(itemId, code)
      expect((await check()).connection).toMatchObject({ status, reason: code })
      rooms.simulator.controls.repairItem(itemId)
      expect((await check()).connection).toMatchObject({ status: 'active', reason: null })
    },
  )

  it("leaves its time, the bank's name, its products and Plaid's own age of the data", async () => {
    const { connection } = await check()
    expect(connection).toMatchObject({ institution: 'First Platypus Bank', products: ['transactions'] })
    expect(Date.parse(connection.lastCheckedAt ?? '')).toBeLessThanOrEqual(rooms.now())
    expect(Date.parse(connection.dataAsOf ?? '')).toBeLessThanOrEqual(rooms.now())
  })

  it('that Plaid did not answer moves the state by the failure, and leaves no time', async () => {
    const before = (await rooms.find(itemId)).lastCheckedAt
    rooms.simulator.controls.failNext('/item/get', { kind: 'html', status: 500 }, { times: 3, itemId })
    await expect(check()).rejects.toMatchObject({ code: 'PLAID_DOWN' })
    expect(await rooms.find(itemId)).toMatchObject({ status: 'bank_issue', lastCheckedAt: before })
  })

  it('deletes what was fetched only when Plaid itself says that the permission was taken back', async () => {
    const { connections, accounts } = rooms.app.store
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    await connections.change(itemId, (row) => ({ ...row, status: 'revoked' }))
    rooms.simulator.controls.breakItem(itemId, 'INSTITUTION_DOWN')
    await check()
    expect(await accounts.list(itemId)).not.toEqual([])
    rooms.simulator.controls.revoke(itemId)
    await check()
    expect(await accounts.list(itemId)).toEqual([])
    rooms.simulator.controls.repairItem(itemId)
    expect((await check()).connection.status).toBe('active')
  })

  it('that shows an error nobody knows is no clean one', async () => {
    rooms.simulator.controls.breakItem(itemId, 'INSTITUTION_NOT_ENABLED_IN_ENVIRONMENT')
    const { connection } = await check()
    expect(connection).toMatchObject({
      status: 'bank_issue',
      reason: 'INSTITUTION_NOT_ENABLED_IN_ENVIRONMENT',
    })
    rooms.simulator.controls.repairItem(itemId)
    await check()
  })

  it('of a connection that is not there is refused by name', async () => {
    await expect(check('nobody')).rejects.toMatchObject({ code: 'UNKNOWN_CONNECTION' })
  })
})

describe('every other call', () => {
  it('moves the state as well, and fails as it failed', async () => {
    rooms.simulator.controls.resetLogin(itemId)
    const { health } = rooms.app.connections
    await expect(health.attempt(itemId, () => rooms.app.plaid.accounts(itemId))).rejects.toMatchObject({
      code: 'ITEM_LOGIN_REQUIRED',
    })
    expect((await rooms.find(itemId)).status).toBe('needs_reauth')
    rooms.simulator.controls.repairItem(itemId)
    await check()
  })
})

describe('a call that was on its way while the login was mended', () => {
  const late = new CofferError('ITEM_LOGIN_REQUIRED', 'made up', { plaidCode: 'ITEM_LOGIN_REQUIRED' })

  /** Fails with what was true when it began, after a check has said that all is well. */
  const slowCall = (meanwhile = () => {}) =>
    rooms.app.connections.health.attempt(itemId, async () => {
      await check()
      meanwhile()
      throw late
    })

  it('fails, and does not break it again: Plaid is asked who is right', async () => {
    const calls = rooms.calls('/item/get')
    await expect(slowCall()).rejects.toBe(late)
    expect((await rooms.find(itemId)).status).toBe('active')
    expect(rooms.calls('/item/get')).toBe(calls + 2)
  })

  it('is believed where Plaid says the same, and where Plaid cannot be asked', async () => {
    const { failNext, resetLogin } = rooms.simulator.controls
    const outage = () => failNext('/item/get', { kind: 'html', status: 500 }, { times: 3, itemId })
    await expect(slowCall(outage)).rejects.toBe(late)
    expect((await rooms.find(itemId)).status).toBe('needs_reauth')
    rooms.advance(2 * minute)
    await check()
    await expect(slowCall(() => resetLogin(itemId))).rejects.toBe(late)
    expect((await rooms.find(itemId)).status).toBe('needs_reauth')
    rooms.simulator.controls.repairItem(itemId)
    await check()
  })
})

describe('all of them', () => {
  it('are checked though one of them fails', async () => {
    const second = await rooms.connect(otherBank)
    rooms.simulator.controls.resetLogin(second)
    rooms.simulator.controls.failNext('/item/get', { kind: 'error', code: 'ITEM_NOT_FOUND' }, { itemId })
    await rooms.app.connections.checkAll(await rooms.app.store.connections.list())
    expect((await rooms.find(itemId)).status).toBe('expired')
    expect((await rooms.find(second)).status).toBe('needs_reauth')
    rooms.simulator.controls.repairItem(second)
    await rooms.app.connections.checkAll(await rooms.app.store.connections.list())
  })
})

describe('a permission that was taken back', () => {
  it.each(['shows in the answer', 'is the reason for none'])('deletes the data when it %s', async (how) => {
    await using own = await openRooms()
    const revoked = await own.connect()
    await expect.poll(async () => (await own.find(revoked)).lastSyncedAt).not.toBeNull()
    expect(await own.app.store.accounts.list()).not.toEqual([])
    const fault = { kind: 'error', code: 'USER_PERMISSION_REVOKED' } as const
    if (how === 'shows in the answer') own.simulator.controls.revoke(revoked)
    else own.simulator.controls.failNext('/item/get', fault, { itemId: revoked })
    await own.app.connections.health.check(revoked).catch(() => undefined)
    expect((await own.find(revoked)).status).toBe('revoked')
    expect(await own.app.store.accounts.list()).toEqual([])
    own.simulator.controls.repairItem(revoked)
    await own.app.connections.health.check(revoked)
    // It is back, and of what was deleted nothing counts as known.
    const { sources, complete } = await own.app.sync.read({ days: 30, maxAgeMinutes: -1 })
    expect({ source: sources[0]?.source, complete }).toEqual({ source: 'missing', complete: false })
  })
})

describe('a bank that does not answer', () => {
  it('keeps the others from nothing', async () => {
    const [second] = (await rooms.app.store.connections.list()).filter((row) => row.itemId !== itemId)
    const id = second?.itemId ?? ''
    rooms.simulator.controls.resetLogin(id)
    rooms.simulator.controls.failNext('/item/get', { kind: 'hang' }, { itemId })
    const stop = new AbortController()
    const all = rooms.app.connections.checkAll(await rooms.app.store.connections.list(), stop.signal)
    await expect.poll(async () => (await rooms.find(id)).status).toBe('needs_reauth')
    stop.abort()
    await all
    rooms.simulator.controls.repairItem(id)
    await check(id)
  })
})

describe('the one to repair', () => {
  const only = () => rooms.app.connections.theOneToRepair()

  it('is the only broken one; with several or none it has to be named', async () => {
    await expect(only()).rejects.toMatchObject({ code: 'ITEM_ID_NEEDED' })
    // Nobody here has noticed yet: Plaid is asked.
    rooms.simulator.controls.resetLogin(itemId)
    expect((await only()).itemId).toBe(itemId)
    for (const { itemId: id } of rooms.simulator.controls.items()) {
      rooms.simulator.controls.resetLogin(id)
      await check(id)
    }
    await expect(only()).rejects.toMatchObject({
      code: 'ITEM_ID_NEEDED',
      message: expect.stringContaining('2 connections need a new login: First Platypus Bank, Tartan Bank'),
    })
  })
})

describe('a connection of the other environment', () => {
  it('is neither asked about, nor repaired, nor mixed up with ours', async () => {
    const other = await rooms.open({ PLAID_ENV: 'production' })
    const before = rooms.simulator.controls.calls().length
    await other.connections.checkAll(await other.store.connections.list())
    await expect(other.connections.health.check(itemId)).rejects.toMatchObject({
      code: 'WRONG_ENVIRONMENT',
      fix: expect.stringContaining('PLAID_ENV=sandbox'),
    })
    await expect(other.connections.theOneToRepair()).rejects.toMatchObject({ code: 'ITEM_ID_NEEDED' })
    expect(rooms.simulator.controls.calls().length).toBe(before)
  })
})
