import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import type { App } from '../../src/app.ts'
import { toMajor } from '../../src/money.ts'
import { today } from '../../src/snapshot/index.ts'
import { loginWith } from '../support/custom-user.ts'
import { bank, day, hour, openRooms, otherBank, type Rooms } from '../support/rooms.ts'
import { until } from '../support/until.ts'

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
const wallet = { name: 'Checking', mask: '1111', balance: 5_000 }

async function snapshot({ sync }: App, days: number, maxAgeMinutes = 60) {
  const { window } = await sync.read({ days, maxAgeMinutes })
  return await sync.snapshot(window)
}

function spend({ simulator, now }: Rooms, itemId: string, amount: number): void {
  const date = new Date(now()).toISOString().slice(0, 10)
  simulator.controls.addTransaction(itemId, { amount, text: 'Corner shop', date })
}

describe('the history', () => {
  it('has the figures of a snapshot, whose flow is that of 30 days whatever was asked for', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    const [month] = (await snapshot(rooms.app, 30)).totals
    await snapshot(rooms.app, 365)
    const [kept, ...more] = await rooms.app.store.history.list()
    expect(more).toEqual([])
    const { currency = '', netWorth = 0, bankBalance = 0, netCashFlow, monthlyBurn } = kept ?? {}
    const major = (amount: number | null | undefined) => toMajor(amount ?? Number.NaN, currency)
    expect(kept).toMatchObject({ date: today(rooms.now(), zone), complete: true })
    expect(major(netWorth)).toBe(month?.net_worth)
    expect(major(bankBalance)).toBe(month?.bank_balance)
    expect(major(netCashFlow)).toBe(month?.net_cash_flow)
    expect(major(monthlyBurn)).toBe(month?.monthly_burn)
  })

  it('has what a fetch in the background changed, with no call to Plaid of its own', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank, loginWith(wallet))
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    const { history } = rooms.app.store
    await until(async () => (await history.list()).length === 1)
    const [before] = await history.list()
    spend(rooms, itemId, 120)
    rooms.app.sync.pull(itemId)
    await until(async () => (await history.list())[0]?.netCashFlow !== before?.netCashFlow)
    const calls = rooms.simulator.controls.calls().length
    for (const days of [30, 90]) await snapshot(rooms.app, days, -1)
    expect(rooms.simulator.controls.calls()).toHaveLength(calls)
    const [after] = await history.list()
    expect((after?.netCashFlow ?? 0) - (before?.netCashFlow ?? 0)).toBe(-12_000)
  })

  it('has a row a day though nothing changed, and flow only once it is known', async () => {
    await using rooms = await openRooms({ readyAfterMs: hour })
    await rooms.connect(bank, loginWith(wallet))
    await snapshot(rooms.app, 30)
    rooms.advance(day)
    for (const maxAge of [60, -1, 0]) await snapshot(rooms.app, 30, maxAge)
    const kept = await rooms.app.store.history.list()
    expect(kept.map((row) => [row.date, row.bankBalance, row.netCashFlow, row.complete])).toEqual([
      [today(rooms.now() - day, zone), 500_000, null, false],
      [today(rooms.now(), zone), 500_000, 0, true],
    ])
  })

  it('says of a day whether every bank counted', async () => {
    await using rooms = await openRooms()
    const [first] = [await rooms.connect(bank, loginWith(wallet)), await rooms.connect(otherBank)]
    await snapshot(rooms.app, 30)
    const complete = async () => (await rooms.app.store.history.list()).map((row) => row.complete)
    expect(await complete()).toEqual([true])
    rooms.simulator.controls.resetLogin(first)
    await snapshot(rooms.app, 30, 0)
    expect(await complete()).toEqual([false])
    rooms.advance(2 * day)
    await snapshot(rooms.app, 30, -1)
    expect(await complete()).toEqual([false, false])
  })

  it('that cannot be written leaves the snapshot as it is', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    const { window } = await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    const database = new DatabaseSync(rooms.app.store.about.path)
    database.exec('drop table history')
    database.close()
    for (const days of [30, 90]) {
      const { totals } = await rooms.app.sync.snapshot({ ...window, days })
      expect(totals[0]?.bank_balance).toBeGreaterThan(0)
    }
  })
})
