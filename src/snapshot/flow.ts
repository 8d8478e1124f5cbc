import type { Span } from '../model.ts'
import { isOfficial, scale } from '../money.ts'
import type { Verdict } from './judge.ts'
import { exclusionOf, type Kind } from './kinds.ts'
import { type FlowRow, isFlowAccount } from './row.ts'
import { isWithin, type Window } from './window.ts'

/** The flow of one currency over a window, in minor units. */
export interface CurrencyFlow {
  readonly currency: string
  /** >= 0 */
  readonly income: number
  /** <= 0 */
  readonly expenses: number
  readonly netCashFlow: number
  /** Net cash flow of 30 days; negative = money is lost. */
  readonly monthlyBurn: number
  /** The plain sum of the same posted rows, nothing left out. */
  readonly plainNetCashFlow: number
  readonly pendingNet: number
  /** >= 0: the sum moved, each pair once. */
  readonly transfersExcluded: number
  readonly cardPaymentsExcluded: number
  /** In `income` and `expenses` by sign, and told apart here. */
  readonly unmatchedTransfers: { readonly count: number; readonly sum: number }
}

interface Tally {
  in: number
  out: number
  refunds: number
  plain: number
  pending: number
  transfers: number
  cardPayments: number
  unmatched: { count: number; sum: number }
}

/**
 * One row per official currency that has any, in no particular order. Judge all rows at hand: those outside the
 * window only serve as partners and as earlier purchases.
 */
export function flowOfJudged(verdicts: ReadonlyMap<FlowRow, Verdict>, window: Window): CurrencyFlow[] {
  const tallies = new Map<string, Tally>()
  for (const [row, verdict] of verdicts) {
    if (isCounted(row, window)) count(row, verdict, window, tallyOf(row.currency, tallies))
  }
  return [...tallies].map(([currency, tally]) => flowOf(currency, tally, window.days))
}

/** Whether it is part of the flow of these days at all. */
export function isCounted(row: FlowRow, span: Span): boolean {
  return isOfficial(row.currency) && isOfFlow(row, span)
}

/** Currencies of these days that no total counts. */
export function uncountedCurrencies(rows: Iterable<FlowRow>, span: Span): string[] {
  const left = new Set<string>()
  for (const row of rows) if (!isOfficial(row.currency) && isOfFlow(row, span)) left.add(row.currency)
  return [...left]
}

function isOfFlow(row: FlowRow, span: Span): boolean {
  return isFlowAccount(row.accountType) && !row.duplicate && isWithin(row.date, span)
}

function tallyOf(currency: string, tallies: Map<string, Tally>): Tally {
  const known = tallies.get(currency)
  if (known !== undefined) return known
  const unmatched = { count: 0, sum: 0 }
  const tally = { in: 0, out: 0, refunds: 0, plain: 0, pending: 0, transfers: 0, cardPayments: 0, unmatched }
  tallies.set(currency, tally)
  return tally
}

function count(row: FlowRow, { kind, partner }: Verdict, window: Span, tally: Tally): void {
  if (!row.pending) tally.plain += row.amount
  switch (exclusionOf(kind)) {
    case 'pending':
      tally.pending += row.amount
      return
    case 'transfer':
      tally.transfers += movedOnce(row, partner, window)
      return
    case 'card_payment':
      tally.cardPayments += movedOnce(row, partner, window)
      return
    case 'ignored':
      return
    case null:
      countAsFlow(row, kind, tally)
  }
}

function countAsFlow(row: FlowRow, kind: Kind, tally: Tally): void {
  if (kind === 'refund') {
    tally.refunds += row.amount
    return
  }
  if (kind === 'unmatched_transfer') {
    tally.unmatched.count += row.count
    tally.unmatched.sum += row.amount
  }
  tally[row.amount > 0 ? 'in' : 'out'] += row.amount
}

/** Of a pair that counts here with both sides, only the side that money left. */
export function movedOnce(row: FlowRow, partner: FlowRow | null, window: Span): number {
  const bothHere =
    partner !== null && !partner.pending && partner.rule !== 'ignore' && isCounted(partner, window)
  return bothHere && row.amount > 0 ? 0 : Math.abs(row.amount)
}

function flowOf(currency: string, tally: Tally, days: number): CurrencyFlow {
  // Refunds beyond the expenses of the window are money that came in.
  const spent = tally.out + tally.refunds
  const income = tally.in + Math.max(spent, 0)
  const expenses = Math.min(spent, 0)
  return {
    currency,
    income,
    expenses,
    netCashFlow: income + expenses,
    monthlyBurn: scale(income + expenses, 30, days),
    plainNetCashFlow: tally.plain,
    pendingNet: tally.pending,
    transfersExcluded: tally.transfers,
    cardPaymentsExcluded: tally.cardPayments,
    unmatchedTransfers: tally.unmatched,
  }
}
