import { describe, expect, it } from 'vitest'
import { crossBorder } from '../../src/simulator/household-cross-border.ts'
import { entriesThrough } from '../../src/simulator/household-entry.ts'
import { householdTruth } from '../../src/simulator/household-truth.ts'
import { institutionOf } from '../../src/simulator/institutions.ts'
import { bankDataOf } from '../../src/simulator/login.ts'

const today = '2026-11-21'
const household = crossBorder('user_good')
const october = { from: '2026-10-01', to: '2026-10-31' }
const entries = entriesThrough(household, '2026-10').filter(({ posted }) => posted >= '2025-11-01')
const banks = ['ins_43', 'ins_900103', 'ins_900104'] as const

function bankOn(institutionId: string) {
  return bankDataOf({ institutionId, username: 'user_good', password: 'pass_good', itemSeed: 'item', today })
}

describe('the household of two countries', () => {
  it('has a Canadian bank, and a bank and a broker in the United States', () => {
    expect(banks.map((id) => institutionOf(id)?.country_codes)).toEqual([['CA'], ['US'], ['US']])
  })

  it.each([
    ['ins_43', 'CAD'],
    ['ins_900103', 'USD'],
    ['ins_900104', 'USD'],
  ])('all that %s shows is in %s', (institutionId, currency) => {
    const { accounts, transactions, holdings, investmentTransactions, securities } = bankOn(institutionId)
    const shown = [...transactions, ...holdings, ...investmentTransactions, ...securities]
    expect(accounts.length + shown.length).toBeGreaterThan(10)
    const coded = [...accounts.map(({ balances }) => balances), ...shown]
    expect(new Set(coded.map((one) => one.iso_currency_code))).toEqual(new Set([currency]))
  })

  it('is paid in Canadian dollars alone', () => {
    const salaries = entries.filter(({ text }) => text === 'MAPLELEAF SOFTWARE PAYROLL')
    expect(salaries).toHaveLength(24)
    expect(new Set(salaries.map(({ account }) => account))).toEqual(new Set(['chequing']))
  })

  it('buys American dollars every month: two different sums, which no currency has both of', () => {
    const sold = entries.filter(({ kind, cents }) => kind === 'exchange' && cents > 0)
    expect(sold).toHaveLength(12)
    for (const { cents, account, partnerKey } of sold) {
      const bought = entries.find(({ key }) => key === partnerKey)
      expect([account, bought?.account]).toEqual(['chequing', 'us-checking'])
      const rate = cents / -(bought?.cents ?? Number.NaN)
      expect(rate).toBeGreaterThan(1.33)
      expect(rate).toBeLessThan(1.42)
    }
  })

  it('counts what was bought as come in there, and what was paid for it as gone here', () => {
    const [cad] = householdTruth(household, { ...october, currency: 'CAD' })
    const [usd] = householdTruth(household, { ...october, currency: 'USD' })
    const [sold, bought] = entries.filter(
      ({ kind, posted }) => kind === 'exchange' && posted.startsWith('2026-10'),
    )
    // Beside the friend's money nothing else comes in there; two salaries and interest come in here.
    expect(usd?.income).toBe(25_000 - (bought?.cents ?? 0))
    expect(cad?.income).toSatisfy((cents: number) => cents > 2 * 318_422 && cents < 2 * 318_422 + 5_000)
    expect(cad?.expenses).toBeLessThan(-(sold?.cents ?? 0) - 187_500)
    expect(usd?.transfers).toBe(20_000)
  })

  it('has the same figure in both currencies within days, which belongs to two people', () => {
    const out = entries.filter(({ text }) => text === 'INTERAC E-TRANSFER TO J LALONDE')
    const into = entries.filter(({ text }) => text === 'ZELLE FROM D WHITMAN')
    expect(out.map(({ cents }) => cents)).toEqual(into.map(({ cents }) => -cents))
    expect([...out, ...into].every(({ partner }) => partner === null)).toBe(true)
  })
})
