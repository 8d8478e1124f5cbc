import { beforeAll, describe, expect, it } from 'vitest'
import { toMajor } from '../../src/money.ts'
import { crossBorder } from '../../src/simulator/household-cross-border.ts'
import type { Household } from '../../src/simulator/household-entry.ts'
import { family } from '../../src/simulator/household-family.ts'
import { freelancer } from '../../src/simulator/household-freelancer.ts'
import { type Measured, measure } from './measure.ts'
import { errorsOf, say, scoreOfPairs } from './score.ts'

const username = 'user_good'
const households: readonly (readonly [name: string, household: Household])[] = [
  ['family', family(username)],
  ['freelancer', freelancer(username)],
  ['household of two countries', crossBorder(username)],
]

describe.each(households)("the simulator's %s", (name, household) => {
  let measured: Measured
  beforeAll(async () => {
    measured = await measure({ household, username, password: 'pass_good' })
    say(name, measured)
  })

  it('has its own moves found, and nothing else taken for one', () => {
    const { precision, recall } = scoreOfPairs(measured.rows)
    expect(precision).toBeGreaterThanOrEqual(0.99)
    expect(recall).toBeGreaterThanOrEqual(0.97)
  })

  it('has every month of each currency told to the cent', () => {
    const currencies = new Set(household.accounts.map(({ currency = 'USD' }) => currency))
    expect(measured.figures).toHaveLength(12 * currencies.size)
    for (const { ours, truth } of measured.figures) {
      const { month, currency } = truth
      expect({ month, ...ours }).toMatchObject({
        month,
        currency,
        income: toMajor(truth.income, currency),
        expenses: toMajor(truth.expenses, currency),
        net_cash_flow: toMajor(truth.income + truth.expenses, currency),
      })
    }
    expect(errorsOf(measured)).toEqual({ income: 0, expenses: 0, net: 0 })
  })

  it('has no pair of two currencies', () => {
    const byId = new Map(measured.rows.map((row) => [row.id, row]))
    for (const { flow, partnerId } of measured.rows) {
      const partner = partnerId === null ? undefined : byId.get(partnerId)
      expect(partner?.flow.currency ?? flow.currency).toBe(flow.currency)
    }
  })
})
