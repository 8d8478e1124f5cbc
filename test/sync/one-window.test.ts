import { afterEach, describe, expect, it } from 'vitest'
import type { App } from '../../src/app.ts'
import { addDays } from '../../src/snapshot/index.ts'
import { loginWith } from '../support/custom-user.ts'
import { bank, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

const quiet = loginWith({ name: 'Checking', mask: '1111', balance: 5_000 })

function book(rooms: Rooms, itemId: string, amount: number, text: string, daysAgo: number): void {
  const date = addDays(rooms.app.sync.window(1).to, -daysAgo)
  rooms.simulator.controls.addTransaction(itemId, { amount, text, date })
}

/** 10 USD a day, the last of them yesterday. */
function spendDaily(rooms: Rooms, itemId: string, days: number): void {
  for (let ago = 1; ago <= days; ago += 1) book(rooms, itemId, 10, 'Corner Cafe', ago)
}

/** One window as the snapshot and the cash flow tell it, from what is there. */
async function told({ sync }: App, days: number) {
  const window = sync.window(days)
  const reading = await sync.read({ days, maxAgeMinutes: -1 })
  const snapshot = await sync.snapshot(window)
  const flow = await sync.flow({ window, since: window.from })
  return { reading, flow, snapshot: snapshot.totals[0], cashFlow: flow.figures.totals[0] }
}

describe('a window longer than the last fetch', () => {
  let rooms: Rooms
  afterEach(() => rooms[Symbol.asyncDispose]())

  async function open(ledger: 'on' | 'off'): Promise<string> {
    rooms = await openRooms({}, { COFFER_LEDGER: ledger })
    const itemId = await rooms.connect(bank, quiet)
    spendDaily(rooms, itemId, 360)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    return itemId
  }

  it('is told by the ledger, in full and the same by every tool, at a broken bank and after a restart', async () => {
    const itemId = await open('on')
    rooms.simulator.controls.resetLogin(itemId)
    for (const app of [rooms.app, await rooms.open()]) {
      const { snapshot, cashFlow, reading, flow } = await told(app, 350)
      expect(snapshot).toMatchObject({ expenses: -3_490 })
      expect(snapshot).toEqual(cashFlow)
      expect([reading.shortSpans, flow.reading.shortSpans]).toEqual([[], []])
    }
  })

  it('is without a ledger what is kept of it, also while rows of the days before are in memory', async () => {
    const itemId = await open('off')
    rooms.simulator.controls.resetLogin(itemId)
    const { snapshot, cashFlow, reading, flow } = await told(rooms.app, 60)
    expect(snapshot).toMatchObject({ expenses: -330 })
    expect(snapshot).toEqual(cashFlow)
    const from = addDays(rooms.app.sync.window(1).to, -33)
    expect([reading.shortSpans, flow.reading.shortSpans]).toMatchObject([[{ from }], [{ from }]])
    const listed = [...flow.verdicts.keys()].filter(({ transaction }) => transaction !== null)
    expect(listed).toHaveLength(33)
    expect(flow).toMatchObject({ complete: false, withoutRows: [] })
  })

  it('has transfers of days that are kept from before once, and refunds as they were judged', async () => {
    const itemId = await open('off')
    const second = await rooms.connect(otherBank, quiet)
    book(rooms, itemId, 700, 'Online Transfer to Second', 50)
    book(rooms, second, -700, 'Acct 99 credit', 50)
    await rooms.app.sync.read({ days: 90, maxAgeMinutes: 0 })
    const before = await told(rooms.app, 90)
    expect(before.snapshot).toMatchObject({ expenses: -890, income: 0, transfers_excluded: 700 })
    rooms.advance(minute)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    rooms.simulator.controls.resetLogin(itemId)
    rooms.simulator.controls.resetLogin(second)
    const after = await told(rooms.app, 90)
    expect(after.snapshot).toEqual(before.snapshot)
    expect(after.cashFlow).toEqual(before.snapshot)
  })

  it('of a ledger has what was booked late on days that no fetch has looked at since', async () => {
    const itemId = await open('on')
    await rooms.app.sync.read({ days: 350, maxAgeMinutes: 0 })
    book(rooms, itemId, 99, 'Booked late', 200)
    rooms.advance(minute)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    const { snapshot, cashFlow } = await told(rooms.app, 350)
    expect(snapshot).toMatchObject({ expenses: -3_589 })
    expect(snapshot).toEqual(cashFlow)
  })
})
