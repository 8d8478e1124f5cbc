import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { missedWebhook } from '../../src/connections/index.ts'
import type { WebhookDelivery } from '../../src/model.ts'
import { day, minute, openRooms, type Rooms } from '../support/rooms.ts'

const url = 'http://127.0.0.1:9/plaid/webhook'
const at = Date.parse('2026-11-02T10:00:00.000Z')
const after = (ms: number) => new Date(at + ms).toISOString()
const sent: WebhookDelivery = {
  itemId: 'item-1',
  url,
  updateError: null,
  lastSentCode: 'PENDING_DISCONNECT',
  lastSentAt: after(0),
  lastReceivedAt: null,
}

describe('a webhook that Plaid sent', () => {
  const later = at + 10 * minute
  it.each<[string, Partial<WebhookDelivery>, number, boolean]>([
    ['is missed when nothing ever arrived', {}, later, true],
    [
      'is missed when the last that arrived was sent long before',
      { lastReceivedAt: after(-2 * minute) },
      later,
      true,
    ],
    ['is not when it arrived', { lastReceivedAt: after(0) }, later, false],
    ['is not when one of the same minute arrived', { lastReceivedAt: after(-minute) }, later, false],
    ['is not while it may be on its way', {}, at + minute, false],
    ['is not when it went elsewhere', { url: 'https://example.com/old' }, later, false],
    ['is not when it went nowhere', { url: null }, later, false],
    ['is not when there was none', { lastSentCode: null, lastSentAt: null }, later, false],
  ])('%s', (_case, changes, now, isMissed) => {
    const missed = { code: 'PENDING_DISCONNECT', sentAt: after(0) }
    expect(missedWebhook({ ...sent, ...changes }, url, now)).toEqual(isMissed ? missed : null)
  })

  it('cannot be missed where nobody listens', () => {
    expect(missedWebhook({ ...sent, url: null }, null, later)).toBeNull()
  })
})

describe('a check', () => {
  let rooms: Rooms
  let itemId: string
  beforeAll(async () => {
    rooms = await openRooms()
    itemId = await rooms.connect()
    await rooms.app.plaid.updateWebhook(itemId, url)
  })
  afterAll(() => rooms[Symbol.asyncDispose]())
  beforeEach(() => rooms.advance(3 * minute))

  const check = async () => (await rooms.app.connections.health.check(itemId)).connection
  const delivery = async () => (await rooms.app.store.deliveries.list())[0]
  const repaired = { type: 'repaired', consentExpirationTime: null, finishedAt: null } as const

  it('notes where webhooks are sent, and which was the last', async () => {
    await check()
    expect(await delivery()).toMatchObject({
      url,
      lastSentCode: 'WEBHOOK_UPDATE_ACKNOWLEDGED',
      lastReceivedAt: null,
    })
  })

  it('writes no more of it when nothing changed', async () => {
    const before = await delivery()
    const { deliveries } = rooms.app.store
    await deliveries.change(itemId, (row) => row)
    await check()
    expect(await delivery()).toEqual(before)
  })

  it('takes an announced disconnect that did not arrive as heard, once', async () => {
    rooms.simulator.controls.setPendingDisconnect(itemId, 7)
    const sentAt = rooms.now()
    expect((await check()).status).toBe('active')
    rooms.advance(3 * minute)
    const warned = await check()
    expect(warned).toMatchObject({ status: 'expiring', reason: 'PENDING_DISCONNECT' })
    expect(Math.abs(Date.parse(warned.deadline ?? '') - sentAt - 7 * day)).toBeLessThan(minute)

    await rooms.app.connections.health.apply(itemId, { type: 'login_repaired', sentAt: iso(rooms.now()) })
    expect((await check()).status).toBe('active')
  })

  it('leaves one alone that a repair has answered', async () => {
    rooms.simulator.controls.setPendingDisconnect(itemId, 7)
    rooms.advance(3 * minute)
    await rooms.app.connections.health.apply(itemId, repaired)
    expect(await check()).toMatchObject({ status: 'active', deadline: null })
  })

  it('leaves one alone that the Item has survived', async () => {
    rooms.simulator.controls.setPendingDisconnect(itemId, 20)
    rooms.advance(9 * day)
    expect(await check()).toMatchObject({ status: 'active', deadline: null })
  })

  it('hears of new accounts, until a repair has shared them', async () => {
    rooms.simulator.controls.addAccount(itemId)
    rooms.advance(3 * minute)
    expect(await check()).toMatchObject({ newAccounts: true })
    await rooms.app.connections.health.apply(itemId, repaired)
    expect(await check()).toMatchObject({ newAccounts: false })
  })

  it('leaves alone what arrived', async () => {
    rooms.simulator.controls.addAccount(itemId)
    await rooms.app.connections.hear({ itemId, event: { type: 'data_changed' }, sentAt: iso(rooms.now()) })
    rooms.advance(3 * minute)
    expect(await check()).toMatchObject({ newAccounts: false })
  })

  function iso(ms: number): string {
    return new Date(ms).toISOString()
  }
})
