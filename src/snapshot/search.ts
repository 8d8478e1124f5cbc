import type { Span, Transaction } from '../model.ts'
import { digitsOf, toMinor } from '../money.ts'
import type { Verdict } from './judge.ts'
import type { Kind } from './kinds.ts'
import type { FlowRow } from './row.ts'
import { isMatch } from './rules.ts'
import { isWithin } from './window.ts'

/** What is looked for; a field that is left out says nothing. */
export interface Search {
  readonly span: Span
  /** In name or merchant; cleaned, in lower case. */
  readonly query?: string | undefined
  readonly accountId?: string | undefined
  /** Primary or detailed, in any case. */
  readonly category?: string | undefined
  /** Signed amounts in major units of each row's own currency. */
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly pending?: boolean | undefined
}

export interface Found {
  readonly transaction: Transaction
  readonly kind: Kind
}

/** Transactions, newest first. One that another login shows too is found where that account is asked for. */
export function search(verdicts: ReadonlyMap<FlowRow, Verdict>, wanted: Search): Found[] {
  const found: Found[] = []
  for (const [row, { kind }] of verdicts) {
    if (row.transaction !== null && fits(row, wanted)) found.push({ transaction: row.transaction, kind })
  }
  return found.sort(newestFirst)
}

function fits(row: FlowRow, wanted: Search): boolean {
  const { span, query, accountId, pending, category } = wanted
  return (
    isWithin(row.date, span) &&
    (accountId === undefined ? !row.duplicate : row.accountId === accountId) &&
    (pending ?? row.pending) === row.pending &&
    (query === undefined || isMatch(row, query)) &&
    (category === undefined || isIn(row, category)) &&
    isBetween(row, wanted)
  )
}

function isIn({ transaction }: FlowRow, wanted: string): boolean {
  const { primary, detailed } = transaction?.category ?? {}
  return [primary, detailed].some((category) => category !== undefined && word(category) === word(wanted))
}

/** As Plaid writes it, whatever case it is in and whether its words are parted by spaces. */
function word(category: string): string {
  return category.toLowerCase().replaceAll(' ', '_')
}

function isBetween({ amount, currency }: FlowRow, { min, max }: Search): boolean {
  const isEnough = min === undefined || amount >= minorOf(min, currency)
  return isEnough && (max === undefined || amount <= minorOf(max, currency))
}

/** More than anything can be is as good as the most that can be. */
function minorOf(amount: number, currency: string): number {
  const most = 9e15 / 10 ** digitsOf(currency)
  return toMinor(Math.min(Math.max(amount, -most), most), currency)
}

function newestFirst({ transaction: a }: Found, { transaction: b }: Found): number {
  return (
    compare(b.date, a.date) ||
    Number(b.pending) - Number(a.pending) ||
    compare(a.transactionId, b.transactionId)
  )
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
