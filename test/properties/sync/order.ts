import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { Transaction } from '../../../src/model.ts'
import { rowsOf } from '../../../src/snapshot/row.ts'
import { anyMovements, household, month, type Movements } from '../../snapshot/worlds.ts'
import { told } from '../told.ts'
import { now, openBank, type Told } from './bank.ts'
import { calm, ledgerProperty, mustBeSame, type Run } from './ledger.ts'
import { trouble } from './worlds.ts'

/** One run of several; `share` of all that there is has been told by then, in percent. */
interface Part {
  readonly share: number
  readonly run: Omit<Run, 'meanwhile'>
}

interface Delivery {
  readonly movements: Movements
  /** In another order, some of it first in a wrong form and some of it twice. */
  readonly said: readonly Told[]
  readonly parts: readonly Part[]
}

const parts = fc
  .array(
    fc.record({
      share: fc.integer({ min: 0, max: 100 }),
      run: fc.record({
        size: fc.integer({ min: 1, max: 20 }),
        troubles: fc.array(trouble, { maxLength: 3 }),
        isCutOff: fc.boolean(),
      }),
    }),
    { maxLength: 4 },
  )
  .map((all) => all.toSorted((a, b) => a.share - b.share))

const delivery: fc.Arbitrary<Delivery> = anyMovements.chain((movements) => {
  const { transactions } = movements
  const all = (min: number) => fc.shuffledSubarray(transactions, { minLength: min })
  return fc.tuple(all(0), all(transactions.length), all(0), parts).map(([wrong, right, again, parts]) => ({
    movements,
    said: [...wrong.map(inWrongForm), ...right, ...again].map(now),
    parts,
  }))
})

/** As a bank shows it before it knows better. */
function inWrongForm(row: Transaction): Transaction {
  return { ...row, amount: row.amount + 1, pending: !row.pending, category: null }
}

const anyWay = ledgerProperty(
  'sync',
  'in whatever order and pages rows come, twice or after a failure, rows and every figure of the cash flow are the same',
  2_000,
  delivery,
  async (ledger, { movements: { transactions, investments }, said, parts }) => {
    const bank = openBank(false)
    await ledger.empty(730)
    let from = 0
    for (const { share, run } of parts) {
      const end = Math.floor((said.length * share) / 100)
      bank.tell(said.slice(from, end))
      from = end
      await ledger.run(bank, { ...run, meanwhile: [] })
    }
    bank.tell(said.slice(from))
    expect(await ledger.run(bank, { ...calm, size: 11 })).toBe(true)
    const rows = await ledger.rows()
    mustBeSame(rows, transactions)
    const figures = (from: readonly Transaction[]) => told(rowsOf(from, investments, household), month)
    expect(figures(rows)).toEqual(figures(transactions))
  },
)

export const deliveries = [anyWay]
