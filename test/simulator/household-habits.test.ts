import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysBetween, monthOf, monthsBetween } from '../../src/simulator/calendar.ts'
import { categoryOf } from '../../src/simulator/category.ts'
import { type Bill, billsIn, type Habit, purchasesIn } from '../../src/simulator/household-habits.ts'

const category = categoryOf('OTHER', 'OTHER', 'HIGH')
const bill: Bill = { account: 'a', text: 'BILL', merchant: null, category, cents: [500, 500], day: 15 }
const habit: Habit = {
  account: 'a',
  text: 'SHOP',
  merchant: 'Shop',
  category,
  cents: [100, 900],
  times: [2, 4],
}
const anyMonth = fc.constantFrom(...monthsBetween('2024-01', '2030-12'))

function dayOfBill(month: string, day: number): string | undefined {
  return billsIn(month, 'seed', [{ ...bill, day }])[0]?.posted
}

describe('bills', () => {
  it.each([
    ['2026-09', 15, '2026-09-15'],
    ['2026-08', 15, '2026-08-17'],
    ['2026-11', 15, '2026-11-16'],
    ['2026-11', 31, '2026-11-30'],
    ['2026-10', 31, '2026-10-30'],
    ['2026-05', 31, '2026-05-29'],
    ['2026-02', 31, '2026-02-27'],
  ])('in %s the one of day %d is booked on %s', (month, day, booked) => {
    expect(dayOfBill(month, day)).toBe(booked)
  })

  it('are never pending, stay in their month, and say by their sign what they are', () => {
    fc.assert(
      fc.property(anyMonth, fc.integer({ min: 1, max: 26 }), fc.boolean(), (month, day, isEarned) => {
        const cents = isEarned ? ([-300, -200] as const) : ([200, 300] as const)
        const [entry] = billsIn(month, 'seed', [{ ...bill, day, cents }])
        expect(entry?.happened).toBe(entry?.posted)
        expect(monthOf(entry?.posted ?? '')).toBe(month)
        expect(entry?.kind).toBe(isEarned ? 'income' : 'expense')
        expect(Math.abs(entry?.cents ?? 0)).toSatisfy((sum: number) => sum >= 200 && sum <= 300)
      }),
    )
  })

  it('of some months are not there in the others', () => {
    const yearly: Bill = { ...bill, months: [3] }
    const found = monthsBetween('2026-01', '2026-12').filter(
      (month) => billsIn(month, 's', [yearly]).length > 0,
    )
    expect(found).toEqual(['2026-03'])
  })
})

describe('purchases', () => {
  it('happen within their month and post on a weekday one to four days later', () => {
    fc.assert(
      fc.property(anyMonth, fc.string(), (month, seed) => {
        const entries = purchasesIn(month, seed, [habit])
        expect(entries.length).toSatisfy((count: number) => count >= 2 && count <= 4)
        for (const { happened, posted, cents } of entries) {
          expect(monthOf(happened)).toBe(month)
          expect([0, 6]).not.toContain(new Date(posted).getUTCDay())
          expect(daysBetween(happened, posted)).toSatisfy((days: number) => days >= 1 && days <= 4)
          expect(cents).toSatisfy((sum: number) => sum >= 100 && sum <= 900)
        }
      }),
    )
  })

  it('are the same for one seed and month, and others for another', () => {
    const once = purchasesIn('2026-07', 'seed', [habit])
    expect(purchasesIn('2026-07', 'seed', [habit])).toEqual(once)
    expect(purchasesIn('2026-08', 'seed', [habit])).not.toEqual(once)
    expect(purchasesIn('2026-07', 'other', [habit])).not.toEqual(once)
  })

  it('one habit does not change with another beside it', () => {
    const alone = purchasesIn('2026-07', 'seed', [habit])
    const beside = purchasesIn('2026-07', 'seed', [{ ...habit, text: 'CAFE' }, habit])
    expect(beside.filter(({ text }) => text === 'SHOP')).toEqual(alone)
  })

  it('refunds are expenses below zero', () => {
    const [entry] = purchasesIn('2026-07', 'seed', [{ ...habit, cents: [-500, -400] }])
    expect(entry?.kind).toBe('expense')
    expect(entry?.cents).toBeLessThan(0)
  })

  it('tipped ones are pending without the tip', () => {
    const [entry] = purchasesIn('2026-07', 'seed', [{ ...habit, cents: [1180, 1180], tipped: true }])
    expect(entry).toMatchObject({ cents: 1180, pendingCents: 1000 })
  })
})
