import { describe, expect, it } from 'vitest'
import { hour, openRooms } from '../support/rooms.ts'

const options = { days: 30, maxAgeMinutes: 0 }

describe('a bank whose data Plaid is still fetching', () => {
  it('is preparing: balances are there, no flow is made up, and it is asked again', async () => {
    await using rooms = await openRooms({ readyAfterMs: hour })
    await rooms.connect()
    const reading = await rooms.app.sync.read(options)
    expect(reading).toMatchObject({ complete: false, sources: [{ source: 'preparing', error: null }] })
    const { totals } = await rooms.app.sync.snapshot(reading.window)
    expect(totals[0]?.bank_balance).toBeGreaterThan(0)
    expect(totals[0]).not.toHaveProperty('income')
    expect(totals[0]).not.toHaveProperty('net_cash_flow')

    rooms.advance(3 * hour)
    const later = await rooms.app.sync.read({ ...options, maxAgeMinutes: 60 })
    expect(later).toMatchObject({
      complete: true,
      sources: [{ source: 'live' }],
    })
    const after = await rooms.app.sync.snapshot(later.window)
    expect(after.totals[0]?.income).toBeGreaterThan(0)
  })

  it('is as old as its last fetch, since Plaid tells no age yet', async () => {
    await using rooms = await openRooms({ readyAfterMs: hour })
    const itemId = await rooms.connect()
    await rooms.app.sync.read(options)
    rooms.advance(hour / 2)
    const start = rooms.now()
    await rooms.app.sync.read(options)
    const accounts = await rooms.app.store.accounts.list()
    for (const { dataAsOf } of [await rooms.find(itemId), ...accounts]) {
      expect(Date.parse(dataAsOf ?? '')).toBeGreaterThanOrEqual(start)
    }
  })

  it('does not keep another one from counting', async () => {
    await using rooms = await openRooms()
    const ready = await rooms.connect()
    await rooms.app.sync.read(options)
    rooms.simulator.controls.set({ readyAfterMs: hour })
    await rooms.connect('ins_109511')
    const reading = await rooms.app.sync.read({ ...options, maxAgeMinutes: 60 })
    expect(reading.sources.find((row) => row.connection.itemId === ready)?.source).toBe('cached')
    const { totals } = await rooms.app.sync.snapshot(reading.window)
    expect(totals[0]?.income).toBeGreaterThan(0)
  })
})
