import { describe, expect, it } from 'vitest'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { connection } from './rows.ts'

const at = (hour: number) => `2026-06-10T0${hour}:00:00.000Z`

describe.each(driverNames)('schedules on %s', (driver) => {
  it('keep a frequency beside the last begin, and go with their connection', async () => {
    const { connections, schedules } = await freshStore({ driver })
    await connections.insert(connection(), 'sealed')
    expect(await schedules.setFrequency('item-1', 30)).toEqual({
      itemId: 'item-1',
      everyMinutes: 30,
      begunAt: null,
    })
    expect(await schedules.claim('item-1', null, at(6))).toBe(true)
    await schedules.setFrequency('item-1', 0)
    expect(await schedules.list()).toEqual([{ itemId: 'item-1', everyMinutes: 0, begunAt: at(6) }])
    await connections.remove('item-1')
    expect(await schedules.list()).toEqual([])
    expect(await schedules.setFrequency('item-1', 30)).toBeNull()
    expect(await schedules.claim('item-1', null, at(7))).toBe(false)
  })

  it('of several copies that see the same, one begins', async () => {
    const home = freshHome()
    const [a, b] = [await freshStore({ driver, home }), await freshStore({ driver, home })]
    await a.connections.insert(connection(), 'sealed')
    expect(await a.schedules.claim('item-1', null, at(6))).toBe(true)
    expect(await b.schedules.claim('item-1', null, at(6))).toBe(false)
    expect(await b.schedules.claim('item-1', null, at(7))).toBe(false)
    expect(await b.schedules.claim('item-1', at(6), at(7))).toBe(true)
  })
})

describe.each(driverNames)('jobs on %s', (driver) => {
  it('are begun by one of several copies, and told as cut off until they have ended', async () => {
    const home = freshHome()
    const [a, b] = [await freshStore({ driver, home }), await freshStore({ driver, home })]
    const never = { name: 'prune', lastRunAt: null, lastCode: null }
    expect(await a.jobs.claim(never, at(3))).toBe(true)
    expect(await b.jobs.claim(never, at(3))).toBe(false)
    const begun = { name: 'prune', lastRunAt: at(3), lastCode: 'CANCELLED' }
    expect(await b.jobs.list()).toEqual([begun])
    await a.jobs.ended('prune', null)
    expect(await b.jobs.list()).toEqual([{ ...begun, lastCode: null }])
    expect(await b.jobs.claim(begun, at(4))).toBe(false)
    expect(await b.jobs.claim({ ...begun, lastCode: null }, at(4))).toBe(true)
  })
})
