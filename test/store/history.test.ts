import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import type { Store } from '../../src/store/index.ts'
import { runChild } from './children/start.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { totalsDay } from './rows.ts'

const never = '2000-01-01'

/** On one day, at this minute of it. */
function at(date: string, minute: number, changes: Parameters<typeof totalsDay>[0] = {}) {
  return totalsDay({ date, takenAt: `${date}T10:${String(minute).padStart(2, '0')}:00.000Z`, ...changes })
}

/** Every row that there is, not only the last of each day. */
function timesIn({ about }: Store): string[] {
  const database = new DatabaseSync(about.path, { readOnly: true })
  const rows = database.prepare('select taken_at from history order by taken_at').all()
  database.close()
  return rows.map((row) => String(row.taken_at).slice(0, 16))
}

describe.each(driverNames)('the history on %s', (driver) => {
  it('gives back every figure of the last time of each day, unknown ones too', async () => {
    const { history } = await freshStore({ driver })
    const rows = [
      at('2026-11-02', 0, { currency: 'CAD', netCashFlow: null, monthlyBurn: null, complete: false }),
      at('2026-11-02', 0),
    ]
    expect(await history.add(rows, never)).toBe(true)
    const later = [at('2026-11-03', 0, { bankBalance: 1 })]
    expect(await history.add([at('2026-11-03', 30, { bankBalance: 2 })], never)).toBe(true)
    // Made before, and written after it.
    expect(await history.add(later, never)).toBe(true)
    expect(await history.list()).toStrictEqual([...rows, at('2026-11-03', 30, { bankBalance: 2 })])
    expect(await history.list({ from: '2026-11-02', to: '2026-11-02' })).toStrictEqual(rows)
    expect(await history.list({ from: '2026-11-04', to: '2026-12-31' })).toEqual([])
  })

  it('has equal figures once a day, whatever their order, and a change each time', async () => {
    const store = await freshStore({ driver })
    const both = (date: string, minute: number, bankBalance: number) => [
      at(date, minute, { bankBalance }),
      at(date, minute, { currency: 'CAD', complete: false }),
    ]
    const added = [
      await store.history.add(both('2026-11-02', 0, 1), never),
      await store.history.add(both('2026-11-02', 1, 1).toReversed(), never),
      await store.history.add(both('2026-11-02', 2, 2), never),
      await store.history.add(both('2026-11-02', 3, 1), never),
      await store.history.add(both('2026-11-02', 4, 1), never),
      await store.history.add(both('2026-11-03', 0, 1), never),
    ]
    expect(added).toEqual([true, false, true, true, false, true])
    expect(new Set(timesIn(store)).size).toBe(4)
    expect((await store.history.list()).map(({ takenAt }) => takenAt.slice(0, 16))).toEqual([
      '2026-11-02T10:03',
      '2026-11-02T10:03',
      '2026-11-03T10:00',
      '2026-11-03T10:00',
    ])
  })

  it('of a currency that is no more has its last day, and nothing after it', async () => {
    const { history } = await freshStore({ driver })
    await history.add([at('2026-11-02', 0), at('2026-11-02', 0, { currency: 'CAD' })], never)
    await history.add([at('2026-11-02', 1)], never)
    expect(await history.list()).toStrictEqual([at('2026-11-02', 1)])
    expect(await history.add([], never)).toBe(false)
  })

  it('is thinned to the last time of each day, before the day that is given', async () => {
    const store = await freshStore({ driver })
    for (const date of ['2026-08-01', '2026-08-02'])
      for (const bankBalance of [1, 2, 3])
        await store.history.add([at(date, bankBalance, { bankBalance })], never)
    await store.history.add([at('2026-11-02', 0)], '2026-08-02')
    expect(timesIn(store)).toEqual([
      '2026-08-01T10:03',
      '2026-08-02T10:01',
      '2026-08-02T10:02',
      '2026-08-02T10:03',
      '2026-11-02T10:00',
    ])
  })

  it('is written once by several processes that took the same figures', async () => {
    const home = freshHome()
    const store = await freshStore({ driver, home })
    const ended = await Promise.all(driverNames.map((name) => runChild('keep-history', home, name, '28')))
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      driverNames.map(() => ({ code: 0, stderr: '' })),
    )
    expect(ended.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBe(28)
    expect(timesIn(store)).toHaveLength(28)
  })
})
