import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { App } from '../../src/app.ts'
import type { WebhookEvent } from '../../src/model.ts'
import {
  bank,
  dataDirectory,
  day,
  logIn,
  minute,
  newLink,
  openRooms,
  otherBank,
  type Rooms,
} from '../support/rooms.ts'

let rooms: Rooms
let first: string
let second: string
beforeAll(async () => {
  rooms = await openRooms({}, { COFFER_CHECK_MINUTES: '30' })
  first = await rooms.connect(bank)
  second = await rooms.connect(otherBank)
  await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
  // Chores that were never done are due at once, and the clean-up asks about every connection.
  await rooms.app.chores.round()
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

  it('several at once: one that does not answer holds up no other', async () => {
    rooms.simulator.controls.failNext('/item/get', { kind: 'hang' }, { itemId: first })
    rooms.simulator.controls.resetLogin(second)
    rooms.advance(31 * minute)
    await lead(rooms.app)
    await expect.poll(async () => (await rooms.find(second)).status, { timeout: 5_000 }).toBe('needs_reauth')
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

  it('and soon again when Plaid was not reached: a laptop that wakes has no network yet', async () => {
    const { lastCheckedAt } = await rooms.find(first)
    rooms.simulator.controls.failNext('/item/get', { kind: 'reset' }, { itemId: first, times: 3 })
    rooms.advance(31 * minute)
    await lead(rooms.app)
    const aLittleLater = async () => {
      rooms.advance(minute / 2)
      return (await rooms.find(first)).lastCheckedAt
    }
    // Ten minutes at most, and not half an hour.
    await expect.poll(aLittleLater, { timeout: 10_000, interval: 500 }).not.toBe(lastCheckedAt)
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

  it.each([
    ['one that is over, since it comes back with the right keys', 'INVALID_ACCESS_TOKEN'],
    ['one that is marked as taken back, since Plaid may know better', 'USER_PERMISSION_REVOKED'],
  ] as const)('once a day %s', async (_what, code) => {
    rooms.simulator.controls.failNext('/item/get', { kind: 'error', code }, { itemId: first })
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

describe('the leader gives webhooks their effect', () => {
  const pending = async () => (await rooms.app.store.inbox.pending(100)).length

  /** In the inbox, as the listener leaves it there. */
  async function arrived(event: WebhookEvent, itemId = first) {
    const at = new Date(rooms.now() + 1_000).toISOString()
    await rooms.app.store.inbox.add([{ itemId, event, sentAt: at, digest: at, receivedAt: at }])
  }

  it('at once while Plaid hangs, and in full after it was killed in the middle', async () => {
    const killed = await rooms.open()
    rooms.simulator.controls.failNext('/item/get', { kind: 'hang' }, { itemId: first })
    rooms.simulator.controls.resetLogin(first)
    await arrived({ type: 'error', plaidCode: 'ITEM_LOGIN_REQUIRED' })
    const stop = await lead(killed)
    await expect.poll(async () => (await rooms.find(first)).status).toBe('needs_reauth')
    await stop()
    expect(await pending()).toBe(1)
    const { lastCheckedAt } = await rooms.find(first)
    await lead(rooms.app)
    await expect.poll(pending).toBe(0)
    const row = await rooms.find(first)
    expect(row.status).toBe('needs_reauth')
    expect(row.lastCheckedAt).not.toBe(lastCheckedAt)
  })

  it('and what Plaid says wins: one that is not so is taken back', async () => {
    await arrived({ type: 'error', plaidCode: 'ITEM_LOGIN_REQUIRED' })
    await lead(rooms.app)
    await expect.poll(pending).toBe(0)
    expect(await rooms.find(first)).toMatchObject({ status: 'active', reason: null })
  })

  it('fetches what has newer data, when that has come to rest', async () => {
    // The clock was set back before the day on which Plaid fetched the first data.
    rooms.advance(3 * day)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0, itemId: second })
    rooms.advance(minute)
    const before = rooms.calls('/transactions/get')
    await arrived({ type: 'data_changed' }, second)
    await lead(rooms.app)
    await expect.poll(pending).toBe(0)
    expect((await rooms.find(second)).dirtySince).not.toBeNull()
    rooms.advance(10 * minute)
    await expect.poll(() => rooms.calls('/transactions/get'), { timeout: 5_000 }).toBe(before + 1)
    await expect.poll(async () => (await rooms.find(second)).dirtySince).toBeNull()
  })

  /** How many there are, done or not. */
  function kept(): unknown {
    const path = join(dataDirectory(rooms.home), 'coffer.db')
    const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 })
    const row = database.prepare('select count(*) as count from inbox').get()
    database.close()
    return row?.count
  }

  it('forgets them a week later', async () => {
    await arrived({ type: 'data_changed' })
    const stop = await lead(rooms.app)
    await expect.poll(pending).toBe(0)
    await stop()
    expect(kept()).toBeGreaterThan(0)
    rooms.advance(8 * day)
    await lead(rooms.app)
    await expect.poll(kept).toBe(0)
  })
})

describe('what the leader says of itself', () => {
  it('is there while it leads, and not after its end', async () => {
    const stop = await lead(rooms.app)
    await expect
      .poll(() => rooms.app.store.leader.read())
      .toMatchObject({ pid: process.pid, port: expect.any(Number), problem: null })
    await stop()
    expect(await rooms.app.store.leader.read()).toBeNull()
  })
})
