import { describe, expect, it } from 'vitest'
import type { TotalsDay } from '../../src/model.ts'
import { silentLog } from '../../src/log.ts'
import type { Core } from '../../src/tools/context.ts'
import { getHistory } from '../../src/tools/get-history.ts'
import { invoke } from '../../src/tools/run.ts'
import { freshStore } from '../store/fixtures.ts'
import { totalsDay } from '../store/rows.ts'

function on(date: string, changes: Partial<TotalsDay> = {}): TotalsDay {
  return totalsDay({ date, takenAt: `${date}T10:00:00.000Z`, ...changes })
}

/** Each of the takings has the rows of one time. */
async function historyOf(takings: readonly TotalsDay[][], args: object = { metric: 'net_worth' }) {
  const store = await freshStore()
  for (const rows of takings) await store.history.add(rows, '2000-01-01')
  const core = async () => ({ store }) as Core // It looks at nothing else.
  const { signal } = new AbortController()
  return await invoke(getHistory, args, { core, log: silentLog, signal, progress: () => undefined })
}

describe('get_history', () => {
  it.each([
    ['net_worth', 950],
    ['bank_balance', 1_100],
    ['positions', 50],
    ['cash_flow', -30],
    ['runway', 36.67],
  ])('of %s has the figure of that day in major units', async (metric, value) => {
    const { points, sparkline, warnings } = await historyOf([[on('2026-11-02')]], { metric })
    expect(points).toEqual([{ date: '2026-11-02', currency: 'USD', value, complete: true }])
    expect([sparkline, warnings]).toEqual(['▄', []])
  })

  it('says which points were counted by earlier rules, where rules have a part in them', async () => {
    const store = await freshStore()
    for (const date of ['2026-11-02', '2026-11-08']) await store.history.add([on(date)], '2000-01-01')
    await store.rules.put({
      ruleId: 'rule-1',
      match: 'rent',
      kind: 'ignore',
      category: null,
      createdAt: '2026-11-05T10:00:00.000Z',
    })
    const core = async () => ({ store }) as Core // It looks at nothing else.
    const ask = async (args: object) => {
      const { signal } = new AbortController()
      const call = { core, log: silentLog, signal, progress: () => undefined }
      return (await invoke(getHistory, args, call)).warnings
    }
    for (const metric of ['cash_flow', 'runway'])
      expect(await ask({ metric })).toMatchObject([
        { code: 'RULES_CHANGED', text: expect.stringContaining('on 2026-11-05') },
      ])
    expect(await ask({ metric: 'net_worth' })).toEqual([])
    expect(await ask({ metric: 'cash_flow', from: '2026-11-06' })).toEqual([])
  })

  it("uses a currency's own digits, and never adds two of them", async () => {
    const both = (date: string, netWorth: number) => [
      on(date, { netWorth }),
      on(date, { currency: 'JPY', netWorth: 10 - netWorth, complete: false }),
    ]
    const { points, sparkline } = await historyOf([both('2026-11-02', 1), both('2026-11-03', 3)])
    expect(points.map(({ date, ...point }) => Object.values(point))).toEqual([
      ['JPY', 9, false],
      ['USD', 0.01, true],
      ['JPY', 7, false],
      ['USD', 0.03, true],
    ])
    expect(sparkline).toBe('JPY █▁\nUSD ▁█')
  })

  it('has the last of several figures of a day, and the days that were asked for', async () => {
    const early = totalsDay({ date: '2026-11-02', takenAt: '2026-11-02T08:00:00.000Z', netWorth: 1 })
    const takings = [[early], [on('2026-11-02')], [on('2026-11-03')], [on('2026-11-04')]]
    const dates = async (args: object) =>
      (await historyOf(takings, { metric: 'net_worth', ...args })).points.map(({ date, value }) => [
        date,
        value,
      ])
    expect(await dates({})).toHaveLength(3)
    expect(await dates({ to: '2026-11-02' })).toEqual([['2026-11-02', 950]])
    expect(await dates({ from: '2026-11-03', to: '2026-11-03' })).toEqual([['2026-11-03', 950]])
    expect(await dates({ from: '2026-11-04' })).toEqual([['2026-11-04', 950]])
  })

  it('has no runway where nothing is burnt or nothing known, 0 where no money is left, and says so', async () => {
    const days = [
      [on('2026-11-02', { monthlyBurn: 0, netCashFlow: 0 })],
      [on('2026-11-03', { monthlyBurn: null, netCashFlow: null })],
    ]
    expect(await historyOf(days, { metric: 'runway' })).toMatchObject({
      points: [],
      sparkline: '',
      warnings: [{ code: 'NO_POINTS' }],
    })
    const broke = [...days, [on('2026-11-04', { bankBalance: -5, monthlyBurn: -1 })]]
    expect((await historyOf(broke, { metric: 'runway' })).points).toMatchObject([{ value: 0 }])
    expect((await historyOf(days, { metric: 'cash_flow' })).points).toMatchObject([{ value: 0 }])
    expect(await historyOf(days.slice(1), { metric: 'cash_flow' })).toMatchObject({
      warnings: [{ code: 'NO_POINTS' }],
    })
  })

  it('that is empty says what to do', async () => {
    const empty = await historyOf([])
    expect(empty).toMatchObject({ points: [], sparkline: '', warnings: [{ code: 'NO_HISTORY' }] })
    expect(empty.warnings[0]?.text).toContain('Call sync_snapshot')
    const { warnings } = await historyOf([[on('2026-11-02')]], { metric: 'net_worth', from: '2027-01-01' })
    expect(warnings).toEqual([
      {
        code: 'NO_HISTORY',
        text: 'Nothing was kept in that time; there are figures from 2026-11-02 to 2026-11-02.',
      },
    ])
  })

  it('of ten years still is 24 kB at most, evenly thinned, with the first day and the last', async () => {
    const start = Date.UTC(2020, 0, 1)
    const takings = Array.from({ length: 3_650 }, (_, day) => {
      const date = new Date(start + day * 86_400_000).toISOString().slice(0, 10)
      return [on(date, { netWorth: day }), on(date, { currency: 'CAD', netWorth: -day })]
    })
    const result = await historyOf(takings)
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThanOrEqual(24_000)
    const dates = [...new Set(result.points.map(({ date }) => date))]
    expect(result.points).toHaveLength(2 * dates.length)
    expect(dates.length).toBeGreaterThan(100)
    expect([dates[0], dates.at(-1)]).toEqual(['2020-01-01', takings.at(-1)?.[0]?.date])
    const gaps = dates
      .slice(1)
      .map((date, at) => (Date.parse(date) - Date.parse(dates[at] ?? '')) / 86_400_000)
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1)
    expect(result.warnings).toMatchObject([{ code: 'THINNED' }])
    expect(result.warnings[0]?.text).toContain(`of ${2 * takings.length} points`)
    expect(result.sparkline).toMatch(/^CAD █.*▁\nUSD ▁.*█$/)
  })

  it.each([
    [{ metric: 'net_worth', from: 'yesterday' }, 'from: must be a day such as 2026-11-02'],
    [{ metric: 'net_worth', to: '2026-02-30' }, 'to: is no day of the calendar'],
    [
      { metric: 'net_worth', from: '2026-11-03', to: '2026-11-02' },
      'from (2026-11-03) is after to (2026-11-02)',
    ],
    [{ metric: 'income' }, 'metric: '],
    [{}, 'metric: '],
  ])('refuses %j', async (args, text) => {
    await expect(historyOf([], args)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENTS',
      message: expect.stringContaining(text),
    })
  })
})
