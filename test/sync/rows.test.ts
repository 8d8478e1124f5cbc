import { describe, expect, it } from 'vitest'
import { bank, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

const question = { days: 30, maxAgeMinutes: 60, rows: true }

/** The rows of the span, and how many of them still have their transaction. */
async function rowsOf({ sync }: Rooms['app']) {
  const { window } = await sync.read(question)
  const { verdicts, isAtHand } = await sync.judged(window)
  const rows = [...verdicts.keys()].filter(({ date }) => date >= window.from)
  return { rows, whole: rows.filter(({ transaction }) => transaction !== null).length, isAtHand }
}

describe('rows that are asked for', () => {
  it('come with their transactions, from Plaid once in a quarter of an hour', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank)
    const first = await rowsOf(rooms.app)
    expect(first.whole).toBeGreaterThan(20)
    expect(first.isAtHand(itemId)).toBe(true)
    const calls = rooms.calls('/transactions/get')
    rooms.advance(14 * minute)
    expect((await rowsOf(rooms.app)).whole).toBe(first.whole)
    expect(rooms.calls('/transactions/get')).toBe(calls)
    rooms.advance(2 * minute)
    expect((await rowsOf(rooms.app)).whole).toBe(first.whole)
    expect(rooms.calls('/transactions/get')).toBeGreaterThan(calls)
  })

  it('are fetched by a copy that has not seen them yet', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    const { whole } = await rowsOf(rooms.app)
    expect((await rowsOf(await rooms.open())).whole).toBe(whole)
  })

  it('of a bank that broke are sums without text, beside the others', async () => {
    await using rooms = await openRooms()
    const [broken] = [await rooms.connect(bank), await rooms.connect(otherBank)]
    await rowsOf(rooms.app)
    rooms.simulator.controls.resetLogin(broken)
    rooms.advance(16 * minute)
    const { rows, isAtHand } = await rowsOf(rooms.app)
    expect(isAtHand(broken)).toBe(false)
    const theirs = rows.filter((row) => row.itemId === broken)
    expect(theirs.length).toBeGreaterThan(0)
    expect(theirs.every((row) => row.transaction === null && row.merchant === null)).toBe(true)
    expect(rows.some((row) => row.itemId !== broken && row.transaction !== null)).toBe(true)
  })
})

describe('rows that another copy has fetched since', () => {
  it('are fetched again, so that both copies tell the same', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank)
    const { whole } = await rowsOf(rooms.app)
    rooms.simulator.controls.addTransaction(itemId, { amount: 41.5, text: 'NEW SHOP' })
    const other = await rooms.open()
    await other.sync.read({ days: 30, maxAgeMinutes: 0 })
    const { rows } = await rowsOf(rooms.app)
    expect(rows.filter(({ transaction }) => transaction?.name === 'NEW SHOP')).toHaveLength(1)
    expect(rows.filter(({ transaction }) => transaction !== null)).toHaveLength(whole + 1)
  })
})

describe('a new connection whose past is shorter than what is asked for', () => {
  it('is not asked again for each question, but now and then whether more has come', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    const long = { days: 730, maxAgeMinutes: 60, rows: true }
    await rooms.app.sync.read(long)
    const calls = () => rooms.calls('/transactions/get')
    const first = calls()
    await rooms.app.sync.read(long)
    await rooms.app.sync.read({ ...long, days: 90 })
    await rooms.app.sync.read({ days: 365, maxAgeMinutes: 60 })
    expect(calls()).toBe(first)
    rooms.advance(3 * minute)
    await rooms.app.sync.read(long)
    expect(calls()).toBeGreaterThan(first)
  })
})
