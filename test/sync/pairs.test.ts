import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { App } from '../../src/app.ts'
import { bank, day, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

let rooms: Rooms
let first: string
let second: string
beforeAll(async () => {
  rooms = await openRooms()
  first = await rooms.connect(bank)
  second = await rooms.connect(otherBank)
  await fetchNow()
})
afterAll(() => rooms[Symbol.asyncDispose]())
// Rows in memory are forgotten after a quarter of an hour, so that each test begins with what is kept.
beforeEach(() => rooms.advance(20 * minute))

async function figures(app: App = rooms.app) {
  const { window } = await app.sync.read({ days: 30, maxAgeMinutes: -1 })
  const [totals] = (await app.sync.snapshot(window)).totals
  if (totals === undefined) throw new Error('no totals')
  return totals
}

function fetchNow(itemId?: string, app: App = rooms.app) {
  return app.sync.read({ days: 30, maxAgeMinutes: 0, ...(itemId === undefined ? {} : { itemId }) })
}

/** Plaid's sign: positive leaves the account. */
function row(itemId: string, amount: number, text: string): void {
  rooms.simulator.controls.addTransaction(itemId, { amount, text })
}

describe('a transfer between two banks', () => {
  it('is left out of income and expenses, once both sides are known', async () => {
    await fetchNow()
    const before = await figures()
    row(first, 1_234.56, 'Online Transfer to Tartan Checking')
    row(second, -1_234.56, 'Online Transfer from First Platypus')
    await fetchNow()
    const after = await figures()
    expect(after.transfers_excluded).toBeCloseTo((before.transfers_excluded ?? 0) + 1_234.56, 2)
    expect(after).toMatchObject({ income: before.income, expenses: before.expenses })
  })

  it('is still left out when one bank breaks and only the other one is fetched anew', async () => {
    await fetchNow()
    const before = await figures()
    rooms.simulator.controls.resetLogin(first)
    rooms.advance(20 * minute)
    await fetchNow(second)
    expect(await figures()).toEqual(before)
  })

  it('pairs with what was kept of a broken bank, when its other side comes later', async () => {
    rooms.simulator.controls.repairItem(first)
    row(first, 777.77, 'Online Transfer to Tartan Checking')
    await fetchNow()
    const alone = await figures()
    rooms.simulator.controls.resetLogin(first)
    rooms.advance(20 * minute)
    row(second, -777.77, 'Online Transfer from First Platypus')
    await fetchNow(second)
    const paired = await figures()
    expect(paired.transfers_excluded).toBeCloseTo((alone.transfers_excluded ?? 0) + 777.77, 2)
    expect(paired.expenses).toBeCloseTo((alone.expenses ?? 0) + 777.77, 2)
    rooms.simulator.controls.repairItem(first)
  })
})

describe('a chain of equal transfers', () => {
  it('is cut the same by the end of a window as it is where all of it is looked at', async () => {
    const ago = (days: number) => new Date(rooms.now() - days * day).toISOString().slice(0, 10)
    const window = { from: ago(20), to: ago(14), days: 7, time_zone: 'UTC' }
    const figuresThen = async () => (await rooms.app.sync.snapshot(window)).totals[0]
    await fetchNow()
    const before = await figuresThen()
    // The nearest two are the second that left and the first that came: the first that left then needs the last one's place.
    for (const [itemId, amount, days] of [
      [first, 431.21, 14],
      [first, 431.21, 11],
      [second, -431.21, 10],
      [second, -431.21, 7],
    ] as const) {
      const text = amount > 0 ? 'Online Transfer to Tartan Checking' : 'Online Transfer from First Platypus'
      rooms.simulator.controls.addTransaction(itemId, { amount, text, date: ago(days) })
    }
    await fetchNow()
    const after = await figuresThen()
    expect(after).toMatchObject({ income: before?.income, expenses: before?.expenses })
    expect(after?.transfers_excluded).toBeCloseTo((before?.transfers_excluded ?? 0) + 431.21, 2)
  })
})

describe('two copies on one data directory', () => {
  it('give the same figures, though only one has fetched', async () => {
    await fetchNow()
    const other = await rooms.open()
    expect(await figures(other)).toEqual(await figures())
  })

  it('never go back to what one remembers, when the other has fetched since', async () => {
    await fetchNow()
    const other = await rooms.open()
    rooms.advance(minute)
    row(first, 99.99, 'Corner Shop')
    await fetchNow(first, other)
    const newest = await figures(other)
    rooms.advance(minute)
    await fetchNow(second)
    expect(await figures()).toEqual(newest)
  })
})
