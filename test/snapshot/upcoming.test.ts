import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account, Liability, Transaction } from '../../src/model.ts'
import { judge } from '../../src/snapshot/judge.ts'
import { rowsOf } from '../../src/snapshot/row.ts'
import { upcoming } from '../../src/snapshot/upcoming.ts'
import { account, looksLike, transaction } from './build.ts'

const checking = account('checking', 'depository', { current: 100_000 })
const card = account('card', 'credit', { current: 50_000 })
const mortgage = account('mortgage', 'loan')
const own = [checking, card, mortgage]
const span = { from: '2026-11-10', to: '2026-12-09' }
const months = ['07', '08', '09', '10'].map((month) => `2026-${month}`)

function liability(more: Partial<Liability> = {}): Liability {
  return {
    itemId: 'item-of-card',
    accountId: 'card',
    kind: 'credit',
    apr: '21.24',
    minimumPayment: 3_500,
    nextPaymentDueOn: '2026-11-25',
    lastStatementBalance: 40_000,
    lastStatementIssuedOn: null,
    isOverdue: false,
    currency: 'USD',
    ...more,
  }
}

const loan = liability({
  accountId: 'mortgage',
  kind: 'mortgage',
  minimumPayment: 20_000,
  nextPaymentDueOn: '2026-12-01',
  lastStatementBalance: null,
})

function monthly(day: string, amount: number, text: string, more: Partial<Transaction> = {}) {
  return months.map((month) => transaction('checking', `${month}-${day}`, amount, { name: text, ...more }))
}

/** Both sides of a payment of the card. */
function cardPaid(...days: readonly string[]) {
  return days.flatMap((date) => [
    transaction('checking', date, -39_000, { name: 'CARD AUTOPAY', ...looksLike.cardPayment }),
    transaction('card', date, 39_000, { name: 'PAYMENT THANK YOU' }),
  ])
}

interface Given {
  readonly liabilities?: readonly Liability[]
  readonly accounts?: readonly Account[]
  readonly days?: typeof span
}

function see(
  transactions: readonly Transaction[],
  { liabilities = [], accounts = own, days = span }: Given = {},
) {
  const found = upcoming(liabilities, accounts, judge(rowsOf(transactions, [], accounts)), days)
  return {
    due: found.due.map(({ liability: row, payment, payer }) => [row.accountId, payment, payer]),
    expected: found.expected.map(({ series, date, amount }) => [series.name, date, amount]),
    lowest: found.lowest.map(({ account: { accountId }, current, lowest, on }) => [
      accountId,
      current,
      lowest,
      on,
    ]),
  }
}

describe('what is due', () => {
  const dueOn = (nextPaymentDueOn: string | null, isOverdue: boolean | null = false) =>
    see([], { liabilities: [liability({ nextPaymentDueOn, isOverdue })] }).due.length

  it.each([
    ['2026-11-09', 0],
    ['2026-11-10', 1],
    ['2026-12-09', 1],
    ['2026-12-10', 0],
    [null, 0],
  ])('on %s is told %i times', (day, times) => {
    expect(dueOn(day)).toBe(times)
    expect(dueOn(day, null)).toBe(times)
  })

  it('and overdue is told whenever it was due, and comes first', () => {
    expect([dueOn('2026-10-25', true), dueOn(null, true), dueOn('2027-05-01', true)]).toEqual([1, 1, 1])
    const late = { ...loan, nextPaymentDueOn: '2026-12-05', isOverdue: true }
    const { due } = see([], { liabilities: [liability(), late] })
    expect(due.map(([id]) => id)).toEqual(['mortgage', 'card'])
    expect(see([], { liabilities: [loan, liability()] }).due.map(([id]) => id)).toEqual(['card', 'mortgage'])
  })

  it('on an account that is gone, or that another login shows too, is not told', () => {
    const given = { liabilities: [liability(), liability({ accountId: 'elsewhere' })] }
    const twin = { ...card, sameAs: 'other' }
    expect(see([], { ...given, accounts: [checking, twin] }).due).toEqual([])
    expect(see([], given).due).toHaveLength(1)
  })

  it('of a card is its statement, of a loan what it asks for', () => {
    const given = [liability(), loan, liability({ accountId: 'checking', lastStatementBalance: null })]
    expect(see([], { liabilities: given }).due).toEqual([
      ['card', 40_000, null],
      ['checking', 3_500, null],
      ['mortgage', 20_000, null],
    ])
  })

  it('nobody knows where the bank tells no amount', () => {
    const silent = liability({ lastStatementBalance: null, minimumPayment: null })
    const rows = cardPaid('2026-08-21', '2026-09-21', '2026-10-21')
    const found = see(rows, { liabilities: [silent] })
    expect(found.due).toEqual([['card', null, 'checking']])
    // What was paid so far is the better guess then.
    expect(found.expected).toEqual([['CARD AUTOPAY', '2026-11-21', -39_000]])
  })
})

describe('who pays', () => {
  it('is the account that paid before', () => {
    expect(see(cardPaid('2026-10-21'), { liabilities: [liability()] })).toMatchObject({
      due: [['card', 40_000, 'checking']],
      lowest: [['checking', 100_000, 60_000, '2026-11-25']],
    })
  })

  it('is not known of a card that no connected account paid, so that no balance goes down', () => {
    const paid = transaction('card', '2026-10-21', 39_000, { name: 'PAYMENT THANK YOU' })
    expect(see([paid], { liabilities: [liability()] })).toMatchObject({
      due: [['card', 40_000, null]],
      lowest: [['checking', 100_000, 100_000, '2026-11-10']],
    })
  })

  it('of a loan without rows of its own is known by what looks like it', () => {
    const rows = monthly('28', -20_000, 'HOME LOAN PMT', looksLike.loanPayment)
    const payerOf = (more: Partial<Liability>, paid: readonly Transaction[] = rows) =>
      see(paid, { liabilities: [{ ...loan, ...more }] }).due[0]?.[2]
    expect(payerOf({})).toBe('checking')
    expect(payerOf({ minimumPayment: 15_000 })).toBe('checking')
    expect(payerOf({ minimumPayment: 20_001 })).toBeNull()
    expect(payerOf({ minimumPayment: 9_000 })).toBeNull()
    expect(payerOf({ nextPaymentDueOn: '2026-11-15' })).toBeNull()
    expect(payerOf({ currency: 'CAD' })).toBeNull()
    expect(payerOf({}, monthly('28', -20_000, 'MARKET', looksLike.groceries))).toBeNull()
  })
})

describe('a payment that is due and recurs', () => {
  const autopay = cardPaid('2026-07-21', '2026-08-21', '2026-09-21', '2026-10-21')

  it('counts once; without a due date it is expected', () => {
    expect(see(autopay).expected).toEqual([['CARD AUTOPAY', '2026-11-21', -39_000]])
    expect(see(autopay, { liabilities: [liability()] })).toEqual({
      due: [['card', 40_000, 'checking']],
      expected: [],
      lowest: [['checking', 100_000, 60_000, '2026-11-25']],
    })
  })

  it('is expected again the month after', () => {
    const days = { from: '2026-11-10', to: '2027-01-10' }
    expect(see(autopay, { liabilities: [liability()], days })).toMatchObject({
      expected: [['CARD AUTOPAY', '2026-12-21', -39_000]],
      lowest: [['checking', 100_000, 21_000, '2026-12-21']],
    })
  })

  it('of a loan counts once, too', () => {
    const rows = monthly('01', -20_000, 'HOME LOAN PMT', looksLike.loanPayment)
    const days = { from: '2026-10-20', to: '2026-11-15' }
    const given = { liabilities: [{ ...loan, nextPaymentDueOn: '2026-11-02' }], days }
    expect(see(rows, { days }).expected).toEqual([['HOME LOAN PMT', '2026-11-01', -20_000]])
    expect(see(rows, given)).toMatchObject({
      due: [['mortgage', 20_000, 'checking']],
      expected: [],
      lowest: [['checking', 100_000, 80_000, '2026-11-02']],
    })
  })

  it('counts no more once it was paid, though the statement still says so', () => {
    const days = { from: '2026-11-22', to: '2026-12-01' }
    const paid = cardPaid('2026-08-21', '2026-09-21', '2026-10-21', '2026-11-21')
    expect(see(paid, { liabilities: [liability()], days })).toMatchObject({
      due: [['card', 1_000, 'checking']],
      lowest: [['checking', 100_000, 99_000, '2026-11-25']],
    })
    const all = liability({ lastStatementBalance: 39_000 })
    expect(see(paid, { liabilities: [all], days }).due).toEqual([['card', 0, 'checking']])
    expect(see(autopay, { liabilities: [all] }).due).toEqual([['card', 39_000, 'checking']])
  })

  it.each([
    ['2026-10-31', '2026-11-01', 0],
    ['2026-10-31', '2026-10-31', 39_000],
    ['2026-10-20', '2026-10-21', 0],
    // Where the bank does not tell, since a few days after the due date before.
    [null, '2026-10-31', 0],
    [null, '2026-10-29', 39_000],
    ['2026-11-26', '2026-10-29', 39_000],
  ])('of a statement issued on %s counts what was paid on %s', (lastStatementIssuedOn, day, payment) => {
    const liabilities = [liability({ lastStatementBalance: 39_000, lastStatementIssuedOn })]
    expect(see(cardPaid(day), { liabilities }).due).toEqual([['card', payment, 'checking']])
  })

  it('that is overdue is expected today', () => {
    const late = liability({ nextPaymentDueOn: '2026-10-25', isOverdue: true })
    expect(see(cardPaid('2026-09-21'), { liabilities: [late] }).lowest).toEqual([
      ['checking', 100_000, 60_000, '2026-11-10'],
    ])
  })
})

describe('what is expected', () => {
  it('is each time that it comes, in the order of days', () => {
    const pay = monthly('05', 50_000, 'PAYROLL', looksLike.salary)
    const rent = monthly('28', -90_000, 'RENT')
    const days = { from: '2026-11-01', to: '2026-12-31' }
    expect(see([...pay, ...rent], { days }).expected).toEqual([
      ['PAYROLL', '2026-11-05', 50_000],
      ['RENT', '2026-11-28', -90_000],
      ['PAYROLL', '2026-12-05', 50_000],
      ['RENT', '2026-12-28', -90_000],
    ])
  })

  it('is expected today when it is a few days late, and next time when it is later', () => {
    const rent = monthly('06', -90_000, 'RENT')
    expect(see(rent).expected[0]).toEqual(['RENT', '2026-11-10', -90_000])
    const days = { from: '2026-11-11', to: '2026-12-10' }
    expect(see(rent, { days }).expected).toEqual([['RENT', '2026-12-06', -90_000]])
  })

  it('has the new price where it changed, else about what it was', () => {
    const dearer = monthly('20', -1_000, 'FILMS').map((row, at) =>
      at < 2 ? row : { ...row, amount: -1_200 },
    )
    expect(see(dearer).expected).toEqual([['FILMS', '2026-11-20', -1_200]])
    const amounts = [-8_000, -10_000, -9_000, -9_500]
    const power = monthly('20', 0, 'POWER').map((row, at) => ({ ...row, amount: amounts[at] ?? 0 }))
    expect(see(power).expected).toEqual([['POWER', '2026-11-20', -9_000]])
  })

  it('is no transfer between own accounts, and no refund of a card', () => {
    const savings = account('savings', 'depository')
    const moved = months.flatMap((month) => [
      transaction('checking', `${month}-15`, -7_000, { name: 'TO SAVINGS', ...looksLike.transferOut }),
      transaction('savings', `${month}-15`, 7_000, { name: 'FROM CHECKING', ...looksLike.transferIn }),
      transaction('card', `${month}-15`, 500, { name: 'STATEMENT CREDIT' }),
    ])
    expect(see(moved, { accounts: [...own, savings] }).expected).toEqual([])
  })
})

describe('the lowest balance', () => {
  it('is that of the day on which all that comes and goes leaves least', () => {
    const rows = [
      ...monthly('15', -70_000, 'RENT'),
      ...monthly('15', 20_000, 'LODGER'),
      ...monthly('20', 60_000, 'PAYROLL', looksLike.salary),
      ...monthly('28', -75_000, 'SCHOOL'),
    ]
    expect(see(rows).lowest).toEqual([['checking', 100_000, 35_000, '2026-11-28']])
  })

  it('may be below nothing, and is today where nothing goes', () => {
    expect(see(monthly('15', -150_000, 'RENT')).lowest).toEqual([
      ['checking', 100_000, -50_000, '2026-11-15'],
    ])
    expect(see([]).lowest).toEqual([['checking', 100_000, 100_000, '2026-11-10']])
  })

  it('starts from what is available where no balance is told, and is of no account that has neither', () => {
    const some = [
      account('a', 'depository', { current: null, available: 700 }),
      account('b', 'depository', { current: null }),
      account('c', 'depository', { sameAs: 'a', current: 5 }),
      account('d', 'investment', { current: 5 }),
    ]
    expect(see([], { accounts: some }).lowest).toEqual([['a', 700, 700, '2026-11-10']])
  })

  it('is the balance and every item of its account up to that day, whatever the items', () => {
    const item = fc.record({
      day: fc.integer({ min: 1, max: 28 }).map((day) => String(day).padStart(2, '0')),
      amount: fc.integer({ min: -90_000, max: 90_000 }).filter((amount) => amount !== 0),
    })
    fc.assert(
      fc.property(fc.array(item, { maxLength: 6 }), (items) => {
        const rows = items.flatMap(({ day, amount }, at) =>
          monthly(day, amount, `THING ${'abcdef'[at]}`, looksLike.groceries),
        )
        const { expected, lowest } = see(rows)
        const [[, current, least, on] = []] = lowest
        const balanceOn = (day: string) =>
          expected.reduce(
            (sum, [, date, amount]) => sum + (String(date) <= day ? Number(amount) : 0),
            100_000,
          )
        const days = expected.map(([, date]) => String(date))
        expect(current).toBe(100_000)
        expect(least).toBe(Math.min(100_000, ...days.map(balanceOn)))
        expect(least === current ? least : balanceOn(String(on))).toBe(least)
      }),
      { numRuns: 300 },
    )
  })
})
