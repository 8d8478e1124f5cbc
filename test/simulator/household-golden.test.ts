import { describe, expect, it } from 'vitest'
import type { BankData } from '../../src/simulator/bank-data.ts'
import { daysBetween } from '../../src/simulator/calendar.ts'
import { type Entry, entriesThrough } from '../../src/simulator/household-entry.ts'
import { golden, goldenSetOf } from '../../src/simulator/household-golden.ts'
import { labelsOf } from '../../src/simulator/household-labels.ts'
import { bankDataOf } from '../../src/simulator/login.ts'
import { deviationsOf, hasPlaidFiles } from './conformity.ts'

const today = '2026-11-21'
const banks = ['ins_109508', 'ins_109511', 'ins_109512'] as const

function bankOn(institutionId: string, password: string): BankData {
  return bankDataOf({ institutionId, username: 'user_golden', password, itemSeed: institutionId, today })
}

function yearOf(words: string): Entry[] {
  const set = goldenSetOf(words)
  if (set === null) throw new Error(`no such set: ${words}`)
  return entriesThrough(golden(set), '2026-10').filter(({ posted }) => posted >= '2025-11-01')
}

const hard = yearOf('hard USD 1')

/** Both sides of each move on bank, card and loan accounts: the one that money left first. */
function pairsIn(entries: readonly Entry[]): (readonly [Entry, Entry])[] {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]))
  return entries.flatMap((entry) => {
    const partner = byKey.get(entry.partnerKey ?? '')
    return partner === undefined || entry.cents < 0 ? [] : [[entry, partner] as const]
  })
}

describe.skipIf(!hasPlaidFiles)("Plaid's schemas (skipped without its published files)", () => {
  it.each(banks)(
    '%s shows only what Plaid could show, also in yen and without categories',
    (institutionId) => {
      expect(deviationsOf(bankOn(institutionId, 'hard JPY 1'))).toEqual([])
    },
  )
})

describe('the golden household', () => {
  it.each(['clean USD', 'clean CAD 1', 'soft USD 1', 'hard USD x', 'pass_good'])('is none by %j', (words) => {
    expect(() => bankOn('ins_109508', words)).toThrow('INVALID_CREDENTIALS')
  })

  it('banks at three banks', () => {
    expect(banks.map((id) => bankOn(id, 'clean USD 1').accounts.length)).toEqual([4, 2, 1])
    expect(() => bankOn('ins_56', 'clean USD 1')).toThrow('INVALID_CREDENTIALS')
  })

  it('is the same for one seed, and another for another', () => {
    expect(bankOn('ins_109511', 'hard EUR 7')).toEqual(bankOn('ins_109511', 'hard EUR 7'))
    const facts = (words: string) => yearOf(words).map(({ posted, cents }) => [posted, cents])
    expect(facts('clean EUR 1')).toEqual(facts('clean USD 1'))
    expect(facts('clean USD 2')).not.toEqual(facts('clean USD 1'))
  })

  it('abroad is the same in other words', () => {
    const facts = (words: string) =>
      yearOf(words).map(({ text: _text, merchant: _merchant, ...facts }) => facts)
    const texts = (words: string) => new Set(yearOf(words).map(({ text }) => text))
    for (const words of ['clean EUR 2', 'hard EUR 2']) {
      expect(facts(`${words} abroad`)).toEqual(facts(words))
      const known = texts(words)
      expect([...texts(`${words} abroad`)].filter((text) => known.has(text)).length).toBeLessThan(
        known.size / 2,
      )
    }
  })

  it('counts yen without a fraction, everywhere', () => {
    for (const institutionId of banks) {
      const { accounts, transactions, holdings, investmentTransactions } = bankOn(
        institutionId,
        'clean JPY 1',
      )
      const amounts = [
        ...accounts.flatMap(({ balances }) => [balances.current, balances.available, balances.limit]),
        ...transactions.map(({ amount }) => amount),
        ...holdings.flatMap((holding) => [holding.institution_value, holding.cost_basis]),
        ...investmentTransactions.map(({ amount }) => amount),
      ]
      expect(amounts.filter((amount) => amount !== null && !Number.isInteger(amount))).toEqual([])
    }
  })

  it('has a student loan with its rows, and what is owed on it', () => {
    const { accounts, transactions, liabilities } = bankOn('ins_109508', 'clean USD 1')
    const loan = accounts.find(({ type }) => type === 'loan')
    const rows = transactions.filter(({ account_id }) => account_id === loan?.account_id)
    const moved = rows.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0)
    expect(Math.round((loan?.balances.current ?? 0) * 100)).toBe(2_840_000 + moved)
    expect(liabilities.student).toMatchObject([
      { account_id: loan?.account_id, last_payment_amount: 318.75, last_payment_date: '2026-11-17' },
    ])
  })

  it('does not run dry', () => {
    for (const institutionId of banks) {
      for (const { balances } of bankOn(institutionId, 'clean USD 1').accounts)
        expect(balances.current).toBeGreaterThan(0)
    }
  })
})

describe('labels', () => {
  const itemIds = new Map(banks.map((id) => [id, id]))
  const household = golden({ seed: '1', currency: 'USD', isHard: false, isAbroad: false })
  const labels = labelsOf(household, itemIds, '2026-11')

  it('are there for every posted row', () => {
    const rows = banks
      .flatMap((id) => bankOn(id, 'clean USD 1').transactions)
      .filter(({ pending }) => !pending)
    expect(rows.length).toBeGreaterThan(7_000)
    expect(rows.filter((row) => !labels.has(row.transaction_id))).toEqual([])
  })

  it('name each other as the two sides of one move', () => {
    const sides = [...labels].filter(([, { partnerId }]) => partnerId !== null)
    expect(sides.length).toBeGreaterThan(1_800)
    for (const [id, { partnerId, kind }] of sides)
      expect(labels.get(partnerId ?? '')).toEqual({ kind, partnerId: id })
  })

  it('reach to the bookings of the broker', () => {
    const bookings = bankOn('ins_109512', 'clean USD 1').investmentTransactions
    const deposits = bookings.filter(({ subtype }) => subtype === 'deposit')
    expect(deposits.length).toBeGreaterThan(40)
    for (const { investment_transaction_id: id } of deposits)
      expect(labels.get(id)).toMatchObject({ kind: 'transfer' })
  })

  it('tell refunds from what was bought', () => {
    const { transactions } = bankOn('ins_109508', 'clean USD 1')
    const refund = transactions.find(({ name }) => name === 'AMAZON.COM*REFUND')
    expect(labels.get(refund?.transaction_id ?? '')).toEqual({ kind: 'refund', partnerId: null })
  })

  it('know nothing of a bank that is not seen', () => {
    const alone = labelsOf(household, new Map([['ins_109511', 'ins_109511']]), '2026-11')
    const [[, first] = []] = [...alone].filter(([, { kind }]) => kind === 'transfer')
    expect(first).toEqual({ kind: 'transfer', partnerId: null })
  })
})

describe('the hard set', () => {
  it('moves one sum between many accounts', () => {
    const moved = pairsIn(hard).filter(([{ cents }]) => cents === 20_000)
    expect(moved.length).toBeGreaterThan(120)
    expect(new Set(moved.map(([out, into]) => `${out.account} ${into.account}`)).size).toBeGreaterThanOrEqual(
      5,
    )
  })

  it('shows the other side up to four days later or a day before', () => {
    const gaps = pairsIn(hard).map(([out, into]) => daysBetween(out.posted, into.posted))
    expect(new Set(gaps)).toEqual(new Set([-1, 0, 1, 2, 3, 4]))
  })

  it('has half of the moves say so on one side only, and none on neither', () => {
    const isVague = ({ text }: Entry) => /^(ELECTRONIC ITEM|ONLINE BANKING|MISC ITEM|ACH ITEM)/.test(text)
    const vague = pairsIn(hard).map((pair) => pair.filter((side) => isVague(side)).length)
    expect(Math.max(...vague)).toBe(1)
    const share = vague.filter((count) => count === 1).length / vague.length
    expect(share).toBeGreaterThan(0.4)
    expect(share).toBeLessThan(0.6)
  })

  it('has purchases of the same sum beside moves, half of them vague', () => {
    const traps = hard.filter(({ key }) => key.endsWith(' trap'))
    expect(traps.length).toBeGreaterThan(50)
    expect(traps.every(({ kind }) => kind === 'expense')).toBe(true)
    const vague = traps.filter(({ merchant }) => merchant === null).length
    expect(vague / traps.length).toBeGreaterThan(0.3)
    expect(vague / traps.length).toBeLessThan(0.7)
  })

  it('has rows of every kind without a category', () => {
    const without = hard.filter(({ category }) => category === null || category.primary === 'OTHER')
    expect(new Set(without.map(({ kind }) => kind))).toEqual(
      new Set(['income', 'expense', 'transfer', 'card_payment', 'loan_payment']),
    )
  })
})
