import { expect, it } from 'vitest'
import { hour, minute, openRooms, type Rooms } from '../support/rooms.ts'
import { mixedBank } from './mixed-bank.ts'

async function figures(rooms: Rooms) {
  const { window } = await rooms.app.sync.read({ days: 30, maxAgeMinutes: -1 })
  return (await rooms.app.sync.snapshot(window)).totals[0]
}

const now = { days: 30, maxAgeMinutes: 0 }

it('transactions that cannot be had now leave the known ones as they are, though investments came', async () => {
  await using rooms = await openRooms()
  await mixedBank(rooms)
  await rooms.app.sync.read(now)
  const before = await figures(rooms)
  expect(before).toMatchObject({ income: 2_000, expenses: -50 })
  rooms.advance(2 * minute)
  rooms.simulator.controls.failNext('/transactions/get', { kind: 'error', code: 'INSTITUTION_DOWN' })
  const reading = await rooms.app.sync.read(now)
  expect(reading).toMatchObject({ complete: false, sources: [{ error: { code: 'BANK_DOWN' } }] })
  expect(await figures(rooms)).toEqual(before)
})

it('transactions that Plaid is still fetching make no zeros, though investments came', async () => {
  await using rooms = await openRooms({ readyAfterMs: hour })
  await mixedBank(rooms)
  rooms.simulator.controls.set({ readyAfterMs: hour })
  await rooms.app.sync.read(now)
  const totals = await figures(rooms)
  expect(totals?.bank_balance).toBe(1_000)
  expect(totals).not.toHaveProperty('income')
})

const investmentRows = '/investments/transactions/get'

/** A bank that was never fetched whole, though this day of its pension is known. */
async function halfKnown(rooms: Rooms) {
  const itemId = await mixedBank(rooms)
  const { window } = await rooms.app.sync.read(now)
  const accounts = await rooms.app.store.accounts.list(itemId)
  const accountId = accounts.find(({ type }) => type === 'investment')?.accountId ?? ''
  const paid = { itemId, accountId, date: window.from, currency: 'USD', kind: 'dividend', sum: 700, count: 1 }
  const { days, moves } = await rooms.app.store.flow.read(window)
  await rooms.app.store.flow.replace(itemId, window, [...days, paid], moves)
  await rooms.app.store.connections.change(itemId, (row) => ({ ...row, lastSyncedAt: null }))
  rooms.advance(20 * minute)
  return { itemId, window, paid }
}

it.each([
  ['INTERNAL_SERVER_ERROR', 'cached', 'PLAID_DOWN'],
  ['PRODUCT_NOT_READY', 'preparing', undefined],
  ['ADDITIONAL_CONSENT_REQUIRED', 'live', undefined],
] as const)('rows of investment accounts that answer %s hide nothing of the bank', async (code, ...is) => {
  await using rooms = await openRooms()
  const { itemId, window, paid } = await halfKnown(rooms)
  rooms.simulator.controls.failNext(investmentRows, { kind: 'error', code }, { times: 3 })
  const { sources, complete } = await rooms.app.sync.read({ ...now, rows: true })
  expect([sources[0]?.source, sources[0]?.error?.code]).toEqual(is)
  expect(complete).toBe(is[0] === 'live')
  expect(await figures(rooms)).toMatchObject({ income: 2_000, expenses: -50 })
  expect((await rooms.app.store.flow.read(window)).days).toContainEqual(paid)
  expect((await rooms.app.sync.judged(window)).isAtHand(itemId)).toBe(true)
})

it('what the person refused is not asked for again, until it is shared', async () => {
  await using rooms = await openRooms()
  const { itemId } = await halfKnown(rooms)
  const code = 'ADDITIONAL_CONSENT_REQUIRED'
  rooms.simulator.controls.failNext(investmentRows, { kind: 'error', code })
  await rooms.app.sync.read(now)
  expect((await rooms.find(itemId)).products).toEqual(['transactions'])
})
