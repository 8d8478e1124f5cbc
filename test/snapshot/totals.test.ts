import { describe, expect, it } from 'vitest'
import type { CurrencyFlow } from '../../src/snapshot/flow.ts'
import { totals } from '../../src/snapshot/totals.ts'
import { account } from './build.ts'

const accounts = [
  account('checking', 'depository', { current: 410_005 }),
  account('card', 'credit', { current: 80_000 }),
]

const flow: CurrencyFlow = {
  currency: 'USD',
  income: 300_000,
  expenses: -340_050,
  netCashFlow: -40_050,
  monthlyBurn: -40_050,
  plainNetCashFlow: -60_050,
  pendingNet: -1_234,
  transfersExcluded: 70_000,
  cardPaymentsExcluded: 30_000,
  unmatchedTransfers: { count: 2, sum: -5_001 },
}

describe('totals', () => {
  it('are decimal numbers in major units, named as the tools return them', () => {
    expect(totals(accounts, [flow])).toEqual([
      {
        currency: 'USD',
        bank_balance: 4100.05,
        credit_owed: 800,
        loans_owed: 0,
        investments: 0,
        net_worth: 3300.05,
        income: 3000,
        expenses: -3400.5,
        net_cash_flow: -400.5,
        monthly_burn: -400.5,
        runway_months: 10.24,
        plain_net_cash_flow: -600.5,
        pending_net: -12.34,
        transfers_excluded: 700,
        card_payments_excluded: 300,
        unmatched_transfers: { count: 2, sum: -50.01 },
      },
    ])
  })

  it('have no flow figures while none is known', () => {
    expect(Object.keys(totals(accounts, null)[0] ?? {})).toEqual([
      'currency',
      'bank_balance',
      'credit_owed',
      'loans_owed',
      'investments',
      'net_worth',
    ])
  })

  it('have a flow of 0 where the flow is known and nothing happened', () => {
    expect(totals(accounts, [])).toMatchObject([
      { income: 0, expenses: 0, net_cash_flow: 0, unmatched_transfers: { count: 0, sum: 0 } },
    ])
  })

  it('have a row for a currency that only moved', () => {
    const rows = totals(accounts, [{ ...flow, currency: 'JPY' }])
    expect(rows).toMatchObject([
      { currency: 'USD', bank_balance: 4100.05, income: 0 },
      { currency: 'JPY', bank_balance: 0, income: 300_000, runway_months: 0 },
    ])
  })

  it('are none for a household without accounts', () => expect(totals([], null)).toEqual([]))

  it.each([
    [900_000, -100_000, 9],
    [100_000, -300_000, 0.33],
    [500, -100_000, 0.01],
    [0, -100_000, 0],
    [-5_000, -100_000, 0],
    [900_000, 0, undefined],
    [900_000, 100, undefined],
  ])('with %d in the bank and %d a month last %d months', (current, monthlyBurn, months) => {
    const [row] = totals([account('checking', 'depository', { current })], [{ ...flow, monthlyBurn }])
    expect(row?.runway_months).toBe(months)
  })
})
