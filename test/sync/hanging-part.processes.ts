import { expect, it } from 'vitest'
import { minute, openRooms } from '../support/rooms.ts'
import { mixedBank } from './mixed-bank.ts'

it.each(['/investments/holdings/get', '/investments/transactions/get'])(
  '%s that hangs does not hold back the transactions of its bank while a person waits',
  async (path) => {
    await using rooms = await openRooms()
    const itemId = await mixedBank(rooms)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    rooms.simulator.controls.addTransaction(itemId, { amount: 41.5, text: 'NEW SHOP' })
    rooms.advance(2 * minute)
    rooms.simulator.controls.failNext(path, { kind: 'hang' })
    const { stillSyncing, sources, window } = await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    expect(stillSyncing).toBe(false)
    expect(sources).toMatchObject([{ error: { code: 'PLAID_UNREACHABLE' } }])
    expect((await rooms.app.sync.snapshot(window)).totals[0]).toMatchObject({ expenses: -91.5 })
  },
)
