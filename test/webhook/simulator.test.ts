import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { tamperings } from '../../src/simulator/delivery/parcel.ts'
import { type Listener, startListener } from '../../src/webhook/index.ts'
import { openRooms, type Rooms } from '../support/rooms.ts'

let rooms: Rooms
let listener: Listener
let itemId: string

beforeAll(async () => {
  rooms = await openRooms({ webhookDelivery: true })
  const { store, plaid } = rooms.app
  const of = { forwardSecret: null, trustForwarder: false, webhookUrl: null, now: rooms.now, log: silentLog }
  const deps = { ...of, store, plaid, environment: 'sandbox' as const, onStored: () => undefined }
  listener = await startListener(deps, 0)
  itemId = await rooms.connect()
  await plaid.updateWebhook(itemId, `http://127.0.0.1:${listener.port}/plaid/webhook`)
  await emptied()
})

afterAll(async () => {
  await listener.close()
  await rooms[Symbol.asyncDispose]()
})

describe("the simulator's webhooks", () => {
  it('are believed, with one look-up of each key', async () => {
    const { controls } = rooms.simulator
    const looked = rooms.calls('/webhook_verification_key/get')
    expect(await sent('LOGIN_REPAIRED')).toEqual([200])
    controls.rotateWebhookKey()
    expect(await sent('NEW_ACCOUNTS_AVAILABLE')).toEqual([200])
    expect(await emptied()).toEqual(['login_repaired', 'new_accounts'])
    expect(rooms.calls('/webhook_verification_key/get') - looked).toBeLessThanOrEqual(2)
  })

  it.each(tamperings.map((how) => [how]))('that are spoiled by %s change nothing', async (how) => {
    // So that look-ups of this test do not count against the next one.
    rooms.advance(61_000)
    rooms.simulator.controls.tamperNext(how)
    // Webhooks of the other environment are signed with a key that ours does not know.
    expect(await sent('LOGIN_REPAIRED')).toEqual([401])
    expect(await emptied()).toEqual([])
  })

  it('are told to come again while the keys cannot be had, and then believed', async () => {
    const { controls } = rooms.simulator
    controls.rotateWebhookKey()
    // The call is repeated by itself, and then given up.
    controls.failNext('/webhook_verification_key/get', { kind: 'html', status: 502 }, { times: 3 })
    expect(await sent('LOGIN_REPAIRED')).toEqual([503])
    rooms.advance(20_000)
    expect(await sent('LOGIN_REPAIRED')).toEqual([200])
    expect(await emptied()).toContain('login_repaired')
  })
})

/** The answer to one webhook of an Item; those that come again are left out. */
async function sent(code: string): Promise<(number | null)[]> {
  const { controls } = rooms.simulator
  const before = controls.deliveries().length
  controls.sendWebhook(itemId, { type: 'ITEM', code })
  await controls.webhooksSettled()
  return controls
    .deliveries()
    .slice(before)
    .filter(({ attempt }) => attempt === 1)
    .map(({ status }) => status)
}

/** What came in since, in the order of its coming; the inbox is empty then. */
async function emptied(): Promise<string[]> {
  await rooms.simulator.controls.webhooksSettled()
  const { inbox } = rooms.app.store
  const entries = await inbox.pending(1000)
  await inbox.done(
    entries.map(({ id }) => id),
    new Date(rooms.now()).toISOString(),
  )
  return entries.map(({ event }) => event.type)
}
