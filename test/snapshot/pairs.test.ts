import { describe, expect, it } from 'vitest'
import type { Transaction } from '../../src/model.ts'
import { pairs } from '../../src/snapshot/pairs.ts'
import { type FlowRow, rowsOf } from '../../src/snapshot/row.ts'
import { account, looksLike, transaction } from './build.ts'

const accounts = [
  account('checking', 'depository'),
  account('savings', 'depository'),
  account('second', 'depository'),
  account('card', 'credit'),
  account('loan', 'loan'),
  account('line', 'loan'),
  account('brokerage', 'investment'),
  account('ira', 'investment'),
]
const out = looksLike.transferOut
const into = looksLike.transferIn

/** Pairs by day of the month and account: '3 checking -> 5 savings'. */
function paired(transactions: Transaction[]): string[] {
  const named = (row: FlowRow) => `${Number(row.date.slice(8))} ${row.accountId}`
  const found = [...pairs(rowsOf(transactions, [], accounts))].filter(([row]) => row.amount < 0)
  return found.map(([from, to]) => `${named(from)} -> ${named(to)}`).sort()
}

function row(day: number, accountId: string, amount: number, more: Partial<Transaction> = {}): Transaction {
  return transaction(accountId, `2026-11-${String(day).padStart(2, '0')}`, amount, more)
}

describe('pairs', () => {
  it('finds all of four equal transfers, though the middle two are nearest', () => {
    expect(
      paired([
        row(1, 'checking', -500, out),
        row(3, 'savings', 500, into),
        row(4, 'checking', -500, out),
        row(6, 'savings', 500, into),
      ]),
    ).toEqual(['1 checking -> 3 savings', '4 checking -> 6 savings'])
  })

  it('finds them too where only one side says so', () => {
    expect(
      paired([
        row(1, 'checking', -500, out),
        row(3, 'savings', 500),
        row(4, 'checking', -500, out),
        row(6, 'savings', 500),
      ]),
    ).toHaveLength(2)
  })

  it('leaves neither silent side alone where two equal transfers each say so on the other side only', () => {
    const speaking = [row(4, 'checking', -500, out), row(4, 'second', 500, into)]
    const silent = [row(3, 'savings', -500), row(6, 'savings', 500)]
    expect(paired([...speaking, ...silent])).toEqual(['3 savings -> 4 second', '4 checking -> 6 savings'])
    for (const one of silent) expect(paired([...speaking, one])).toEqual(['4 checking -> 4 second'])
  })

  it('parts three pairs for that, and not a chain over weeks', () => {
    const pairOf = (day: number) => [row(day, 'checking', -500, out), row(day, 'second', 500, into)]
    const first = row(1, 'savings', 500)
    const three = [first, ...[2, 6, 10].flatMap(pairOf), row(14, 'savings', -500)]
    expect(paired(three)).toEqual([
      '10 checking -> 6 second',
      '14 savings -> 10 second',
      '2 checking -> 1 savings',
      '6 checking -> 2 second',
    ])
    const days = [2, 6, 10, 14]
    const four = [first, ...days.flatMap(pairOf), row(18, 'savings', -500)]
    expect(paired(four)).toEqual(days.map((day) => `${day} checking -> ${day} second`).sort())
  })

  it('takes the nearest day', () => {
    expect(
      paired([row(3, 'savings', 500, into), row(4, 'checking', -500, out), row(8, 'savings', 500, into)]),
    ).toEqual(['4 checking -> 3 savings'])
  })

  it('takes the nearest day also where a farther one is earlier', () => {
    expect(
      paired([row(1, 'savings', 500, into), row(4, 'checking', -500, out), row(5, 'savings', 500, into)]),
    ).toEqual(['4 checking -> 5 savings'])
  })

  it('takes the earlier of two days as near, whatever the order of the rows', () => {
    const rows = [row(2, 'savings', 500, into), row(4, 'checking', -500, out), row(6, 'savings', 500, into)]
    expect(paired(rows)).toEqual(['4 checking -> 2 savings'])
    expect(paired(rows.toReversed())).toEqual(['4 checking -> 2 savings'])
  })

  it('takes the side that looks like it rather than a nearer one that does not', () => {
    expect(
      paired([row(4, 'checking', -500, out), row(4, 'loan', 500), row(7, 'savings', 500, into)]),
    ).toEqual(['4 checking -> 4 loan'])
    expect(
      paired([row(4, 'checking', -500, out), row(4, 'card', 500), row(7, 'savings', 500, into)]),
    ).toEqual(['4 checking -> 7 savings'])
  })

  it('does not pair both of two equal plain rows with one transfer', () => {
    const transfer = [row(4, 'checking', -500, out), row(5, 'savings', 500, into)]
    const plain = [row(5, 'savings', -500), row(4, 'checking', 500)]
    expect(paired([...plain, ...transfer])).toEqual(['4 checking -> 5 savings'])
  })

  it.each([
    ['the same account', row(4, 'checking', -500, out), row(4, 'checking', 500, into)],
    ['another amount', row(4, 'checking', -500, out), row(4, 'savings', 501, into)],
    ['the same sign', row(4, 'checking', -500, out), row(4, 'savings', -500, into)],
    ['another currency', row(4, 'checking', -500, out), row(4, 'savings', 500, { currency: 'EUR' })],
    ['two accounts that do not count', row(4, 'brokerage', -500, out), row(4, 'ira', 500, into)],
    ['two loans', row(4, 'line', -500, out), row(4, 'loan', 500, into)],
    ['a purchase on a card', row(4, 'card', -500), row(4, 'savings', 500, into)],
    [
      'a card payment without a card',
      row(4, 'checking', -500, looksLike.cardPayment),
      row(4, 'savings', 500),
    ],
    ['a card payment into a loan', row(4, 'checking', -500, looksLike.cardPayment), row(4, 'loan', 500)],
    [
      'a loan payment without a loan',
      row(4, 'checking', -500, looksLike.loanPayment),
      row(4, 'savings', 500, into),
    ],
    [
      'a loan payment and a refund on a card',
      row(4, 'checking', -500, looksLike.loanPayment),
      row(4, 'card', 500),
    ],
    ['a fee', row(4, 'checking', -500, looksLike.fee), row(4, 'savings', 500, into)],
    ['interest', row(4, 'checking', -500, out), row(4, 'savings', 500, looksLike.interest)],
    ['a dividend', row(4, 'checking', -500, out), row(4, 'savings', 500, looksLike.dividend)],
  ])('are none over %s', (_, a, b) => {
    expect(paired([a, b])).toEqual([])
    expect(paired([b, a])).toEqual([])
  })

  it.each([
    [
      'a card paid from a savings account by text',
      row(4, 'savings', -500),
      row(6, 'card', 500, { name: 'PAYMENT' }),
    ],
    [
      'a card that says loan payment',
      row(4, 'checking', -500, looksLike.loanPayment),
      row(4, 'card', 500, into),
    ],
    ['a loan payment', row(4, 'checking', -500), row(5, 'loan', 500)],
    ['a loan paid by card', row(4, 'card', -500, out), row(5, 'loan', 500)],
  ])('are found for %s', (_, a, b) => {
    expect(paired([a, b])).toHaveLength(1)
    expect(paired([b, a])).toHaveLength(1)
  })
})
