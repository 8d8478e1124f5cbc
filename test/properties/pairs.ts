import * as fc from 'fast-check'
import { expect } from 'vitest'
import { judge } from '../../src/snapshot/judge.ts'
import { addDays, isWithin } from '../../src/snapshot/window.ts'
import { anyMovements, month, rowsIn } from '../snapshot/worlds.ts'
import { flows } from './flows.ts'
import { property } from './property.ts'

const oneToOne = property(
  'pairs',
  'a pair is opposite, near, in one currency, on two accounts, one-to-one, and no sure income or purchase',
  1_200,
  fc.property(anyMovements, (movements) => {
    const verdicts = judge(rowsIn(movements))
    for (const [row, { partner }] of verdicts) {
      if (partner === null) continue
      expect(verdicts.get(partner)?.partner).toBe(row)
      expect(partner.amount).toBe(-row.amount)
      expect(partner.currency).toBe(row.currency)
      expect(partner.accountId).not.toBe(row.accountId)
      expect(isWithin(partner.date, { from: addDays(row.date, -4), to: addDays(row.date, 4) })).toBe(true)
      expect([row.look, partner.look]).not.toContain('purchase')
      expect([row.look, partner.look]).not.toContain('income')
    }
  }),
)

const agreeing = property(
  'figures',
  'the figures of one flow agree with each other, whatever the rows',
  1_200,
  fc.property(anyMovements, (movements) => {
    for (const flow of flows(rowsIn(movements), month)) {
      expect(flow.income).toBeGreaterThanOrEqual(0)
      expect(flow.expenses).toBeLessThanOrEqual(0)
      expect(flow.netCashFlow).toBe(flow.income + flow.expenses)
      expect(flow.transfersExcluded).toBeGreaterThanOrEqual(0)
      expect(flow.cardPaymentsExcluded).toBeGreaterThanOrEqual(0)
    }
  }),
)

export const pairs = [oneToOne, agreeing]
