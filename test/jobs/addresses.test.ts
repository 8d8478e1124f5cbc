import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAddresses, deliveringOf, wantedAddress } from '../../src/jobs/addresses.ts'
import { silentLog } from '../../src/log.ts'
import { bank, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

const [first, second] = [
  'https://one.example.test/plaid/webhook',
  'https://two.example.test/plaid/webhook',
] as const

let rooms: Rooms
let itemId: string
beforeAll(async () => {
  rooms = await openRooms()
  itemId = await rooms.connect(bank)
})
afterAll(() => rooms[Symbol.asyncDispose]())

/** A leader's rounds over addresses, with nothing remembered of earlier leaders. */
function rounds() {
  const { store, connections, plaid } = rooms.app
  const work = createAddresses({
    store,
    connections,
    updateWebhook: (id, url, signal) => plaid.updateWebhook(id, url, signal),
    environment: 'sandbox',
    now: rooms.now,
    log: silentLog,
  })
  return async (url: string | null) => {
    rooms.advance(minute)
    const before = updates()
    await work(url, new AbortController().signal)
    return updates() - before
  }
}

const updates = () => rooms.calls('/item/webhook/update')
const atPlaid = (id = itemId) => rooms.simulator.controls.items().find((item) => item.itemId === id)?.webhook
const delivery = async (id = itemId) =>
  (await rooms.app.store.deliveries.list()).find((row) => row.itemId === id)

/** Plaid cannot be told for a while; each call fails with its repetitions. */
function refuse(times: number) {
  const fault = { kind: 'error', code: 'INTERNAL_SERVER_ERROR' } as const
  rooms.simulator.controls.failNext('/item/webhook/update', fault, { times })
}

describe('where Plaid sends webhooks', () => {
  it('is left alone when no address is wanted', async () => {
    expect(await rounds()(null)).toBe(0)
  })

  it('is told once for each connection, and again when the address changes', async () => {
    const round = rounds()
    expect([await round(first), await round(first)]).toEqual([1, 0])
    expect(atPlaid()).toBe(first)
    expect(await delivery()).toMatchObject({ url: first, updateError: null })
    expect([await round(second), await round(second)]).toEqual([1, 0])
    expect(atPlaid()).toBe(second)
    expect(await rounds()(second)).toBe(0)
  })

  it('of a connection that was never asked about is looked up first', async () => {
    const other = await rooms.connect(otherBank)
    const before = rooms.calls('/item/get')
    expect(await rounds()(second)).toBe(1)
    expect(atPlaid(other)).toBe(second)
    // A link that was just finished may have been asked about already.
    expect(rooms.calls('/item/get') - before).toBeLessThanOrEqual(1)
  })
})

describe('an address that Plaid does not take', () => {
  it('is shown with the reason, tried again ever more rarely, and done in the end', async () => {
    const round = rounds()
    await round(second)
    // One for each of the two connections: a write is not repeated at once.
    refuse(2)
    await round(first)
    const refused = async () =>
      (await rooms.app.store.deliveries.list()).filter(({ updateError }) => updateError !== null)
    expect(await refused()).toMatchObject([
      { url: second, updateError: 'PLAID_DOWN' },
      { url: second, updateError: 'PLAID_DOWN' },
    ])
    // The banks have nothing to do with it.
    const reasons = (await rooms.app.store.connections.list()).map(({ reason }) => reason)
    expect(reasons).toEqual([null, null])
    await expect.poll(() => round(first), { interval: 1, timeout: 5_000 }).toBeGreaterThan(0)
    rooms.advance(30 * minute)
    await round(first)
    expect(await refused()).toEqual([])
    expect(atPlaid()).toBe(first)
  })

  it('waits 30 s after the first failure, and another address does not', async () => {
    const { store, connections } = rooms.app
    let [now, calls] = [rooms.now(), 0]
    const work = createAddresses({
      store,
      connections,
      updateWebhook: () => {
        calls += 1
        return Promise.reject(new Error('made up'))
      },
      environment: 'sandbox',
      now: () => now,
      log: silentLog,
    })
    const after = async (ms: number, url: string) => {
      now += ms
      calls = 0
      await work(url, new AbortController().signal)
      return calls
    }
    const seconds = [0, 29, 1, 59, 1]
    const made: number[] = []
    for (const wait of seconds) made.push(await after(wait * 1_000, second))
    expect(made).toEqual([2, 0, 2, 0, 2])
    expect(await after(0, 'https://three.example.test/plaid/webhook')).toBe(2)
    expect(await delivery()).toMatchObject({ url: first, updateError: 'INTERNAL' })
    for (let n = 0; n < 12; n += 1) await after(30 * 60_000, second)
    expect([await after(29 * 60_000, second), await after(60_000, second)]).toEqual([0, 2])
    await rounds()(second)
  })
})

describe('connections that are left alone', () => {
  it('are those that are over, and those of the other environment', async () => {
    rooms.simulator.controls.breakItem(itemId, 'ITEM_NOT_SUPPORTED')
    await rooms.app.connections.health.check(itemId)
    expect(await rounds()(first)).toBe(1)
    expect(atPlaid()).toBe(second)
    const { store, connections, plaid } = await rooms.open({ PLAID_ENV: 'production' })
    const work = createAddresses({
      store,
      connections,
      updateWebhook: (id, url, signal) => plaid.updateWebhook(id, url, signal),
      environment: 'production',
      now: rooms.now,
      log: silentLog,
    })
    const before = updates()
    await work(second, new AbortController().signal)
    expect(updates()).toBe(before)
  })
})

describe('how it stands with the wanted address', () => {
  const now = Date.parse('2026-03-02T00:00:00Z')
  const sent = { lastSentCode: 'DEFAULT_UPDATE', lastSentAt: '2026-03-01T12:00:00Z', lastReceivedAt: null }
  const row = { itemId: 'item-1', url: first, updateError: null, ...sent }
  const missed = { code: 'DEFAULT_UPDATE', sentAt: sent.lastSentAt }

  it.each([
    ['not wanted', null, row, { state: 'not_wanted', url: first }],
    ['told', first, { ...row, lastSentCode: null }, { state: 'told', url: first }],
    ['told, and something is missing', first, row, { state: 'missed', url: first, missed }],
    ['still elsewhere, where nothing is missed', second, row, { state: 'to_tell', url: first }],
    ['not known', first, undefined, { state: 'to_tell', url: null }],
    [
      'refused',
      second,
      { ...row, updateError: 'PLAID_DOWN' },
      { state: 'refused', url: first, code: 'PLAID_DOWN' },
    ],
  ] as const)('is %s', (_what, wanted, delivery, standing) => {
    expect(deliveringOf(delivery, wanted, now)).toEqual(standing)
  })
})

describe('the wanted address', () => {
  it.each([
    ['what is set', { demo: false, webhookUrl: first }, 8765, first],
    ['none without a setting', { demo: false, webhookUrl: null }, 8765, null],
    ['our own in the demo', { demo: true, webhookUrl: null }, 4321, 'http://127.0.0.1:4321/plaid/webhook'],
    ['none in a demo that does not listen', { demo: true, webhookUrl: null }, null, null],
  ])('is %s', (_what, config, port, url) => {
    expect(wantedAddress(config, port)).toBe(url)
  })
})
