import { expect, it } from 'vitest'
import { bank, day, hour, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

const now = { days: 30, maxAgeMinutes: 0 }

/** As a finished start_reauth with add_products leaves it; the pull after linking is over then. */
async function connectWithDues(rooms: Rooms, institutionId: string): Promise<string> {
  const itemId = await rooms.connect(institutionId)
  await rooms.app.sync.read(now)
  await rooms.app.store.connections.change(itemId, (row) => ({
    ...row,
    products: [...row.products, 'liabilities'],
  }))
  await rooms.app.sync.read(now)
  return itemId
}

it('a bank that is broken for long is named, since its due dates are over and no new one is known', async () => {
  await using rooms = await openRooms()
  const broken = await connectWithDues(rooms, bank)
  const whole = await connectWithDues(rooms, otherBank)
  expect((await rooms.app.sync.upcoming(45)).outdated).toEqual([])
  rooms.simulator.controls.resetLogin(broken)
  // The nearer of the card's and the mortgage's; after thirty days the Sandbox breaks every login.
  rooms.advance(29 * day)
  const found = await rooms.app.sync.upcoming(45)
  expect(found.outdated.map(({ itemId }) => itemId)).toEqual([broken])
  expect(found.untold.map(({ itemId }) => itemId)).toEqual([broken])
  expect(found.due.map(({ account }) => account.itemId)).toContain(whole)
  expect(found.lowest.map(({ account }) => account.itemId)).toContain(broken)
})

it('nothing is told of a login that is being removed', async () => {
  await using rooms = await openRooms()
  const itemId = await connectWithDues(rooms, bank)
  expect((await rooms.app.sync.upcoming(30)).expected.length).toBeGreaterThan(5)
  await rooms.app.store.connections.change(itemId, (row) => ({ ...row, status: 'removing' }))
  const { due, expected, lowest } = await rooms.app.sync.upcoming(30)
  expect([due, expected, lowest]).toEqual([[], [], []])
})

it('a bank of which some months are at hand is told apart from one of which nothing is', async () => {
  await using rooms = await openRooms()
  const itemId = await rooms.connect()
  await rooms.app.sync.read({ days: 180, maxAgeMinutes: 0, rows: true })
  rooms.simulator.controls.resetLogin(itemId)
  const found = await rooms.app.sync.upcoming(30)
  expect(found.expected.length).toBeGreaterThan(0)
  expect(found.untold).toEqual([])
  expect(found.partly).toMatchObject([{ connection: { itemId } }])
})

it('what is due is known to be untold until the bank has answered', async () => {
  await using rooms = await openRooms()
  const fault = { kind: 'error', code: 'PRODUCT_NOT_READY' } as const
  // Whoever asks what is coming has the transactions of a longer time fetched, and what is due with them.
  rooms.simulator.controls.failNext('/liabilities/get', fault, { times: 2 })
  const itemId = await connectWithDues(rooms, bank)
  const { due, dueUntold } = await rooms.app.sync.upcoming(45)
  expect([due, dueUntold.map((row) => row.itemId)]).toEqual([[], [itemId]])
  const unused = await rooms.open({ PLAID_PRODUCTS: 'transactions' })
  expect((await unused.sync.upcoming(45)).dueUntold).toEqual([])
  await rooms.app.sync.read(now)
  const told = await rooms.app.sync.upcoming(45)
  expect([told.due.length, told.dueUntold]).toEqual([2, []])
})

it('a bank that says that it has nothing of the kind has told it', async () => {
  await using rooms = await openRooms()
  const fault = { kind: 'error', code: 'NO_LIABILITY_ACCOUNTS' } as const
  rooms.simulator.controls.failNext('/liabilities/get', fault, { times: 9 })
  await connectWithDues(rooms, bank)
  const { due, dueUntold } = await rooms.app.sync.upcoming(45)
  expect([due, dueUntold]).toEqual([[], []])
})

it('a bank whose past is short is one of which a part is known, and no window is said to be uncovered', async () => {
  await using rooms = await openRooms({ readyAfterMs: hour })
  const itemId = await rooms.connect()
  rooms.advance(1.5 * hour)
  const { partly, untold, reading } = await rooms.app.sync.upcoming(30)
  expect({ partly, untold }).toMatchObject({ partly: [{ connection: { itemId } }], untold: [] })
  expect(reading.shortSpans).toEqual([])
})
