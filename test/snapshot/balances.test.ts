import { describe, expect, it } from 'vitest'
import { balances, unofficialCurrencies } from '../../src/snapshot/balances.ts'
import { account } from './build.ts'

describe('balances', () => {
  it('adds what is owned and takes off what is owed', () => {
    const accounts = [
      account('checking', 'depository', { current: 410_000 }),
      account('savings', 'depository', { current: 1_200_000 }),
      account('card', 'credit', { current: 80_000 }),
      account('mortgage', 'loan', { current: 24_000_000 }),
      account('brokerage', 'investment', { current: 5_000_000, available: 120_000 }),
      account('payroll', 'other', { current: 999 }),
    ]
    expect(balances(accounts)).toEqual([
      {
        currency: 'USD',
        bankBalance: 1_610_000,
        creditOwed: 80_000,
        loansOwed: 24_000_000,
        investments: 5_000_000,
        netWorth: -17_470_000,
      },
    ])
  })

  it.each([
    ['depository', { current: null, available: 500 }, { bankBalance: 500 }],
    ['depository', { current: 0, available: 500 }, { bankBalance: 0 }],
    ['depository', { current: -70, available: null }, { bankBalance: -70, netWorth: -70 }],
    ['depository', { current: null, available: null }, { bankBalance: 0 }],
    ['credit', { current: null, available: 700, limit: 1000 }, { creditOwed: 300, netWorth: -300 }],
    ['credit', { current: null, available: 700, limit: null }, { creditOwed: 0 }],
    ['credit', { current: null, available: null, limit: 1000 }, { creditOwed: 0 }],
    ['credit', { current: -25, available: 1025, limit: 1000 }, { creditOwed: -25, netWorth: 25 }],
    ['investment', { current: null, available: 500 }, { investments: 0 }],
    ['loan', { current: null, available: 500 }, { loansOwed: 0 }],
  ] as const)('of a %s account with %j are %j', (type, amounts, expected) => {
    expect(balances([account('one', type, amounts)])).toMatchObject([expected])
  })

  it('counts an account that two logins show once', () => {
    const accounts = [
      account('checking', 'depository', { current: 500 }),
      account('twin', 'depository', { current: 500, sameAs: 'checking' }),
    ]
    expect(balances(accounts)).toMatchObject([{ bankBalance: 500 }])
  })

  it('never adds currencies; the one of most accounts comes first', () => {
    const accounts = [
      account('konto', 'depository', { current: 900, currency: 'EUR' }),
      account('checking', 'depository', { current: 500 }),
      account('card', 'credit', { current: 100 }),
      account('chequing', 'depository', { current: 300, currency: 'CAD' }),
    ]
    expect(balances(accounts)).toMatchObject([
      { currency: 'USD', netWorth: 400 },
      { currency: 'CAD', netWorth: 300 },
      { currency: 'EUR', netWorth: 900 },
    ])
  })

  it('leaves unofficial currencies out, and names them', () => {
    const accounts = [
      account('wallet', 'investment', { current: 5, currency: 'ETH' }),
      account('vault', 'investment', { current: 5, currency: 'BTC' }),
      account('other vault', 'investment', { current: 5, currency: 'BTC' }),
      account('twin', 'investment', { current: 5, currency: 'DOGE', sameAs: 'wallet' }),
      account('checking', 'depository', { current: 500 }),
    ]
    expect(balances(accounts)).toMatchObject([{ currency: 'USD', netWorth: 500 }])
    expect(unofficialCurrencies(accounts)).toEqual(['BTC', 'ETH'])
  })
})
