import { describe, expect, it } from 'vitest'
import type { App } from '../../src/app.ts'
import { loginWith } from '../support/custom-user.ts'
import { bank, day, openRooms, type Rooms } from '../support/rooms.ts'

const checking = { name: 'Checking', mask: '1111', balance: 5_000 }

/** Positive = out, as Plaid has it. Of these texts Plaid is not sure what they are, and knows the merchant. */
function book({ simulator, now }: Rooms, itemId: string, amount: number, ago: number, text = 'MICROSOFT') {
  const date = new Date(now() - ago * day).toISOString().slice(0, 10)
  simulator.controls.addTransaction(itemId, { amount, text, date })
}

async function incomeOf({ sync }: App, days: number, shown = days) {
  await sync.read({ days, maxAgeMinutes: 0 })
  const { totals } = await sync.snapshot(sync.window(shown))
  return totals[0]?.income
}

/** A connection so old that its bank has nothing more to come. */
async function oldBank(rooms: Rooms): Promise<string> {
  const itemId = await rooms.connect(bank, loginWith(checking))
  rooms.advance(2 * day)
  return itemId
}

describe('money that comes back from a shop', () => {
  it('is a refund of what was bought before the window, and none of what was bought long ago', async () => {
    await using rooms = await openRooms()
    const itemId = await oldBank(rooms)
    book(rooms, itemId, 80, 58)
    book(rooms, itemId, 45, 200, 'DAVE.COM')
    book(rooms, itemId, 500, 10, 'Grocer')
    book(rooms, itemId, -60, 2)
    book(rooms, itemId, -40, 2, 'DAVE.COM')
    expect(await incomeOf(rooms.app, 30)).toBe(40)
    expect(await incomeOf(rooms.app, 365, 30)).toBe(40)
    expect(await incomeOf(rooms.app, 30)).toBe(40)
  })
})

describe('a bank that has less history than is asked for', () => {
  it('is not asked again for each question', async () => {
    await using rooms = await openRooms()
    const itemId = await oldBank(rooms)
    book(rooms, itemId, 80, 1)
    const ask = (days: number) => rooms.app.sync.read({ days, maxAgeMinutes: 60 })
    await ask(365)
    const calls = rooms.simulator.controls.calls().length
    const read = [await ask(365), await ask(30)]
    expect(read.map(({ sources }) => sources.map(({ source }) => source))).toEqual([['cached'], ['cached']])
    expect(rooms.simulator.controls.calls()).toHaveLength(calls)
  })
})
