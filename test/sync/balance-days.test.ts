import { describe, expect, it } from 'vitest'
import type { BalanceDay } from '../../src/model.ts'
import { today } from '../../src/snapshot/index.ts'
import { balanceDaysOf } from '../../src/sync/balance-days.ts'
import { account } from '../store/rows.ts'
import { bank, day, openRooms } from '../support/rooms.ts'

describe('balances by day', () => {
  it('are kept with every fetch, one for each account and day', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    const { sync, store } = rooms.app
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const told: BalanceDay[] = []
    for (let days = 0; days < 2; days++) {
      await sync.read({ days: 30, maxAgeMinutes: 0 })
      await sync.read({ days: 30, maxAgeMinutes: 0 })
      const date = today(rooms.now(), zone)
      for (const { itemId, accountId, currency, current } of await store.accounts.list())
        told.push({ itemId, accountId, date, currency, current: current ?? 0 })
      rooms.advance(day)
    }
    expect(told.length).toBe(8)
    const order = (row: BalanceDay) => `${row.date} ${row.accountId}`
    expect(await store.balanceDays.list()).toEqual(told.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)))
  })

  it('are of the day that the bank told them, on the calendar of this machine', () => {
    const told = account({ dataAsOf: '2026-11-02T23:30:00.000Z' })
    const of = (zone: string) => balanceDaysOf([told], zone).map(({ date }) => date)
    expect(of('Europe/Berlin')).toEqual(['2026-11-03'])
    expect(of('America/New_York')).toEqual(['2026-11-02'])
  })

  it('are none where the bank told none, or not when', () => {
    const dataAsOf = '2026-11-02T12:00:00.000Z'
    const rows = [account({ current: null, dataAsOf }), account({ dataAsOf: null })]
    expect(balanceDaysOf(rows, 'UTC')).toEqual([])
  })
})
