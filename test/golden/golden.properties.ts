import { beforeAll, describe, expect, it } from 'vitest'
import { toMajor } from '../../src/money.ts'
import { golden, goldenSetOf } from '../../src/simulator/household-golden.ts'
import { type Measured, measure } from './measure.ts'
import { errorsOf, naiveErrorsOf, say, scoreOfMoves, scoreOfPairs } from './score.ts'

async function measureSet(words: string): Promise<Measured> {
  const set = goldenSetOf(words)
  if (set === null) throw new Error(`no such set: ${words}`)
  const measured = await measure({ household: golden(set), username: 'user_golden', password: words })
  say(words, measured)
  return measured
}

function kindsOf({ accounts }: Measured) {
  const kinds = accounts.map(({ type, subtype }) => (type === 'depository' ? subtype : type))
  return kinds.toSorted((a, b) => (a ?? '').localeCompare(b ?? ''))
}

const seven = ['checking', 'checking', 'credit', 'credit', 'investment', 'loan', 'savings']

describe.each(['clean USD 1', 'clean EUR 2', 'clean JPY 3'])('the golden household, %s', (words) => {
  let measured: Measured
  beforeAll(async () => {
    measured = await measureSet(words)
  })

  it('has seven accounts and 2,500 labelled rows a year', () => {
    expect(kindsOf(measured)).toEqual(seven)
    expect(measured.rows.length).toBeGreaterThanOrEqual(2_500)
    expect(measured.rows.filter(({ label }) => label === undefined)).toEqual([])
    expect(measured.pages).toBeGreaterThan(5)
  })

  it('has its own moves found, and nothing else taken for one', () => {
    const { precision, recall } = scoreOfPairs(measured.rows)
    expect(precision).toBeGreaterThanOrEqual(0.99)
    expect(recall).toBeGreaterThanOrEqual(0.97)
  })

  it('has every month told to the last minor unit', () => {
    for (const { ours, truth } of measured.figures) {
      const major = (minor: number) => toMajor(minor, truth.currency)
      expect({ month: truth.month, ...ours }).toMatchObject({
        month: truth.month,
        income: major(truth.income),
        expenses: major(truth.expenses),
        net_cash_flow: major(truth.income + truth.expenses),
        transfers_excluded: major(truth.transfers),
        card_payments_excluded: major(truth.cardPayments),
      })
    }
  })

  it('would earn and spend far too much by the plain sum', () => {
    const plain = naiveErrorsOf(measured)
    expect(plain.income).toBeGreaterThan(0.5)
    expect(plain.expenses).toBeGreaterThan(0.5)
  })
})

describe.each(['hard USD 1', 'hard JPY 4'])('the golden household, %s', (words) => {
  let measured: Measured
  beforeAll(async () => {
    measured = await measureSet(words)
  })

  it('has seven accounts and 2,500 labelled rows a year', () => {
    expect(kindsOf(measured)).toEqual(seven)
    expect(measured.rows.length).toBeGreaterThanOrEqual(2_500)
    expect(measured.rows.filter(({ label }) => label === undefined)).toEqual([])
    expect(measured.pages).toBeGreaterThan(5)
  })

  it('has its own moves told from purchases of the same sum', () => {
    const { precision, recall } = scoreOfMoves(measured.rows)
    expect(precision).toBeGreaterThanOrEqual(0.98)
    expect(recall).toBeGreaterThanOrEqual(0.97)
  })

  it('has its months told to half a percent', () => {
    const { income, expenses, net } = errorsOf(measured)
    expect(Math.max(income, expenses, net)).toBeLessThanOrEqual(0.005)
  })
})
