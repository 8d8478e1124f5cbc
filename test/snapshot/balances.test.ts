import { describe, expect, it } from 'vitest'
import { balances, unclearBalances, unofficialCurrencies, withWorth } from '../../src/snapshot/balances.ts'
import { account, holding } from './build.ts'

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

describe('accounts of which no balance is told', () => {
  const none = { current: null, available: null }
  const broker = account('broker', 'investment', none)
  const position = (value: number | null, currency = 'USD') =>
    holding('broker', 'VTI', 0, { value, currency })
  const why = (...args: Parameters<typeof unclearBalances>) =>
    unclearBalances(...args).map((one) => [one.account.accountId, one.why])

  it.each([
    ['all of its positions', [position(700_000), position(300_000)], 1_000_000, []],
    ['those with a value', [position(700_000), position(null)], 700_000, [['broker', 'partly']]],
    ['those in its currency', [position(7), position(9, 'EUR')], 7, [['broker', 'partly']]],
    ['nothing', [position(null), position(9, 'EUR'), holding('else', 'VTI', 5)], 0, [['broker', 'unknown']]],
  ] as const)('are worth, where something is invested, %s', (_case, holdings, investments, unclear) => {
    expect(balances(withWorth([broker], holdings))).toMatchObject([{ investments }])
    expect(why([broker], holdings)).toEqual(unclear)
  })

  it('are what the bank tells where it tells something', () => {
    const told = account('broker', 'investment', { current: 50 })
    expect(balances(withWorth([told], [position(700)]))).toMatchObject([{ investments: 50 }])
    expect(why([told], [position(null)])).toEqual([])
  })

  it('are named, with those of a type that is in no total, but for what counts nowhere', () => {
    const accounts = [
      account('savings', 'depository', none),
      account('checking', 'depository', { current: null, available: 5 }),
      account('card', 'credit', { current: null, available: 5, limit: null }),
      account('loan', 'loan', none),
      account('payroll', 'other', { current: 5 }),
      account('wallet', 'investment', { ...none, currency: 'ETH' }),
      account('twin', 'depository', { ...none, sameAs: 'savings' }),
    ]
    expect(why(accounts, [])).toEqual([
      ['savings', 'unknown'],
      ['card', 'unknown'],
      ['loan', 'unknown'],
      ['payroll', 'type'],
    ])
  })
})
