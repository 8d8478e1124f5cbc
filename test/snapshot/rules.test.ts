import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Rule, type RuleKind, ruleKinds, type Transaction } from '../../src/model.ts'
import { flowTotals } from './flow-totals.ts'
import { judge } from '../../src/snapshot/judge.ts'
import { keep, restore } from '../../src/snapshot/keep.ts'
import { type FlowRow, rowsOf } from '../../src/snapshot/row.ts'
import { underRules } from '../../src/snapshot/rules.ts'
import { looksLike, transaction } from './build.ts'
import { anyMovements, household, month, rowsIn } from './worlds.ts'

function rule(match: string, kind: RuleKind | null, more: Partial<Rule> = {}): Rule {
  return { ruleId: match, match, kind, category: null, createdAt: '2026-11-01T10:00:00.000Z', ...more }
}

function rowsUnder(transactions: readonly Transaction[], ...rules: Rule[]): readonly FlowRow[] {
  return underRules(rowsOf(transactions, [], household), rules)
}

function kindsOf(rows: readonly FlowRow[]) {
  return [...judge(rows).values()].map(({ kind }) => kind)
}

const on = '2026-11-10'

describe('a rule matches', () => {
  it.each([
    ['a part of the name', { name: 'ZELLE TO JORDAN P' }],
    ['a part of the merchant', { name: 'SQ *88', merchant: 'Jordan Books' }],
  ])('%s, in any case', (_what, text) => {
    expect(kindsOf(rowsUnder([transaction('checking', on, -50, text)], rule('jordan', 'ignore')))).toEqual([
      'ignored',
    ])
  })

  it('nothing else', () => {
    const row = transaction('checking', on, -50, { name: 'ZELLE TO JORDAN', merchant: 'P' })
    expect(kindsOf(rowsUnder([row], rule('jordan p', 'ignore')))).toEqual(['unmatched_transfer'])
  })

  it('by the longest text, then the newest', () => {
    const row = transaction('checking', on, -50, { name: 'AMAZON PRIME VIDEO' })
    const [short, long] = [rule('amazon', 'ignore'), rule('amazon prime', 'transfer')]
    const newer = { createdAt: '2026-11-02T10:00:00.000Z' }
    for (const rules of [
      [short, long],
      [long, short],
    ])
      expect(kindsOf(rowsUnder([row], ...rules))).toEqual(['transfer'])
    const equal = [rule('prime video', 'ignore'), rule('amazon prim', 'transfer', newer)]
    for (const rules of [equal, equal.toReversed()])
      expect(kindsOf(rowsUnder([row], ...rules))).toEqual(['transfer'])
  })
})

describe('what a row counts as under a rule', () => {
  it.each([
    ['income', 50, 'income'],
    ['income', -50, 'expense'],
    ['expense', -50, 'expense'],
    ['expense', 50, 'refund'],
    ['transfer', -50, 'transfer'],
    ['transfer', 50, 'transfer'],
    ['ignore', 50, 'ignored'],
    ['ignore', -50, 'ignored'],
  ] as const)('%s, of %i, is %s, whatever Plaid is sure of', (kind, amount, counts) => {
    for (const look of [{}, ...Object.values(looksLike)]) {
      const rows = rowsUnder(
        [transaction('checking', on, amount, { ...look, name: 'ACME' })],
        rule('acme', kind),
      )
      expect(kindsOf(rows)).toEqual([counts])
    }
  })

  it('is pending until it is posted', () => {
    const row = transaction('checking', on, -50, { pending: true, name: 'ACME' })
    for (const kind of ruleKinds) expect(kindsOf(rowsUnder([row], rule('acme', kind)))).toEqual(['pending'])
  })
})

describe('a pair', () => {
  const out = transaction('checking', on, -700, { ...looksLike.transferOut, name: 'TO ACME' })
  const into = transaction('savings', on, 700, { name: 'DEPOSIT' })

  it('is none any more where a rule says that one side is income or an expense', () => {
    expect(kindsOf(rowsUnder([out, into], rule('acme', 'expense')))).toEqual(['expense', 'income'])
  })

  it('is made by a rule from rows that look like nothing', () => {
    const plain = { ...out, ...looksLike.groceries }
    expect(kindsOf(rowsUnder([plain, into]))).toEqual(['expense', 'income'])
    expect(kindsOf(rowsUnder([plain, into], rule('acme', 'transfer')))).toEqual(['transfer', 'transfer'])
  })

  it('keeps its name where the rule only says that it is moved money', () => {
    const payment = transaction('visa', on, 700, { name: 'PAYMENT THANK YOU' })
    expect(kindsOf(rowsUnder([out, payment], rule('acme', 'transfer')))).toEqual([
      'card_payment',
      'card_payment',
    ])
  })

  it('is no expense under a transfer rule, though the money goes to a loan', () => {
    const loan = transaction('mortgage', on, 700)
    expect(kindsOf(rowsUnder([out, loan]))[0]).toBe('loan_payment')
    expect(kindsOf(rowsUnder([out, loan], rule('acme', 'transfer')))[0]).toBe('transfer')
  })

  it('has no income left over when one side is ignored, and counts what moved once', () => {
    const rows = rowsUnder([out, into], rule('acme', 'ignore'))
    expect(kindsOf(rows)).toEqual(['ignored', 'transfer'])
    expect(flowTotals(rows, month)).toMatchObject([{ income: 0, expenses: 0, transfersExcluded: 700 }])
  })
})

describe('the category of a rule', () => {
  it('takes the place of that of Plaid, and changes no kind', () => {
    const row = transaction('checking', on, -50, { ...looksLike.fee, name: 'ACME' })
    const rows = rowsUnder([row], rule('acme', null, { category: 'Hobbies' }))
    expect(rows[0]?.transaction?.category).toEqual({
      primary: 'Hobbies',
      detailed: 'Hobbies',
      confidence: null,
    })
    expect(kindsOf(rows)).toEqual(['fee'])
  })
})

describe('what is kept of rows under rules', () => {
  const rules = fc.uniqueArray(
    fc.record({
      match: fc.constantFrom('something', 'transfer', 'thank', 'outdoor', 'o'),
      kind: fc.constantFrom(null, ...ruleKinds),
    }),
    { selector: ({ match }) => match, maxLength: 4 },
  )
  const world = fc.tuple(
    anyMovements,
    rules.map((all) => all.map(({ match, kind }) => rule(match, kind))),
  )
  const sorted = (rows: readonly FlowRow[]) =>
    flowTotals(rows, month).sort((a, b) => (a.currency < b.currency ? -1 : 1))

  it('gives the same figures as the rows', () => {
    fc.assert(
      fc.property(world, ([movements, rules]) => {
        const rows = underRules(rowsIn(movements), rules)
        expect(sorted(restore(keep(rows, judge(rows)), household))).toEqual(sorted(rows))
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives them beside the live rows of another bank', () => {
    fc.assert(
      fc.property(world, fc.constantFrom('bank-a', 'bank-b'), ([movements, rules], broken) => {
        const rows = underRules(rowsIn(movements), rules).map((row) => ({ ...row, merchant: null }))
        const stored = keep(
          rows.filter(({ itemId }) => itemId === broken),
          judge(rows),
        )
        const live = rows.filter(({ itemId }) => itemId !== broken)
        expect(sorted([...live, ...restore(stored, household)])).toEqual(sorted(rows))
      }),
      { numRuns: 2_000 },
    )
  })

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(world, ([movements, rules]) => {
        const rows = underRules(rowsIn(movements), rules)
        expect(sorted(rows.toReversed())).toEqual(sorted(rows))
      }),
      { numRuns: 1_000 },
    )
  })
})
