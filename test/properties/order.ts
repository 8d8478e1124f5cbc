import * as fc from 'fast-check'
import { expect } from 'vitest'
import { allRows } from '../../src/plaid/paging.ts'
import { rowsOf } from '../../src/snapshot/row.ts'
import type { Transaction } from '../../src/model.ts'
import { anyMovements, household, month, rowsIn } from '../snapshot/worlds.ts'
import { flows } from './flows.ts'
import { property } from './property.ts'

/** What happens to the bank's list just before it answers the call of this number. */
interface Event {
  readonly call: number
  readonly kind: 'comes' | 'goes' | 'page again' | 'other order'
  readonly place: number
}

/** One at a moment: a row that goes while another comes changes no number, and nobody could tell. */
const events = fc.uniqueArray(
  fc.record({
    call: fc.integer({ min: 1, max: 12 }),
    kind: fc.constantFrom<Event['kind'][]>('comes', 'goes', 'page again', 'other order'),
    place: fc.nat(60),
  }),
  { maxLength: 2, selector: ({ call }) => call },
)

const shape = { rows: 'transactions', total: 'total_transactions', id: 'transaction_id' } as const

/** A bank that answers in pages of this size, while its list changes. */
function bankOf(first: readonly Transaction[], size: number, events: readonly Event[]) {
  const waiting = [...first]
  // Half of the rows are there at first; the others come one by one.
  let list = waiting.splice(0, Math.ceil(waiting.length / 2))
  let calls = 0
  const happen = ({ kind, place }: Event) => {
    const at = list.length === 0 ? 0 : place % list.length
    if (kind === 'comes') list = [...list.slice(0, at), ...waiting.splice(0, 1), ...list.slice(at)]
    if (kind === 'goes') list = list.toSpliced(at, 1)
    if (kind === 'other order') list = [...list.slice(at), ...list.slice(0, at)]
  }
  return {
    list: () => list,
    async page(offset: number) {
      calls += 1
      const now = events.filter(({ call }) => call === calls)
      now.forEach(happen)
      const isOld = now.some(({ kind }) => kind === 'page again')
      const start = isOld ? Math.max(offset - size, 0) : offset
      const page = list.slice(start, start + size)
      return {
        total_transactions: list.length,
        transactions: page.map((row) => ({ transaction_id: row.transactionId, row })),
      }
    },
  }
}

const paging = property(
  'order',
  'pages of any size, repeated, or of a list that changes under the reading, give the rows of the list',
  2_000,
  fc.asyncProperty(anyMovements, fc.integer({ min: 1, max: 15 }), events, async (movements, size, events) => {
    const bank = bankOf(movements.transactions, size, events)
    const ids = (rows: readonly { transactionId: string }[]) => rows.map((row) => row.transactionId).sort()
    const read = await allRows(bank.page, shape, ({ row }) => row as Transaction)
    expect(ids(read)).toEqual(ids(bank.list()))
    const rows = rowsOf(read, movements.investments, household)
    expect(flows(rows, month)).toEqual(flows(rowsOf(bank.list(), movements.investments, household), month))
  }),
)

const shuffled = anyMovements.chain((movements) =>
  fc.tuple(
    fc.constant(movements),
    fc.shuffledSubarray(movements.transactions, { minLength: movements.transactions.length }),
    fc.shuffledSubarray(movements.transactions),
  ),
)

const order = property(
  'order',
  'the order of rows changes no figure, nor does a row that comes twice',
  2_000,
  fc.property(shuffled, ([movements, transactions, again]) => {
    const rows = rowsOf([...transactions, ...again], movements.investments, household)
    expect(flows(rows, month)).toEqual(flows(rowsIn(movements), month))
  }),
)

export const orders = [order, paging]
