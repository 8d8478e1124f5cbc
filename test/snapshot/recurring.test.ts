import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Transaction } from '../../src/model.ts'
import { recurring } from '../../src/snapshot/recurring.ts'
import { type FlowRow, rowsOf } from '../../src/snapshot/row.ts'
import { addDays } from '../../src/snapshot/window.ts'
import { bankingDay } from '../../src/simulator/calendar.ts'
import { entriesThrough } from '../../src/simulator/household-entry.ts'
import { family } from '../../src/simulator/household-family.ts'
import { account, transaction } from './build.ts'

const own = [account('checking', 'depository'), account('card', 'credit'), account('other', 'depository')]

interface Times {
  readonly amount?: number | readonly number[]
  readonly accountId?: string
  readonly more?: Partial<Transaction>
}

/** The same thing on these days. */
function on(dates: readonly string[], merchant: string, { amount = -999, accountId, more }: Times = {}) {
  return dates.map((date, index) => {
    const each = typeof amount === 'number' ? amount : (amount[index] ?? 0)
    return transaction(accountId ?? 'card', date, each, { merchant, name: merchant.toUpperCase(), ...more })
  })
}

function found(transactions: readonly Transaction[], asOf?: string) {
  return recurring(rowsOf(transactions, [], own), asOf)
}

function everyDays(from: string, period: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addDays(from, index * period))
}

const months2026 = ['01', '02', '03', '04', '05', '06', '07', '08'].map((month) => `2026-${month}`)

describe('the cadence', () => {
  it.each([
    ['weekly', everyDays('2026-03-02', 7, 5), '2026-04-06'],
    ['biweekly', everyDays('2026-01-02', 14, 6), '2026-03-27'],
    ['monthly', months2026.map((month) => `${month}-05`), '2026-09-05'],
    ['quarterly', ['2025-10-03', '2026-01-03', '2026-04-03'], '2026-07-03'],
    ['yearly', ['2025-03-09', '2026-03-09'], '2027-03-09'],
    ['semimonthly', months2026.flatMap((month) => [`${month}-01`, `${month}-15`]), '2026-09-01'],
  ] as const)('%s is seen, and when it is due next', (cadence, dates, nextDate) => {
    expect(found(on(dates, 'Club'))).toMatchObject([
      { cadence, nextDate, count: dates.length, dates, name: 'Club', sign: 'out', lastAmount: -999 },
    ])
  })

  it('is that of the month where its last day is meant', () => {
    const ends = ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31', '2026-06-30']
    expect(found(on(ends, 'Rent'))).toMatchObject([{ cadence: 'monthly', nextDate: '2026-07-31' }])
  })

  it('stays what it is when weekends move the day', () => {
    for (const day of ['01', '08', '15', '28']) {
      const dates = months2026.map((month) => bankingDay(`${month}-${day}`))
      expect(found(on(dates, 'Rent'))).toMatchObject([{ cadence: 'monthly', nextDate: `2026-09-${day}` }])
    }
  })

  it('survives one turn that was left out, and a day on which the account changed', () => {
    const dates = months2026.map((month) => `${month}-05`)
    const skipped = dates.filter((_, index) => index !== 3)
    const moved = on(skipped, 'Gym').map((row, index) => (index < 5 ? row : { ...row, accountId: 'other' }))
    expect(found(moved)).toMatchObject([{ cadence: 'monthly', count: 7, accountId: 'other' }])
  })

  it('is found for a bill whose text has another number each time', () => {
    const rows = months2026.map((month, index) =>
      transaction('checking', `${month}-11`, -4_000 - 977 * index, {
        name: `WATER DEPT REF ${index}A77 ${month}`,
      }),
    )
    expect(found(rows)).toMatchObject([{ cadence: 'monthly', merchant: null, typicalAmount: -6_931 }])
  })
})

describe('the price', () => {
  const dates = months2026.map((month) => `${month}-09`)

  it('that went up is told with what it was and since when', () => {
    const amount = [-1_549, -1_549, -1_549, -1_549, -1_549, -1_549, -1_799, -1_799]
    expect(found(on(dates, 'Netflix', { amount }))).toMatchObject([
      { lastAmount: -1_799, previousAmount: -1_549, changedOn: '2026-07-09', typicalAmount: -1_549 },
    ])
  })

  it('that did not change, or changes every month, was never another', () => {
    const bill = dates.map((_, index) => -7_000 - 613 * ((index * 5) % 8))
    for (const amount of [-1_549, bill])
      expect(found(on(dates, 'Bill', { amount }))).toMatchObject([{ previousAmount: null, changedOn: null }])
  })
})

describe('what is kept apart', () => {
  const dates = months2026.map((month) => `${month}-09`)

  it('money in and money out, and currencies', () => {
    const rows = [
      ...on(dates, 'Shop'),
      ...on(dates, 'Shop', { amount: 500 }),
      ...on(dates, 'Shop', { more: { currency: 'CAD' } }),
    ]
    expect(found(rows).map(({ sign, currency }) => `${sign} ${currency}`)).toEqual([
      'out CAD',
      'in USD',
      'out USD',
    ])
  })

  it('a subscription from the purchases at the same shop', () => {
    const shopping = [
      '01-12',
      '01-13',
      '02-01',
      '02-20',
      '02-21',
      '03-30',
      '05-02',
      '05-03',
      '07-19',
      '08-01',
    ]
    const amount = shopping.map((_, index) => -1_013 - 2_377 * index)
    const rows = [
      ...on(dates, 'Amazon', { amount: -1_499 }),
      ...on(
        shopping.map((day) => `2026-${day}`),
        'Amazon',
        { amount },
      ),
    ]
    expect(found(rows)).toMatchObject([{ cadence: 'monthly', lastAmount: -1_499, count: 8 }])
  })

  it('what is pending, without a text, on other accounts, or seen through another login', () => {
    expect(found(on(dates, 'Club', { more: { pending: true } }))).toEqual([])
    const kept = rowsOf(on(dates, 'Club'), [], own)
    expect(recurring(kept.map((row): FlowRow => ({ ...row, transaction: null, merchant: null })))).toEqual([])
    for (const changed of [{ duplicate: true }, { accountType: 'loan' as const }])
      expect(recurring(kept.map((row): FlowRow => ({ ...row, ...changed })))).toEqual([])
  })

  it('what is over: a subscription that has not come for half a turn', () => {
    const rows = on(dates, 'Club')
    expect(found(rows, '2026-09-20')).toHaveLength(1)
    expect(found(rows, '2026-09-25')).toEqual([])
  })
})

describe('what does not recur', () => {
  it('shopping at one place, however often and at whatever price', () => {
    const day = fc.integer({ min: 0, max: 364 })
    const trips = fc.array(fc.tuple(day, fc.integer({ min: 500, max: 20_000 })), {
      minLength: 12,
      maxLength: 60,
    })
    let seen = 0
    fc.assert(
      fc.property(trips, (all) => {
        const rows = all.map(([at, cents]) =>
          transaction('card', addDays('2026-01-01', at), -cents, { merchant: 'Shop' }),
        )
        seen += found(rows, '2026-12-31').length
      }),
      { numRuns: 500, seed: 7 },
    )
    expect(seen).toBe(0)
  })

  it('the same price on days without a rule, two of anything but a year or a quarter apart, one of anything', () => {
    const days = ['2026-01-04', '2026-01-05', '2026-01-19', '2026-02-22', '2026-02-23', '2026-04-01']
    expect(found(on(days, 'Coffee'))).toEqual([])
    expect(found(on(['2026-03-01', '2026-04-01'], 'Club'))).toEqual([])
    expect(found(on(['2025-04-01', '2026-04-01'], 'Club', { amount: [-100, -101] }))).toEqual([])
    expect(found(on(['2026-04-01'], 'Club'))).toEqual([])
    expect(found([])).toEqual([])
  })
})

describe('the household', () => {
  const to = '2026-10-31'
  const entries = entriesThrough(family('recurring'), '2026-10')
  const rows = entries
    .filter(
      ({ posted, kind }) =>
        posted > '2025-09-30' && posted <= to && (kind === 'income' || kind === 'expense'),
    )
    .map(({ account: at, posted, cents, text, merchant }) =>
      transaction(at.includes('card') ? 'card' : 'checking', posted, -cents, { name: text, merchant }),
    )
  const series = found(rows, to)
  const cadenceOf = new Map(series.map(({ name, cadence }) => [name, cadence]))

  it('has its salaries, its mortgage, its bills and its subscriptions', () => {
    const expected = {
      'NORTHWIND LABS PAYROLL DIR DEP': 'semimonthly',
      'CITY OF ELMWOOD SCHOOLS PAYROLL': 'semimonthly',
      'MAPLE STREET DAYCARE': 'semimonthly',
      'INTEREST PAYMENT': 'monthly',
      'FIRST PLATYPUS MORTGAGE PMT': 'monthly',
      'ELMWOOD ELECTRIC BILLPAY': 'monthly',
      'ELMWOOD GAS UTILITY WEB PMT': 'monthly',
      'ELMWOOD WATER DEPT': 'monthly',
      'FIBERLANE INTERNET': 'monthly',
      'CIRRUS MOBILE AUTOPAY': 'monthly',
      'HARBOR MUTUAL AUTO INSURANCE': 'monthly',
      'HARBOR MUTUAL LIFE INSURANCE': 'monthly',
      Netflix: 'monthly',
      'Daily Courier': 'monthly',
      'Pine Street Fitness': 'monthly',
      Spotify: 'monthly',
      'MONTHLY SERVICE FEE': 'quarterly',
    }
    expect(Object.fromEntries(cadenceOf)).toMatchObject(expected)
  })

  it('has none of its shopping', () => {
    const shops = new Set(
      entries.filter(({ account: at }) => at.includes('card')).map((entry) => entry.merchant),
    )
    for (const subscription of ['Netflix', 'Daily Courier', 'Pine Street Fitness', 'Spotify'])
      shops.delete(subscription)
    expect([...cadenceOf.keys()].filter((name) => shops.has(name))).toEqual([])
  })

  it('is due in order, each within its next turn', () => {
    const next = series.map(({ nextDate }) => nextDate)
    expect(next).toEqual(next.toSorted())
    for (const { nextDate, dates } of series) expect(nextDate > (dates.at(-1) ?? '')).toBe(true)
  })
})
