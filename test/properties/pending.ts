import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { Transaction } from '../../src/model.ts'
import { judge } from '../../src/snapshot/judge.ts'
import { keep, restore } from '../../src/snapshot/keep.ts'
import { type FlowRow, rowsOf } from '../../src/snapshot/row.ts'
import { addDays } from '../../src/snapshot/window.ts'
import { looksLike, transaction } from '../snapshot/build.ts'
import { household, wide } from '../snapshot/worlds.ts'
import { flowOf } from './flows.ts'
import { property } from './property.ts'

const bought = '2026-11-05'

/** What becomes of a pending purchase. A tip or a fuel hold changes the amount. */
interface Life {
  readonly accountId: string
  readonly amount: number
  readonly ending: 'posted' | 'changed' | 'reversed' | 'never' | 'given back'
  readonly finally: number
  readonly lag: number
  /** The posted row names the pending one, and for a moment both are there. */
  readonly linked: boolean
  readonly postedFirst: boolean
  readonly twice: boolean
}

const amount = fc.integer({ min: 1, max: 500 })
export const lives: fc.Arbitrary<Life> = fc.record({
  accountId: fc.constantFrom('card', 'checking'),
  amount,
  ending: fc.constantFrom<Life['ending'][]>('posted', 'changed', 'reversed', 'never', 'given back'),
  finally: amount,
  lag: fc.integer({ min: 0, max: 14 }),
  linked: fc.boolean(),
  postedFirst: fc.boolean(),
  twice: fc.boolean(),
})

/** What Plaid shows, and what of it is spent and what pending. */
interface Step {
  readonly shows: readonly Transaction[]
  readonly spent: number
  readonly pending: number
}

export function steps(life: Life): Step[] {
  const { accountId, amount, ending, lag, linked, postedFirst } = life
  const look = { ...looksLike.groceries, merchant: 'Shop' }
  const pending = transaction(accountId, bought, -amount, { ...look, pending: true })
  const spent = ending === 'changed' ? life.finally : amount
  const pendingTransactionId = linked ? pending.transactionId : null
  const posted = transaction(accountId, addDays(bought, lag), -spent, { ...look, pendingTransactionId })
  const back = transaction(accountId, addDays(bought, lag + 2), spent, look)
  const both = postedFirst ? [posted, pending] : [pending, posted]
  const waits = { shows: [pending], spent: 0, pending: amount }
  const settles = { shows: linked ? both : [posted], spent, pending: 0 }
  const settled = [waits, settles, { shows: [posted], spent, pending: 0 }]
  switch (ending) {
    case 'reversed':
      return [waits, { shows: [], spent: 0, pending: 0 }]
    case 'never':
      return [waits, waits]
    case 'given back':
      return [...settled, { shows: [posted, back], spent: 0, pending: 0 }]
    default:
      return settled
  }
}

/** Others of the same amount, pending and posted, that are not to be touched. */
export function bystanders({ accountId, amount }: Life): Transaction[] {
  const more = { ...looksLike.groceries, merchant: 'Shop' }
  return [
    transaction(accountId, bought, -amount, { ...more, pending: true }),
    transaction(accountId, bought, -amount, more),
    transaction('savings', bought, 100_000, looksLike.salary),
  ]
}

const purchase = property(
  'pending',
  'a pending purchase counts once at every step, whatever becomes of it',
  600,
  fc.property(lives, (life) => {
    const others = bystanders(life)
    const before = flowOf(rowsOf(others, [], household), wide)
    for (const { shows, spent, pending } of steps(life)) {
      const rows = rowsOf([...shows, ...(life.twice ? shows : []), ...others], [], household)
      for (const same of [rows, kept(rows)]) {
        expect(flowOf(same, wide)).toMatchObject({
          income: before.income,
          expenses: before.expenses - spent,
          pendingNet: before.pendingNet - pending,
        })
      }
    }
  }),
)

/** As they are read again from what may be kept of them. */
function kept(rows: readonly FlowRow[]): FlowRow[] {
  return restore(keep(rows, judge(rows)), household)
}

const sides = fc.record({
  amount,
  lag: fc.integer({ min: -4, max: 4 }),
  outFirst: fc.boolean(),
  linked: fc.boolean(),
})

const transfer = property(
  'pending',
  'a transfer between own accounts is at no step earned or spent, whichever side is posted first',
  600,
  fc.property(sides, ({ amount, lag, outFirst, linked }) => {
    const out = side('checking', bought, -amount, looksLike.transferOut, linked)
    const into = side('savings', addDays(bought, lag), amount, looksLike.transferIn, linked)
    const [first, second] = outFirst ? [out, into] : [into, out]
    const shows = [
      [...first.waits, ...second.waits],
      [...first.settles, ...second.waits],
      [...first.settled, ...second.settles],
      [...first.settled, ...second.settled],
    ]
    const steps = shows.map((rows) => flowOf(rowsOf(rows, [], household), wide))
    expect(steps.filter(({ income, expenses }) => income !== 0 || expenses !== 0)).toEqual([])
    expect(steps.map(({ transfersExcluded }) => transfersExcluded)).toEqual([0, amount, amount, amount])
  }),
)

function side(accountId: string, date: string, amount: number, look: Partial<Transaction>, linked: boolean) {
  const pending = transaction(accountId, date, amount, { ...look, pending: true })
  const pendingTransactionId = linked ? pending.transactionId : null
  const posted = transaction(accountId, date, amount, { ...look, pendingTransactionId })
  return { waits: [pending], settles: linked ? [posted, pending] : [posted], settled: [posted] }
}

export const pending = [purchase, transfer]
