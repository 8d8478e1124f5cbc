import { describe, expect, it } from 'vitest'
import { awaitsReconciliation, type Findings, healthOf, weights } from '../../src/snapshot/index.ts'

const hour = 3_600_000
const day = 24 * hour
const good: Findings = {
  status: 'active',
  accountType: 'depository',
  ageMs: hour,
  runs: [true, true, true, true, true],
  reconciliation: { discrepancy: 0, ageMs: day },
}
const of = (changes: Partial<Findings>) => healthOf({ ...good, ...changes })

describe('the health of an account', () => {
  it('is 100 where all is well, by weights that make 100', () => {
    expect(healthOf(good)).toEqual({
      score: 100,
      parts: { connection: 100, freshness: 100, sync: 100, reconciliation: 100 },
    })
    expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBe(100)
  })

  it.each([
    ['active', 100, 100],
    ['preparing', 70, 88],
    ['expiring', 60, 84],
    ['bank_issue', 40, 76],
    ['needs_reauth', 0, 60],
    ['expired', 0, 60],
    ['revoked', 0, 60],
    ['removing', 0, 60],
  ] as const)('by a connection that is %s has %i there, %i in all', (status, connection, score) => {
    expect(of({ status })).toMatchObject({ score, parts: { connection } })
  })

  it.each([
    [day, 100, 100],
    [4 * day, 50, 88],
    [7 * day, 0, 75],
    [70 * day, 0, 75],
    [Number.POSITIVE_INFINITY, 0, 75],
  ])('by data %i ms old has %i there, %i in all', (ageMs, freshness, score) => {
    expect(of({ ageMs })).toMatchObject({ score, parts: { freshness } })
  })

  it.each([
    [[], 50, 90],
    [[false], 0, 80],
    [[false, true, true, true, true], 80, 96],
  ])('by the runs %j has %i there, %i in all', (runs, sync, score) => {
    expect(of({ runs })).toMatchObject({ score, parts: { sync } })
  })

  it.each([
    ['was never made', null, 50, 93],
    ['did not add up', { discrepancy: 1, ageMs: day }, 0, 85],
    ['is old', { discrepancy: 0, ageMs: 36 * day }, 75, 96],
  ])('by a reconciliation that %s has %o there', (_what, reconciliation, part, score) => {
    expect(of({ reconciliation })).toMatchObject({ score, parts: { reconciliation: part } })
  })

  it('of investments, which do not add up by transactions, loses nothing by that', () => {
    const findings: Findings = { ...good, accountType: 'investment', reconciliation: null }
    expect(healthOf(findings)).toMatchObject({ score: 100 })
    expect(awaitsReconciliation(findings)).toBe(false)
    expect(awaitsReconciliation({ ...good, reconciliation: null })).toBe(true)
    expect(awaitsReconciliation(good)).toBe(false)
  })
})
