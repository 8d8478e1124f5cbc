import { describe, expect, it } from 'vitest'
import type { Transaction } from '../../src/model.ts'
import type { CurrencyFlow } from '../../src/snapshot/flow.ts'
import { flowTotals } from './flow-totals.ts'
import { rowsOf } from '../../src/snapshot/row.ts'
import { account, looksLike, transaction } from './build.ts'

const accounts = [
  account('checking', 'depository'),
  account('savings', 'depository'),
  account('card', 'credit'),
  account('visa', 'credit'),
  account('mortgage', 'loan'),
  account('brokerage', 'investment'),
  account('twin', 'depository', { sameAs: 'checking' }),
]
const window = { from: '2026-11-01', to: '2026-11-30', days: 30, time_zone: 'UTC' }

function flow(transactions: Transaction[]): CurrencyFlow | undefined {
  return flowTotals(rowsOf(transactions, [], accounts), window)[0]
}

/** On the 10th unless told otherwise. */
function row(accountId: string, amount: number, more: Partial<Transaction> = {}): Transaction {
  return transaction(accountId, more.date ?? '2026-11-10', amount, more)
}

describe('the window', () => {
  const pair = [
    row('checking', -700, { date: '2026-10-30', ...looksLike.transferOut }),
    row('savings', 700, { date: '2026-11-02' }),
  ]

  it('leaves a side out whose partner lies before it, and counts it as moved', () => {
    expect(flow(pair)).toMatchObject({ income: 0, transfersExcluded: 700, plainNetCashFlow: 700 })
  })

  it('counts its first and its last day, and no other', () => {
    const days = ['2026-10-31', '2026-11-01', '2026-11-30', '2026-12-01']
    expect(flow(days.map((date, n) => row('checking', -(10 ** n), { date })))).toMatchObject({
      expenses: -110,
    })
  })

  it('sees a purchase before it as the reason of a refund', () => {
    const merchant = 'Outdoor Shop'
    const rows = [row('checking', -300, { date: '2026-10-01', merchant }), row('checking', 120, { merchant })]
    expect(flow([...rows, row('checking', -150)])).toMatchObject({ income: 0, expenses: -30 })
  })
})

describe('the monthly burn', () => {
  it.each([
    [-1000, 30, -1000],
    [-1000, 7, -4286],
    [1000, 90, 333],
    [-5, 60, -3],
  ])('of %d in %d days is %d', (amount, days, burn) => {
    const rows = rowsOf([row('checking', amount)], [], accounts)
    expect(flowTotals(rows, { ...window, days })[0]?.monthlyBurn).toBe(burn)
  })
})

describe('currencies', () => {
  it('are never paired or added', () => {
    const rows = [row('checking', -700, looksLike.transferOut), row('savings', 700, { currency: 'CAD' })]
    const flows = flowTotals(rowsOf(rows, [], accounts), window)
    expect(flows).toMatchObject([
      { currency: 'USD', expenses: -700 },
      { currency: 'CAD', income: 700 },
    ])
  })

  it('that are unofficial count nowhere', () => {
    expect(flow([row('checking', 5, { currency: 'BTC' })])).toBeUndefined()
  })
})
