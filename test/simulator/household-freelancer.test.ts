import { describe, expect, it } from 'vitest'
import { monthOf, monthsBetween } from '../../src/simulator/calendar.ts'
import { entriesThrough } from '../../src/simulator/household-entry.ts'
import { freelancer } from '../../src/simulator/household-freelancer.ts'
import { householdTruth } from '../../src/simulator/household-truth.ts'
import { bankDataOf } from '../../src/simulator/login.ts'

const today = '2026-11-21'
const household = freelancer('user_good')
const months = monthsBetween('2025-11', '2026-10')
const truth = householdTruth(household, { from: '2025-11-01', to: '2026-10-31' })
const entries = entriesThrough(household, '2026-10').filter(({ posted }) => posted >= '2025-11-01')

function rowsAt(institutionId: string) {
  const login = { username: 'user_good', password: 'pass_good', itemSeed: 'item', today }
  return bankDataOf({ ...login, institutionId }).transactions.filter(({ pending }) => !pending)
}

function named(text: string) {
  return entries.filter((entry) => entry.text === text)
}

describe('the freelancer', () => {
  it('has two banks', () => {
    const banks = new Set(household.accounts.map(({ institutionId }) => institutionId))
    expect([...banks]).toEqual(['ins_900101', 'ins_900102'])
    expect(rowsAt('ins_900101').length).toBeGreaterThan(400)
    expect(rowsAt('ins_900102').length).toBeGreaterThan(400)
  })

  it('earns very unevenly, from five clients', () => {
    const earned = truth.map(({ income }) => income)
    expect(Math.max(...earned)).toBeGreaterThan(2 * Math.min(...earned))
    const clients = new Set(
      entries.filter((one) => one.account === 'business' && one.kind === 'income').map((one) => one.text),
    )
    expect(clients.size).toBe(5)
  })

  it('is paid on any day of the month', () => {
    const days = named('ACH CREDIT FERNWOOD STUDIO INV').map(({ posted }) => posted.slice(8))
    expect(new Set(days).size).toBeGreaterThan(4)
  })

  it('pays taxes four times a year, a quarter of the pay and nothing else, from what was set aside', () => {
    const paid = named('IRS USATAXPYMT')
    expect(paid.map(({ posted }) => monthOf(posted))).toEqual(['2026-01', '2026-04', '2026-06', '2026-09'])
    for (const tax of paid) {
      const fetched = entries.filter(
        ({ account, partner, cents }) => account === 'taxes' && partner === 'business' && cents === tax.cents,
      )
      expect(fetched).toHaveLength(1)
      expect(fetched[0]?.posted.localeCompare(tax.posted)).not.toBe(1)
    }
  })

  it('pays the business card from the business account', () => {
    const sent = named('HERRINGBONE BUSINESS CREDIT CARD AUTOPAY')
    expect(sent.map(({ account, partner }) => [account, partner])).toEqual(
      months.map(() => ['business', 'business-card']),
    )
  })

  it.each([
    ['ADOBE CREATIVE CLOUD', 500, '2026-06'],
    ['FIGMA MONTHLY RENEWAL', 300, '2026-03'],
    ['HOSTBARN.COM HOSTING', 250, '2026-09'],
  ])('pays more for %s, by %d cents, from %s on', (text, rise, since) => {
    const price = (month: string) => named(text).find(({ posted }) => monthOf(posted) === month)?.cents ?? 0
    const [first = ''] = months
    for (const month of months) expect(price(month)).toBe(price(first) + (month >= since ? rise : 0))
  })

  it('has fees, gets money back from shops, and sends to and gets from people', () => {
    const texts = entries.map(({ text }) => text)
    expect(texts).toContain('MONTHLY ANALYSIS FEE')
    expect(texts).toContain('VENMO PAYMENT MARCUS T')
    expect(texts).toContain('ZELLE FROM ANNA K')
    const refunds = entries.filter(({ kind, cents }) => kind === 'expense' && cents < 0)
    expect(new Set(refunds.map(({ account }) => account))).toEqual(new Set(['business-card', 'personal']))
  })

  it('moves its own money between all its accounts, each row naming its other side', () => {
    const byKey = new Map(entriesThrough(household, '2026-11').map((entry) => [entry.key, entry]))
    const moved = entries.filter(({ partner }) => partner !== null)
    expect(new Set(moved.map(({ account }) => account)).size).toBe(household.accounts.length)
    for (const entry of moved) {
      const other = byKey.get(entry.partnerKey ?? '')
      expect(other).toMatchObject({ account: entry.partner, cents: -entry.cents, partnerKey: entry.key })
    }
  })

  it('lives another life with another seed', () => {
    expect(freelancer('other').entriesIn('2026-10', [])).not.toEqual(household.entriesIn('2026-10', []))
  })
})
