import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { Transaction } from '../../src/model.ts'
import { rowsOf } from '../../src/snapshot/row.ts'
import { addDays } from '../../src/snapshot/window.ts'
import { looksLike, transaction } from '../snapshot/build.ts'
import { household, month } from '../snapshot/worlds.ts'
import { flowOf } from './flows.ts'
import { property } from './property.ts'

const date = '2026-11-15'
export const amount = fc.constantFrom(1, 100, 250_000)
const lag = fc.integer({ min: -4, max: 4 })

export const purchases = fc.array(
  fc.record({
    accountId: fc.constantFrom('checking', 'savings', 'card'),
    lag,
    // Where Plaid is sure of it, and where it says nothing.
    look: fc.constantFrom<Partial<Transaction>>({}, looksLike.groceries, { merchant: 'Shop' }),
  }),
  { maxLength: 8 },
)

export function bought(
  { accountId, lag, look }: { accountId: string; lag: number; look: Partial<Transaction> },
  amount: number,
): Transaction {
  return transaction(accountId, addDays(date, lag), -amount, look)
}

type Side = readonly [accountId: string, look: Partial<Transaction>]
type Move = { readonly out: Side; readonly into: Side }

/** Movements between own accounts of which at least one bank tells what they are. */
const moves: Record<string, Move> = {
  toSavings: { out: ['checking', looksLike.transferOut], into: ['savings', looksLike.transferIn] },
  toChecking: { out: ['savings', looksLike.transferOut], into: ['checking', {}] },
  untoldBySender: { out: ['checking', {}], into: ['savings', looksLike.transferIn] },
  toCard: { out: ['checking', looksLike.cardPayment], into: ['card', { name: 'PAYMENT THANK YOU' }] },
  toOtherCard: { out: ['checking', looksLike.cardPayment], into: ['visa', {}] },
}

export const move = fc.record({ move: fc.constantFrom(...Object.values(moves)), lag, after: lag })

export function shown({ move, lag, after }: { move: Move; lag: number; after: number }, amount: number) {
  const left = addDays(date, lag)
  const [[from, out], [to, into]] = [move.out, move.into]
  return [transaction(from, left, -amount, out), transaction(to, addDays(left, after), amount, into)]
}

const besideMoves = property(
  'equal amounts',
  'equal purchases all count, also beside equal transfers and card payments',
  500,
  fc.property(purchases, fc.array(move, { maxLength: 3 }), amount, (purchases, moved, amount) => {
    const spent = purchases.map((one) => bought(one, amount))
    const rows = rowsOf([...spent, ...moved.flatMap((one) => shown(one, amount))], [], household)
    const flow = flowOf(rows, month)
    expect(flow).toMatchObject({ income: 0, expenses: 0 - amount * purchases.length })
    expect(flow.transfersExcluded + flow.cardPaymentsExcluded).toBe(amount * moved.length)
  }),
)

const sameDay = property(
  'equal amounts',
  'two real purchases of one amount at one merchant on one day are two',
  500,
  fc.property(
    fc.integer({ min: 2, max: 5 }),
    amount,
    fc.constantFrom('checking', 'card'),
    (times, amount, at) => {
      const look = { ...looksLike.groceries, merchant: 'Shop' }
      const bought = Array.from({ length: times }, () => transaction(at, date, -amount, look))
      expect(flowOf(rowsOf(bought, [], household), month).expenses).toBe(-amount * times)
    },
  ),
)

export const equals = [besideMoves, sameDay]
