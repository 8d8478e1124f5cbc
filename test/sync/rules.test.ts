import { describe, expect, it } from 'vitest'
import type { Rule } from '../../src/model.ts'
import { bank, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'
import { mixedBank } from './mixed-bank.ts'

type App = Rooms['app']

const payroll: Rule = {
  ruleId: 'rule-1',
  match: 'northwind labs payroll',
  kind: 'ignore',
  category: null,
  createdAt: '2026-11-01T10:00:00.000Z',
}

async function setRule({ store, sync }: App, rule: Rule): Promise<void> {
  await store.rules.put(rule)
  await sync.rulesChanged()
}

/** From what is kept; with an age the banks are asked where need be. */
async function incomeOf({ sync }: App, maxAgeMinutes = -1, days = 30) {
  const reading = await sync.read({ days, maxAgeMinutes })
  const { totals } = await sync.snapshot(reading.window)
  return { income: totals[0]?.income ?? 0, sources: reading.sources.map(({ source }) => source) }
}

describe('a new rule', () => {
  it('applies at once to the rows at hand, in what is kept as well, and its end too', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    const before = await incomeOf(rooms.app, 0)
    await setRule(rooms.app, payroll)
    const ruled = await incomeOf(rooms.app)
    expect(ruled.income).toBeLessThan(before.income - 2_000)
    expect((await incomeOf(await rooms.open())).income).toBe(ruled.income)
    await rooms.app.store.rules.remove(payroll.match, new Date(rooms.now()).toISOString())
    await rooms.app.sync.rulesChanged()
    expect((await incomeOf(rooms.app)).income).toBe(before.income)
  })

  it('asks no bank again whose rows are at hand', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    await incomeOf(rooms.app, 0)
    await setRule(rooms.app, payroll)
    expect((await incomeOf(rooms.app, 60)).sources).toEqual(['cached'])
  })

  it('for a category alone has nothing fetched again', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    await incomeOf(rooms.app, 0)
    await setRule(await rooms.open(), { ...payroll, kind: null, category: 'Wages' })
    rooms.advance(2_000)
    expect((await incomeOf(rooms.app, 60)).sources).toEqual(['cached'])
  })

  it('of a copy that has no rows at hand has all fetched when it is next asked, by whichever copy', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    await rooms.connect(otherBank)
    const before = await incomeOf(rooms.app, 0)
    await setRule(await rooms.open(), payroll)
    expect((await incomeOf(rooms.app)).income).toBe(before.income)
    // What a fetch of the same second brought may be from before the rule.
    rooms.advance(2_000)
    const after = await incomeOf(rooms.app, 60)
    expect(after.sources).toEqual(['live', 'live'])
    expect(after.income).toBeLessThan(before.income - 2_000)
    expect((await incomeOf(rooms.app, 60)).sources).toEqual(['cached', 'cached'])
  })

  it('applies to an older window when that is asked for', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    await incomeOf(rooms.app, 0)
    await setRule(rooms.app, payroll)
    const year = await incomeOf(rooms.app, 60, 365)
    await rooms.app.store.rules.remove(payroll.match, new Date(rooms.now()).toISOString())
    await rooms.app.sync.rulesChanged()
    expect((await incomeOf(rooms.app, 60, 365)).income - year.income).toBeGreaterThan(24 * 2_000)
  })
})

describe('a rule with the ledger on', () => {
  it('reaches every row on disk at once, after a restart and at a bank that cannot be asked', async () => {
    await using rooms = await openRooms({}, { COFFER_LEDGER: 'on' })
    const itemId = await rooms.connect(bank)
    await incomeOf(rooms.app, 0, 365)
    rooms.advance(minute)
    const before = await incomeOf(rooms.app, 0)
    const beforeYear = await incomeOf(rooms.app, -1, 365)
    rooms.simulator.controls.resetLogin(itemId)
    const later = await rooms.open()
    await setRule(later, payroll)
    const { window, oldRules } = await later.sync.read({ days: 365, maxAgeMinutes: -1 })
    expect(oldRules).toEqual([])
    expect((await incomeOf(later)).income).toBeLessThan(before.income - 2_000)
    const year = await incomeOf(later, -1, 365)
    expect(year.income).toBeLessThan(beforeYear.income - 24 * 2_000)
    // So do the sums that are kept, for whoever has no ledger.
    const { oldRules: kept } = await later.store.flow.read(window)
    expect([...kept]).toEqual([])
    const off = await rooms.open({ COFFER_LEDGER: 'off' })
    expect((await incomeOf(off, -1, 365)).income).toBe(year.income)
  })

  it('leaves what investment accounts earned as it is', async () => {
    await using rooms = await openRooms({}, { COFFER_LEDGER: 'on' })
    const itemId = await mixedBank(rooms)
    await incomeOf(rooms.app, 0, 365)
    const { flow, accounts } = rooms.app.store
    const pension = (await accounts.list(itemId)).find(({ type }) => type === 'investment')
    const accountId = pension?.accountId ?? ''
    const { to: date, from } = rooms.app.sync.window(365)
    const day = { itemId, accountId, date, currency: 'USD', kind: 'dividend', sum: 1_250, count: 1 }
    await flow.replace(itemId, { from: date, to: date }, [day], [], undefined, { from, to: date })
    await setRule(await rooms.open(), payroll)
    const { days, oldRules } = await flow.read({ from: date, to: date })
    expect(days).toEqual([day])
    expect([...oldRules.values()].every((until) => until < date)).toBe(true)
  })
})

describe('sums of days that no fetch has reached since', () => {
  it('of a bank that cannot be asked are said to be under earlier rules, and are right once it can', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank)
    await incomeOf(rooms.app, 0, 365)
    rooms.simulator.controls.resetLogin(itemId)
    const other = await rooms.open()
    await setRule(other, payroll)
    const broken = await other.sync.read({ days: 365, maxAgeMinutes: 60 })
    expect(broken.oldRules).toMatchObject([{ itemId, until: broken.window.to }])
    rooms.simulator.controls.repairItem(itemId)
    rooms.advance(11_000)
    const month = await other.sync.read({ days: 30, maxAgeMinutes: 60 })
    expect(month.oldRules).toEqual([])
    // The days before still are, and whoever only reads is told.
    expect((await other.sync.read({ days: 365, maxAgeMinutes: -1 })).oldRules).toMatchObject([{ itemId }])
    const mixed = await incomeOf(other, -1, 365)
    rooms.advance(3 * minute)
    const year = await other.sync.read({ days: 365, maxAgeMinutes: 60 })
    expect(year.oldRules).toEqual([])
    expect((await incomeOf(other, -1, 365)).income).toBeLessThan(mixed.income - 20 * 2_000)
  })

  it('are made anew by the next question, though the process ended right after the rule was written', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    const before = await incomeOf(rooms.app, 0, 365)
    await rooms.app.store.rules.put(payroll)
    rooms.advance(3 * minute)
    const after = await incomeOf(await rooms.open(), 60, 365)
    expect(after.sources).toEqual(['live'])
    expect(after.income).toBeLessThan(before.income - 24 * 2_000)
  })
})
