import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { Transaction } from '../../../src/model.ts'
import { rowsOf } from '../../../src/snapshot/row.ts'
import { household, month, wide } from '../../snapshot/worlds.ts'
import { amount, bought, move, purchases, shown } from '../equals.ts'
import { flowOf } from '../flows.ts'
import { bystanders, lives, steps } from '../pending.ts'
import { excludedSum, groupSums, told } from '../told.ts'
import { type Bank, gone, now, openBank } from './bank.ts'
import { calm, type Ledger, ledgerProperty } from './ledger.ts'

/** Tells what is different from what it told last. */
function show(bank: Bank, shows: readonly Transaction[], isEndFirst: boolean): void {
  const known = new Map(bank.list().map((row) => [row.transactionId, row]))
  const shown = new Set(shows.map(({ transactionId }) => transactionId))
  const ended = [...known.keys()].filter((id) => !shown.has(id)).map(gone)
  const come = shows.filter((row) => known.get(row.transactionId) !== row).map(now)
  bank.tell(isEndFirst ? [...ended, ...come] : [...come, ...ended])
}

/** What the ledger's rows come to after one more run. */
async function read(ledger: Ledger, bank: Bank, size: number) {
  expect(await ledger.run(bank, { ...calm, size })).toBe(true)
  return rowsOf(await ledger.rows(), [], household)
}

const size = fc.integer({ min: 1, max: 5 })

const purchase = ledgerProperty(
  'pending',
  'read by its cursor at every step, a pending purchase counts once in the totals and in its category',
  600,
  fc.record({ life: lives, isEndFirst: fc.boolean(), size }),
  async (ledger, { life, isEndFirst, size }) => {
    const bank = openBank(true)
    await ledger.empty(730)
    const others = bystanders(life)
    show(bank, others, isEndFirst)
    const before = flowOf(await read(ledger, bank, size), wide)
    for (const { shows, spent, pending } of steps(life)) {
      show(bank, [...shows, ...others], isEndFirst)
      const answer = told(await read(ledger, bank, size), wide)
      const expected = { income: before.income, expenses: before.expenses - spent }
      expect(answer.totals).toMatchObject([{ ...expected, pendingNet: before.pendingNet - pending }])
      for (const by of ['category', 'merchant', 'account', 'month'] as const)
        expect(groupSums(answer, by, 'USD')).toMatchObject(expected)
      const food = (answer.groups['category'] ?? []).find(({ key }) => key === 'FOOD_AND_DRINK')
      expect(food?.net).toBe(expected.expenses)
      expect(excludedSum(answer, 'pending', 'USD')).toBe(before.pendingNet - pending)
    }
  },
)

const equals = ledgerProperty(
  'equal amounts',
  'read by its cursor in parts, equal purchases all count, also beside equal transfers and card payments',
  500,
  fc.record({ purchases, moved: fc.array(move, { maxLength: 3 }), amount, size, share: fc.nat(20) }),
  async (ledger, { purchases, moved, amount, size, share }) => {
    const bank = openBank(true)
    await ledger.empty(730)
    const spent = purchases.map((one) => bought(one, amount))
    const all = [...spent, ...moved.flatMap((one) => shown(one, amount))]
    show(bank, all.slice(0, share), true)
    await read(ledger, bank, size)
    show(bank, all, true)
    const answer = told(await read(ledger, bank, size), month)
    const expected = { income: 0, expenses: 0 - amount * spent.length }
    expect(groupSums(answer, 'category', 'USD')).toMatchObject(expected)
    expect(groupSums(answer, 'account', 'USD')).toMatchObject(expected)
    const left = ['transfer', 'card_payment'].map((reason) => excludedSum(answer, reason, 'USD'))
    expect(left.reduce((sum, one) => sum + one, 0)).toBe(amount * moved.length)
    expect((answer.groups['account'] ?? []).reduce((sum, { count }) => sum + count, 0)).toBe(spent.length)
  },
)

export const once = [purchase, equals]
