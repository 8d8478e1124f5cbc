import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { categoryOf } from '../../src/simulator/category.ts'
import type { Entry } from '../../src/simulator/household-entry.ts'
import { bothSides, evenOut, payCard, statementOf } from '../../src/simulator/household-moves.ts'

const category = categoryOf('OTHER', 'OTHER', 'HIGH')
const plan = {
  from: { key: 'mine', title: 'CHK 1' },
  to: { key: 'yours', title: 'CHK 2' },
  day: 6,
  travels: 2,
}
const cardPlan = { card: 'card', checking: 'mine', text: 'CARD AUTOPAY', day: 21 }

function entry(account: string, cents: number, change: Partial<Entry> = {}): Entry {
  const day = '2026-10-12'
  const base = { key: `${account} ${cents}`, account, happened: day, posted: day, cents, text: 'X', category }
  return { ...base, merchant: null, kind: 'expense', partner: null, partnerKey: null, ...change }
}

describe('a move', () => {
  it('is booked by both banks with opposite signs, each on a working day', () => {
    const end = { account: 'mine', text: 'OUT', category }
    const rows = bothSides({
      key: 'k',
      day: '2026-11-20',
      travels: 1,
      cents: 700,
      kind: 'transfer',
      from: end,
      to: { ...end, account: 'yours', text: 'IN' },
    })
    expect(rows).toMatchObject([
      { key: 'k out', account: 'mine', partner: 'yours', cents: 700, posted: '2026-11-20' },
      { key: 'k in', account: 'yours', partner: 'mine', cents: -700, posted: '2026-11-23' },
    ])
  })
})

describe('evening out', () => {
  it('moves what last month left, in steps of 25 dollars', () => {
    const rows = evenOut('2026-11', [entry('mine', -61_000), entry('mine', 10_100), entry('other', -9)], plan)
    expect(rows.map(({ account, cents, posted }) => [account, cents, posted])).toEqual([
      ['mine', 50_000, '2026-11-06'],
      ['yours', -50_000, '2026-11-09'],
    ])
    expect(rows.map(({ text }) => text)).toEqual(['Online transfer to CHK 2', 'Online transfer from CHK 1'])
  })

  it('fetches back what is missing, rounded up', () => {
    const rows = evenOut('2026-11', [entry('mine', 2_600)], plan)
    expect(rows.map(({ account, cents }) => [account, cents])).toEqual([
      ['yours', 5_000],
      ['mine', -5_000],
    ])
  })

  it('does not count its own rows of the month before', () => {
    const own = entry('mine', 50_000, { kind: 'transfer', partner: 'yours' })
    expect(evenOut('2026-11', [own], plan)).toEqual([])
  })

  it('leaves between nothing and 25 dollars', () => {
    const someCents = fc.array(fc.integer({ min: -90_000, max: 90_000 }), { maxLength: 9 })
    fc.assert(
      fc.property(someCents, (sums) => {
        const lastMonth = sums.map((cents, index) => entry('mine', cents, { key: String(index) }))
        const moved = evenOut('2026-11', lastMonth, plan).find(({ account }) => account === 'mine')
        const left = -sums.reduce((sum, cents) => sum + cents, 0) - (moved?.cents ?? 0)
        expect(left).toSatisfy((cents: number) => cents >= 0 && cents < 2_500)
      }),
    )
  })
})

describe('a card', () => {
  const lastMonth = [
    entry('card', 8_000),
    entry('card', 1_550),
    entry('card', -550),
    entry('card', -7_000, { kind: 'card_payment', partner: 'mine' }),
    entry('mine', 999),
  ]

  it("'s statement is what was bought, less refunds, and not what was paid", () => {
    expect(statementOf('card', lastMonth)).toBe(9_000)
  })

  it('is paid in full, seen on the card a working day later', () => {
    expect(payCard('2026-11', lastMonth, cardPlan)).toMatchObject([
      { account: 'mine', cents: 9_000, kind: 'card_payment', posted: '2026-11-23', text: 'CARD AUTOPAY' },
      { account: 'card', cents: -9_000, kind: 'card_payment', posted: '2026-11-24' },
    ])
  })

  it('with nothing owed is not paid', () => {
    expect(payCard('2026-11', [], cardPlan)).toEqual([])
    expect(payCard('2026-11', [entry('card', -550)], cardPlan)).toEqual([])
  })
})
