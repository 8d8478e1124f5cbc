import { expect, it } from 'vitest'
import { bank, brokerage, hour, openRooms, type Rooms } from '../support/rooms.ts'

const now = { days: 30, maxAgeMinutes: 0 }

/** As a finished start_reauth with add_products leaves it; the pull after linking is over then. */
async function share(rooms: Rooms, itemId: string): Promise<void> {
  await rooms.app.sync.read(now)
  await rooms.app.store.connections.change(itemId, (row) => ({
    ...row,
    products: [...row.products, 'liabilities'],
  }))
}

it('what is due on cards and loans comes with the rest, and stays when the bank breaks', async () => {
  await using rooms = await openRooms()
  const itemId = await rooms.connect(bank)
  await share(rooms, itemId)
  await rooms.app.sync.read(now)
  const known = await rooms.app.store.liabilities.list(itemId)
  expect(known.toSorted((a, b) => a.kind.localeCompare(b.kind))).toMatchObject([
    { kind: 'credit', apr: '21.24', isOverdue: false, currency: 'USD' },
    { kind: 'mortgage', apr: '3.125', minimumPayment: 203_783, isOverdue: false },
  ])
  rooms.simulator.controls.resetLogin(itemId)
  rooms.advance(2 * hour)
  await rooms.app.sync.read(now)
  expect(await rooms.app.store.liabilities.list(itemId)).toEqual(known)
})

it('a bank that was only asked to agree is not asked for them: that would start a subscription', async () => {
  await using rooms = await openRooms()
  const itemId = await rooms.connect(bank)
  await rooms.app.sync.read(now)
  const { products, consentedProducts } = await rooms.find(itemId)
  expect(products).not.toContain('liabilities')
  expect(consentedProducts).toContain('liabilities')
  expect(rooms.calls('/liabilities/get')).toBe(0)
})

it('nor is one without a card or loan, or where the owner leaves the product out', async () => {
  await using rooms = await openRooms()
  const itemId = await rooms.connect(brokerage, { kind: 'brokerage' })
  await share(rooms, itemId)
  await rooms.app.sync.read(now)
  const without = await rooms.open({ PLAID_PRODUCTS: 'transactions,investments' })
  await share(rooms, await rooms.connect(bank))
  await without.sync.read(now)
  expect(rooms.calls('/liabilities/get')).toBe(0)
})

it('the rest of a bank that refuses them is there all the same', async () => {
  await using rooms = await openRooms()
  const itemId = await rooms.connect(bank)
  await share(rooms, itemId)
  rooms.simulator.controls.failNext('/liabilities/get', { kind: 'error', code: 'NO_LIABILITY_ACCOUNTS' })
  expect(await rooms.app.sync.read(now)).toMatchObject({ complete: true, sources: [{ source: 'live' }] })
  rooms.advance(hour)
  rooms.simulator.controls.failNext('/liabilities/get', { kind: 'error', code: 'INSTITUTION_DOWN' })
  expect(await rooms.app.sync.read(now)).toMatchObject({
    complete: false,
    sources: [{ error: { code: 'BANK_DOWN' } }],
  })
  expect((await rooms.app.store.accounts.list(itemId)).length).toBeGreaterThan(0)
})

it('are asked for no more than they may be in a minute, and nothing else waits for them', async () => {
  await using rooms = await openRooms()
  const itemId = await rooms.connect(bank)
  await share(rooms, itemId)
  for (let n = 0; n < 7; n++) {
    const reading = await rooms.app.sync.read(now)
    expect(reading).toMatchObject({ complete: true, sources: [{ source: 'live' }] })
  }
  expect(rooms.calls('/liabilities/get')).toBe(5)
  expect(await rooms.app.store.liabilities.list(itemId)).toHaveLength(2)
})

it.each([
  ['PRODUCT_NOT_READY', { complete: true, sources: [{ source: 'live', error: null }] }],
  ['INTERNAL_SERVER_ERROR', { complete: false, sources: [{ error: { code: 'PLAID_DOWN' } }] }],
] as const)('a bank is as well as before when they answer %s', async (code, expected) => {
  await using rooms = await openRooms()
  const itemId = await rooms.connect(bank)
  await share(rooms, itemId)
  rooms.simulator.controls.failNext('/liabilities/get', { kind: 'error', code }, { times: 3 })
  expect(await rooms.app.sync.read(now)).toMatchObject(expected)
  expect((await rooms.find(itemId)).status).toBe('active')
})

it('a login that they find broken is', async () => {
  await using rooms = await openRooms()
  const itemId = await rooms.connect(bank)
  await share(rooms, itemId)
  const code = 'ITEM_LOGIN_REQUIRED'
  rooms.simulator.controls.failNext('/liabilities/get', { kind: 'error', code })
  await rooms.app.sync.read(now)
  expect((await rooms.find(itemId)).status).toBe('needs_reauth')
})
