import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CurrencyFlow, flowTotals } from '../../src/snapshot/flow.ts'
import { judge } from '../../src/snapshot/judge.ts'
import { type FlowRow, isFlowAccount, rowsOf } from '../../src/snapshot/row.ts'
import { addDays, isWithin, type Window } from '../../src/snapshot/window.ts'
import { looksLike, transaction } from './build.ts'
import {
  anyMovements,
  firstDay,
  type Happening,
  happening,
  household,
  month,
  rowsIn,
  shown,
  wide,
} from './worlds.ts'

const worlds = { numRuns: 1_200 }
const day = (date: string): Window => ({ from: date, to: date, days: 1, time_zone: 'UTC' })
const daysOf = ({ from, days }: Window) => Array.from({ length: days }, (_, n) => day(addDays(from, n)))

function flows(rows: readonly FlowRow[], window: Window = month): CurrencyFlow[] {
  return flowTotals(rows, window).sort((a, b) => (a.currency < b.currency ? -1 : 1))
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}

describe('whatever the rows', () => {
  it('the figures agree with each other', () => {
    fc.assert(
      fc.property(anyMovements, (movements) => {
        for (const flow of flows(rowsIn(movements))) {
          expect(flow.income).toBeGreaterThanOrEqual(0)
          expect(flow.expenses).toBeLessThanOrEqual(0)
          expect(flow.netCashFlow).toBe(flow.income + flow.expenses)
          expect(flow.transfersExcluded).toBeGreaterThanOrEqual(0)
          expect(flow.cardPaymentsExcluded).toBeGreaterThanOrEqual(0)
        }
      }),
      worlds,
    )
  })

  it('their order changes nothing, nor does a page that comes twice', () => {
    const mixed = anyMovements.chain((movements) =>
      fc.tuple(
        fc.constant(movements),
        fc.shuffledSubarray(movements.transactions, { minLength: movements.transactions.length }),
        fc.shuffledSubarray(movements.transactions),
      ),
    )
    fc.assert(
      fc.property(mixed, ([movements, shuffled, again]) => {
        const rows = rowsOf([...shuffled, ...again], movements.investments, household)
        expect(flows(rows)).toEqual(flows(rowsIn(movements)))
      }),
      worlds,
    )
  })

  it('the days add up to the month', () => {
    fc.assert(
      fc.property(anyMovements, (movements) => {
        const rows = rowsIn(movements)
        const parts = daysOf(month).flatMap((window) => flows(rows, window))
        for (const whole of flows(rows)) {
          const of = parts.filter(({ currency }) => currency === whole.currency)
          expect(sum(of.map((part) => part.netCashFlow))).toBe(whole.netCashFlow)
          expect(sum(of.map((part) => part.plainNetCashFlow))).toBe(whole.plainNetCashFlow)
          expect(sum(of.map((part) => part.pendingNet))).toBe(whole.pendingNet)
          expect(sum(of.map((part) => part.unmatchedTransfers.sum))).toBe(whole.unmatchedTransfers.sum)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('the accounts, and the kinds, add up to the household', () => {
    const leftOut = new Set(['transfer', 'contribution', 'card_payment', 'pending'])
    fc.assert(
      fc.property(anyMovements, (movements) => {
        const rows = rowsIn(movements)
        const counted = [...judge(rows)].filter(
          ([row, { kind }]) =>
            !leftOut.has(kind) &&
            !row.duplicate &&
            isFlowAccount(row.accountType) &&
            row.currency === 'USD' &&
            isWithin(row.date, month),
        )
        const usd = flows(rows).find(({ currency }) => currency === 'USD')
        const accounts = Map.groupBy(counted, ([row]) => row.accountId)
        const sums = [...accounts.values()].map((group) => sum(group.map(([row]) => row.amount)))
        expect(sum(sums)).toBe(usd?.netCashFlow ?? 0)
      }),
      worlds,
    )
  })

  it('a currency is not touched by the others', () => {
    fc.assert(
      fc.property(anyMovements, fc.constantFrom('USD', 'CAD'), (movements, currency) => {
        const rows = rowsIn(movements)
        const alone = rows.filter((row) => row.currency === currency)
        expect(flows(alone)).toEqual(flows(rows).filter((flow) => flow.currency === currency))
      }),
      worlds,
    )
  })

  it('a pair is opposite, near, in one currency, on two accounts, and one-to-one', () => {
    fc.assert(
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
      worlds,
    )
  })
})

describe('a household whose accounts are all connected', () => {
  const story = fc.array(happening, { maxLength: 30 })
  const total = (happenings: readonly Happening[], kinds: readonly Happening['kind'][]) =>
    sum(happenings.filter(({ kind }) => kinds.includes(kind)).map(({ amount }) => amount))

  it('has the net cash flow by which its wealth changed, to the last minor unit', () => {
    fc.assert(
      fc.property(story, (happenings) => {
        const { netCashFlow = 0 } = flows(rowsIn(shown(happenings)), wide)[0] ?? {}
        const earned = total(happenings, ['salary', 'refund'])
        const spent = total(happenings, ['purchase', 'loanPayment'])
        expect(netCashFlow).toBe(earned - spent)
      }),
      worlds,
    )
  })

  it('earns and spends the same, however often it moves money between its accounts', () => {
    const moves = story.map((all) =>
      all.filter(({ kind }) => ['transfer', 'cardPayment', 'contribution'].includes(kind)),
    )
    const rest = story.map((all) =>
      all.filter(({ kind }) => ['salary', 'purchase', 'loanPayment'].includes(kind)),
    )
    fc.assert(
      fc.property(rest, moves, (happenings, moved) => {
        const [before] = flows(rowsIn(shown(happenings)), wide)
        const [after] = flows(rowsIn(shown([...happenings, ...moved])), wide)
        expect(after?.income ?? 0).toBe(before?.income ?? 0)
        expect(after?.expenses ?? 0).toBe(before?.expenses ?? 0)
        expect(after?.transfersExcluded ?? 0).toBe(total(moved, ['transfer', 'contribution']))
        expect(after?.cardPaymentsExcluded ?? 0).toBe(total(moved, ['cardPayment']))
      }),
      worlds,
    )
  })

  it('spends nothing on what it gives back', () => {
    fc.assert(
      fc.property(story, (happenings) => {
        const given = happenings.filter(({ kind }) => kind === 'purchase')
        const back = given.map(
          (bought): Happening => ({ ...bought, kind: 'refund', from: 'shop', to: 'card' }),
        )
        const salary: Happening = {
          kind: 'salary',
          from: 'work',
          to: 'checking',
          date: firstDay,
          lag: 0,
          amount: 7,
        }
        expect(flows(rowsIn(shown([salary, ...given, ...back])), wide)).toMatchObject([
          { income: 7, expenses: 0 },
        ])
      }),
      worlds,
    )
  })
})

describe('purchases', () => {
  const on = fc.constantFrom('checking', 'savings', 'card')
  const place = fc.record({ accountId: on, lag: fc.integer({ min: -4, max: 4 }) })
  const date = '2026-11-15'
  const transfer = [
    transaction('checking', date, -100, looksLike.transferOut),
    transaction('savings', date, 100, looksLike.transferIn),
  ]

  it('that are equal all count, also beside an equal transfer', () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 8 }), fc.boolean(), (places, sure) => {
        const purchases = places.map(({ accountId, lag }) =>
          transaction(accountId, addDays(date, lag), -100, sure ? looksLike.groceries : {}),
        )
        const [flow] = flows(rowsOf([...purchases, ...transfer], [], household))
        expect(flow).toMatchObject({ income: 0, transfersExcluded: 100 })
        expect(flow?.expenses).toBe(0 - 100 * purchases.length)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a pending row that is posted', () => {
  const posted = fc.record({
    lag: fc.integer({ min: 0, max: 14 }),
    amount: fc.integer({ min: 1, max: 500 }),
    pendingFirst: fc.boolean(),
    linked: fc.boolean(),
    twice: fc.boolean(),
  })

  it('counts once at every step', () => {
    fc.assert(
      fc.property(posted, ({ lag, amount, pendingFirst, linked, twice }) => {
        const pending = transaction('card', '2026-11-05', -100, { pending: true })
        const pendingTransactionId = linked ? pending.transactionId : null
        const after = transaction('card', addDays('2026-11-05', lag), -amount, { pendingTransactionId })
        const together = pendingFirst ? [pending, after] : [after, pending]
        const gone = linked ? together : [after]
        expect(flows(rowsOf([pending], [], household))).toMatchObject([{ expenses: 0, pendingNet: -100 }])
        expect(flows(rowsOf(twice ? [...gone, ...gone] : gone, [], household))).toMatchObject([
          { expenses: -amount, pendingNet: 0 },
        ])
      }),
      { numRuns: 600 },
    )
  })
})
