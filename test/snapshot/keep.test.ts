import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flowTotals } from './flow-totals.ts'
import { judge } from '../../src/snapshot/judge.ts'
import { keep, restore } from '../../src/snapshot/keep.ts'
import { type FlowRow, rowsOf } from '../../src/snapshot/row.ts'
import type { Window } from '../../src/snapshot/window.ts'
import { account, investment, looksLike, transaction } from './build.ts'
import { anyMovements, household, month, rowsIn, wide } from './worlds.ts'

const kept = (rows: readonly FlowRow[]) => keep(rows, judge(rows))
const flows = (rows: readonly FlowRow[], window: Window = month) =>
  flowTotals(rows, window).sort((a, b) => (a.currency < b.currency ? -1 : 1))

describe('what is kept', () => {
  it('gives the same figures as the rows it stands for, over any window', () => {
    const window = fc.constantFrom(month, wide, { ...month, from: '2026-11-10', to: '2026-11-12', days: 3 })
    fc.assert(
      fc.property(anyMovements, window, (movements, window) => {
        const rows = rowsIn(movements)
        expect(flows(restore(kept(rows), household), window)).toEqual(flows(rows, window))
      }),
      { numRuns: 3_000 },
    )
  })

  it('is the same when it is kept once more', () => {
    fc.assert(
      fc.property(anyMovements, (movements) => {
        const once = kept(rowsIn(movements))
        const twice = kept(restore(once, household))
        expect(new Set(twice.moves)).toEqual(new Set(once.moves))
        expect(twice.days).toEqual(once.days)
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same figures beside the live rows of another bank', () => {
    fc.assert(
      fc.property(anyMovements, fc.constantFrom('bank-a', 'bank-b', 'broker'), (movements, broken) => {
        // A merchant is forgotten when kept, and with it the reason of a refund elsewhere.
        const rows = rowsIn(movements).map((row) => ({ ...row, merchant: null }))
        const verdicts = judge(rows)
        const stored = keep(
          rows.filter(({ itemId }) => itemId === broken),
          verdicts,
        )
        const live = rows.filter(({ itemId }) => itemId !== broken)
        expect(flows([...live, ...restore(stored, household)])).toEqual(flows(rows))
      }),
      { numRuns: 2_000 },
    )
  })

  it('has no text and no id of a transaction', () => {
    const rows = rowsOf(
      [
        transaction('checking', '2026-11-02', -700, {
          name: 'SECRET NAME TRANSFER',
          merchant: 'SECRET SHOP',
        }),
        transaction('checking', '2026-11-02', -50, { name: 'SECRET NAME', merchant: 'SECRET SHOP' }),
      ],
      [investment('brokerage', '2026-11-02', 700, { name: 'SECRET CASH' })],
      household,
    )
    expect(JSON.stringify(kept(rows))).not.toMatch(/secret|transaction-|investment-/i)
  })

  it('is one sum per account, day, currency and kind, and single moves', () => {
    const rows = rowsOf(
      [
        transaction('checking', '2026-11-02', -50),
        transaction('checking', '2026-11-02', -70),
        transaction('checking', '2026-11-03', -70),
        transaction('checking', '2026-11-02', 900, looksLike.salary),
        transaction('checking', '2026-11-02', -30, { pending: true }),
        transaction('checking', '2026-11-02', -500, looksLike.transferOut),
        transaction('savings', '2026-11-04', 500),
        transaction('savings', '2026-11-04', 333),
        transaction('mortgage', '2026-11-04', 1800),
        transaction('mortgage', '2026-11-04', -12),
      ],
      [],
      household,
    )
    const { days, moves } = kept(rows)
    expect(days.map(({ accountId, date, kind, sum, count }) => [accountId, date, kind, sum, count])).toEqual([
      ['checking', '2026-11-02', 'expense', -120, 2],
      ['checking', '2026-11-02', 'income', 900, 1],
      ['checking', '2026-11-02', 'pending', -30, 1],
      ['checking', '2026-11-03', 'expense', -70, 1],
      ['savings', '2026-11-04', 'income', 333, 1],
    ])
    expect(moves.map(({ accountId, amount, look }) => [accountId, amount, look])).toEqual([
      ['checking', -500, 'transfer'],
      ['savings', 500, 'plain'],
      ['mortgage', 1800, 'loan_payment'],
    ])
  })
})

describe('what an investment account did', () => {
  it('is one sum per account, day, currency and kind, and single moves', () => {
    const did = (amount: number, type: string, subtype: string, day = '02') =>
      investment('brokerage', `2026-11-${day}`, amount, { type, subtype })
    const { days, moves } = kept(
      rowsOf(
        [],
        [
          did(120, 'cash', 'dividend'),
          did(80, 'cash', 'qualified dividend'),
          did(-25, 'fee', 'management fee'),
          did(7, 'cash', 'interest', '03'),
          did(500, 'cash', 'deposit'),
          did(-500, 'buy', 'buy'),
        ],
        household,
      ),
    )
    expect(days.map(({ date, kind, sum, count }) => [date, kind, sum, count])).toEqual([
      ['2026-11-02', 'dividend', 200, 2],
      ['2026-11-02', 'fee', -25, 1],
      ['2026-11-03', 'interest', 7, 1],
    ])
    expect(moves.map(({ amount, look }) => [amount, look])).toEqual([[500, 'transfer']])
  })

  it('has no influence on the flow', () => {
    fc.assert(
      fc.property(anyMovements, (movements) => {
        const moving = movements.investments.filter(({ subtype }) => /deposit|withdrawal/.test(subtype))
        const without = rowsIn({ ...movements, investments: moving })
        expect(flows(rowsIn(movements))).toEqual(flows(without))
        expect(flows(restore(kept(rowsIn(movements)), household))).toEqual(flows(without))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('restore', () => {
  const day = {
    itemId: 'bank-a',
    accountId: 'checking',
    date: '2026-11-02',
    currency: 'USD',
    sum: -50,
    count: 2,
  }

  it('leaves out accounts that are gone', () => {
    const kept = { days: [{ ...day, kind: 'expense' }], moves: [] }
    expect(restore(kept, [account('savings', 'depository')])).toEqual([])
  })

  it('does not count an account that another login shows', () => {
    const checking = account('checking', 'depository', { sameAs: 'other' })
    expect(flows(restore({ days: [{ ...day, kind: 'expense' }], moves: [] }, [checking]))).toEqual([])
  })

  it('goes by the sign where another version wrote a word that is not known', () => {
    const move = { ...day, amount: 80, look: 'gift', pending: false, rule: 'tax' }
    const rows = restore({ days: [{ ...day, kind: 'gamble' }], moves: [move] }, household)
    expect(flows(rows)).toMatchObject([{ income: 80, expenses: -50 }])
  })

  it('finds the partner of a live row at a bank that is broken', () => {
    const there = rowsOf([transaction('savings', '2026-11-04', 500, looksLike.transferIn)], [], household)
    const here = rowsOf([transaction('checking', '2026-11-02', -500)], [], household)
    const rows = [...here, ...restore(kept(there), household)]
    expect(flows(rows)).toMatchObject([{ income: 0, expenses: 0, transfersExcluded: 500 }])
  })
})

it('refuses rows that were not judged', () => {
  const rows = rowsOf([transaction('checking', '2026-11-02', -50)], [], household)
  expect(() => keep(rows, new Map())).toThrow(TypeError)
})
