import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Books, type FlowRow, reconcile, rowOf } from '../../src/snapshot/index.ts'
import { account, transaction } from '../store/rows.ts'

let ids = 0
function row(date: string, amount: number, changes: Parameters<typeof transaction>[0] = {}): FlowRow {
  return rowOf(transaction({ transactionId: `t${ids++}`, date, amount, ...changes }), account())
}

const opening = { date: '2026-06-01', amount: 100_000 }
const to = '2026-06-10'

function books(amount: number, rows: readonly FlowRow[], changes: Partial<Books> = {}): Books {
  return {
    accountType: 'depository',
    currency: 'USD',
    opening,
    actual: { date: to, amount },
    rows,
    ...changes,
  }
}

describe('an account adds up', () => {
  it('by what was posted after the opening day, up to and with the day of the balance', () => {
    const rows = [
      row('2026-06-01', -1),
      row('2026-06-02', -2_000),
      row(to, 500),
      row('2026-06-11', -7),
      row('2026-06-05', -9, { pending: true }),
    ]
    expect(reconcile(books(98_500, rows))).toEqual({
      expected: 98_500,
      discrepancy: 0,
      suspects: [],
      otherCurrencies: [],
    })
  })

  it('by the rows in its own currency, and tells which others there are', () => {
    const rows = [
      row('2026-06-02', -2_000),
      row('2026-06-03', -500, { currency: 'EUR' }),
      row('2026-06-04', -700, { currency: 'CAD' }),
    ]
    const otherCurrencies = ['CAD', 'EUR']
    expect(reconcile(books(98_000, rows))).toMatchObject({ discrepancy: 0, otherCurrencies })
    expect(reconcile(books(98_500, rows))).toMatchObject({ suspects: [], otherCurrencies })
  })

  it.each(['credit', 'loan'] as const)('on a %s by what is owed: money out makes it more', (accountType) => {
    const rows = [row('2026-06-02', -2_000), row('2026-06-03', 500)]
    expect(reconcile(books(101_500, rows, { accountType }))).toMatchObject({
      expected: 101_500,
      discrepancy: 0,
    })
  })

  it('whatever there was, to the minor unit; and what is left out is the discrepancy', () => {
    const amounts = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 50 })
    fc.assert(
      fc.property(amounts, fc.integer({ min: -1e6, max: 1e6 }), (all, off) => {
        const rows = all.map((amount) => row('2026-06-05', amount))
        const sum = all.reduce((total, amount) => total + amount, 0)
        for (const accountType of ['depository', 'credit'] as const) {
          const actual = opening.amount + (accountType === 'credit' ? -sum : sum) + off
          const { discrepancy } = reconcile(books(actual, rows, { accountType }))
          expect(discrepancy).toBe(off)
        }
      }),
    )
  })
})

describe('what may explain a discrepancy', () => {
  const why = (found: Books) => reconcile(found).suspects.map((one) => [one.row.amount, one.why])

  it.each([
    [
      'a row that the balance lacks',
      books(100_000, [row('2026-06-03', -500), row('2026-06-04', 0)]),
      [[-500, 'exact']],
    ],
    [
      'one that came in and was taken for one that went out',
      books(100_500, [row('2026-06-03', -500)]),
      [[-500, 'half']],
    ],
    [
      'one that is pending and in the balance',
      books(99_300, [row('2026-06-03', -700, { pending: true })]),
      [[-700, 'exact']],
    ],
    ['one of the opening day', books(99_300, [row('2026-06-01', -700)]), [[-700, 'opening_day']]],
    [
      'all of the opening day, where its balance is of the morning',
      books(99_000, [row('2026-06-01', -700), row('2026-06-01', -300)]),
      [
        [-700, 'opening_day'],
        [-300, 'opening_day'],
      ],
    ],
    [
      'some of the opening day, as few as can be',
      books(
        99_000,
        [-600, -400, 250, -1_250, -50].map((amount) => row('2026-06-01', amount)),
      ),
      [
        [-600, 'opening_day'],
        [-400, 'opening_day'],
      ],
    ],
    [
      'all of many of the opening day',
      books(
        98_800,
        Array.from({ length: 12 }, () => row('2026-06-01', -100)),
      ),
      Array.from({ length: 12 }, () => [-100, 'opening_day']),
    ],
    [
      'one of many of the opening day',
      books(
        99_300,
        Array.from({ length: 12 }, (_, n) => row('2026-06-01', -695 - n)),
      ),
      [[-700, 'opening_day']],
    ],
    ['none of an earlier day', books(99_300, [row('2026-05-31', -700)]), []],
    ['one of the day after the balance', books(99_300, [row('2026-06-11', -700)]), [[-700, 'closing_day']]],
    ['one of the day of the balance', books(100_000, [row(to, -700)]), [[-700, 'closing_day']]],
  ])('%s', (_what, found, expected) => {
    expect(why(found)).toEqual(expected)
  })

  it('two that are alike, one of them too many, before what is only pending', () => {
    const rows = [
      row('2026-06-04', -9, { pending: true }),
      row('2026-06-03', -500, { name: 'Cafe' }),
      row('2026-06-04', -500, { name: 'Cafe' }),
    ]
    expect(why(books(99_500, rows))).toEqual([
      [-500, 'duplicate'],
      [-500, 'duplicate'],
      [-9, 'pending'],
    ])
  })

  it('on a card by the sign of what is owed', () => {
    const found = books(100_000, [row('2026-06-03', -500)], { accountType: 'credit' })
    expect(reconcile(found)).toMatchObject({ discrepancy: -500, suspects: [{ why: 'exact' }] })
  })
})
