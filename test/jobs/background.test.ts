import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { App } from '../../src/app.ts'
import { bank, day, logIn, minute, newLink, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

let rooms: Rooms
let first: string
let second: string
beforeAll(async () => {
  rooms = await openRooms({}, { COFFER_CHECK_MINUTES: '30' })
  first = await rooms.connect(bank)
  second = await rooms.connect(otherBank)
  await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
})
afterAll(() => rooms[Symbol.asyncDispose]())

/** All are checked now; the next checks are due in half an hour. */
beforeEach(async () => {
  rooms.advance(2 * minute)
  for (const id of [first, second]) {
    rooms.simulator.controls.repairItem(id)
    await rooms.app.connections.health.check(id)
  }
})

/** Leads until the test has ended. */
async function lead(app: App): Promise<() => Promise<void>> {
  const end = new AbortController()
  const done = app.lead(end.signal)
  const stop = async () => {
    end.abort()
    await done
  }
  onTestFinished(stop)
  // The first round is over once its look at the links is.
  await sleep(200)
  return stop
}

const checks = () => rooms.calls('/item/get')

describe('the leader checks each connection', () => {
  it('when its last check is as old as COFFER_CHECK_MINUTES says, and no sooner', async () => {
    rooms.advance(29 * minute)
    const before = checks()
    const stop = await lead(rooms.app)
    expect(checks()).toBe(before)
    await stop()
    rooms.advance(minute)
    await lead(rooms.app)
    await expect.poll(checks).toBe(before + 2)
  })

  it('so that a broken login is known before anybody asks, and one bank does not hide the other', async () => {
    rooms.simulator.controls.failNext(
      '/item/get',
      { kind: 'error', code: 'INTERNAL_SERVER_ERROR' },
      { itemId: first, times: 3 },
    )
    rooms.simulator.controls.resetLogin(second)
    rooms.advance(31 * minute)
    await lead(rooms.app)
    await expect.poll(async () => (await rooms.find(second)).status, { timeout: 10_000 }).toBe('needs_reauth')
  })

  it('and after a failed one waits its turn', async () => {
    rooms.simulator.controls.failNext('/item/get', { kind: 'error', code: 'ITEM_LOCKED' }, { itemId: first })
    rooms.advance(31 * minute)
    const before = checks()
    await lead(rooms.app)
    await expect.poll(checks).toBe(before + 2)
    await sleep(2_300)
    expect(checks()).toBe(before + 2)
  })

  it('but none that is over, and none of the other environment', async () => {
    rooms.simulator.controls.breakItem(first, 'ITEM_NOT_SUPPORTED')
    await rooms.app.connections.health.check(first)
    const other = await rooms.open({ PLAID_ENV: 'production' })
    rooms.advance(31 * minute)
    const before = checks()
    await lead(other)
    expect(checks()).toBe(before)
    await lead(rooms.app)
    await expect.poll(checks).toBe(before + 1)
  })

  it('one that is over once a day, since it comes back with the right keys', async () => {
    rooms.simulator.controls.failNext(
      '/item/get',
      { kind: 'error', code: 'INVALID_ACCESS_TOKEN' },
      { itemId: first },
    )
    await expect(rooms.app.connections.health.check(first)).rejects.toMatchObject({
      code: 'CONNECTION_ENDED',
    })
    rooms.advance(day)
    await lead(rooms.app)
    await expect.poll(async () => (await rooms.find(first)).status).toBe('active')
  })

  it('also after the clock was set back', async () => {
    const before = checks()
    rooms.advance(-2 * day)
    await lead(rooms.app)
    await expect.poll(checks).toBe(before + 2)
    await sleep(2_300)
    expect(checks()).toBe(before + 2)
  })
})

describe('the leader finishes links', () => {
  it('while slow banks are being checked', async () => {
    const slow = { kind: 'slow', ms: 4_000 } as const
    rooms.simulator.controls.failNext('/item/get', slow, { itemId: first })
    rooms.simulator.controls.failNext('/item/get', slow, { itemId: second })
    rooms.advance(31 * minute)
    const { lastCheckedAt } = await rooms.find(second)
    await lead(rooms.app)
    const { link, url } = await newLink(rooms.app)
    await logIn(url.open(), 'ins_109510')
    await expect
      .poll(() => rooms.app.store.links.find(link.linkId), { timeout: 10_000 })
      .toMatchObject({ state: 'succeeded' })
    // The second bank waits for the first; the link did not.
    expect(await rooms.find(second)).toMatchObject({ lastCheckedAt })
  })

  it('whose maker has ended', async () => {
    const maker = await rooms.open()
    const { link, url } = await newLink(maker)
    await logIn(url.open(), 'ins_109509')
    expect(await rooms.app.store.links.find(link.linkId)).toMatchObject({ state: 'open', leaseOwner: null })
    await lead(rooms.app)
    await expect
      .poll(() => rooms.app.store.links.find(link.linkId), { timeout: 10_000 })
      .toMatchObject({ state: 'succeeded' })
  })
})
