import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activity } from '../../src/snapshot/activity.ts'
import { judge } from '../../src/snapshot/judge.ts'
import { keep, restore } from '../../src/snapshot/keep.ts'
import { rowsOf } from '../../src/snapshot/row.ts'
import { account, investment, transaction } from './build.ts'
import { anyMovements, household, month, rowsIn, wide } from './worlds.ts'

const did = (amount: number, type: string, subtype: string, more: object = {}) =>
  investment('brokerage', '2026-11-12', amount, { type, subtype, ...more })

const seen = (...rows: ReturnType<typeof did>[]) => activity(rowsOf([], rows, household), month, [])

describe('the activity of investment accounts', () => {
  it('is what came, went, was earned and was paid', () => {
    expect(
      seen(
        did(50_000, 'cash', 'contribution'),
        did(30_000, 'cash', 'deposit'),
        did(-10_000, 'cash', 'withdrawal'),
        did(1_810, 'cash', 'dividend'),
        did(90, 'fee', 'non-qualified dividend'),
        did(45, 'cash', 'interest'),
        did(-2_500, 'fee', 'account fee'),
        did(500, 'fee', 'fund fee'),
      ),
    ).toEqual([
      { currency: 'USD', contributions: 800, withdrawals: -100, dividends: 19, interest: 0.45, fees: -20 },
    ])
  })

  it('has no trades, and a dividend once that was invested again', () => {
    const rows = [did(1_000, 'cash', 'dividend'), did(-1_000, 'buy', 'dividend reinvestment')]
    expect(seen(...rows, did(-9_000, 'buy', 'buy'), did(4_000, 'sell', 'sell'))).toMatchObject([
      { dividends: 10, contributions: 0, withdrawals: 0 },
    ])
  })

  it('has what the broker took for trades among the fees', () => {
    const rows = [
      did(-9_495, 'buy', 'buy', { fees: -495 }),
      did(4_000, 'sell', 'sell', { fees: -205 }),
      did(-1_000, 'buy', 'dividend reinvestment', { fees: 0 }),
      did(-300, 'fee', 'account fee', { fees: -300 }),
    ]
    expect(seen(...rows)).toMatchObject([{ fees: -10, dividends: 0, contributions: 0 }])
  })

  it('is of the span, to the day', () => {
    const days = ['2026-10-31', '2026-11-01', '2026-11-30', '2026-12-01']
    const rows = days.map((date, at) => did(10 ** at * 100, 'cash', 'dividend', { date }))
    expect(seen(...rows)).toMatchObject([{ dividends: 110 }])
  })

  it('never adds currencies, and leaves unofficial ones out', () => {
    const rows = [
      did(100, 'cash', 'dividend'),
      did(700, 'cash', 'dividend', { currency: 'CAD' }),
      did(9, 'cash', 'dividend', { currency: 'BTC' }),
    ]
    expect(seen(...rows)).toMatchObject([
      { currency: 'USD', dividends: 1 },
      { currency: 'CAD', dividends: 7 },
    ])
  })

  it('is nothing where nothing happened, and not told where nothing is known', () => {
    const nothing = { contributions: 0, withdrawals: 0, dividends: 0, interest: 0, fees: 0 }
    expect(activity([], month, ['USD', 'USD', 'BTC'])).toEqual([{ currency: 'USD', ...nothing }])
    expect(activity([], month, [])).toEqual([])
  })

  it('is not that of bank accounts, nor of an account that another login shows', () => {
    const twin = account('twin-ira', 'investment', { sameAs: 'brokerage' })
    const rows = rowsOf(
      [transaction('checking', '2026-11-12', 500)],
      [investment('twin-ira', '2026-11-12', 500)],
      [...household, twin],
    )
    expect(activity(rows, month, [])).toEqual([])
  })

  it('is the same from the rows and from what was kept of them, over any window', () => {
    const window = fc.constantFrom(month, wide, { ...month, from: '2026-11-10', to: '2026-11-12', days: 3 })
    fc.assert(
      fc.property(anyMovements, window, (movements, span) => {
        const rows = rowsIn(movements)
        const kept = restore(keep(rows, judge(rows)), household)
        const sorted = (found: ReturnType<typeof activity>) =>
          found.toSorted((a, b) => a.currency.localeCompare(b.currency))
        expect(sorted(activity(kept, span, []))).toEqual(sorted(activity(rows, span, [])))
      }),
      { numRuns: 3_000 },
    )
  })
})
