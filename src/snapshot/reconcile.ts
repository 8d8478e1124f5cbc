import type { AccountType } from '../model.ts'
import type { FlowRow } from './row.ts'
import { daysBetween } from './window.ts'

/** A balance at the end of a day, as Plaid means it: of a card or loan what is owed. Minor units. */
export interface KnownBalance {
  readonly date: string
  readonly amount: number
}

export interface Books {
  readonly accountType: AccountType
  readonly currency: string
  readonly opening: KnownBalance
  readonly actual: KnownBalance
  /** All rows of the account from the opening day to today. */
  readonly rows: readonly FlowRow[]
}

export const suspicions = ['pending', 'exact', 'half', 'duplicate', 'opening_day', 'closing_day'] as const
export type Suspicion = (typeof suspicions)[number]

export interface Suspect {
  readonly row: FlowRow
  readonly why: Suspicion
}

export interface Reconciled {
  /** As the balances. */
  readonly expected: number
  /** What the bank tells less what was expected. */
  readonly discrepancy: number
  /** The likeliest first; none when it adds up. */
  readonly suspects: readonly Suspect[]
  /** Of rows that are in no sum here, since the balance is in another currency; in the order of the alphabet. */
  readonly otherCurrencies: readonly string[]
}

const likeliest: readonly Suspicion[] = [
  'exact',
  'duplicate',
  'opening_day',
  'closing_day',
  'half',
  'pending',
]

/** The opening balance and what was posted since, held against the balance that the bank tells. */
export function reconcile(books: Books): Reconciled {
  const { accountType, currency, opening, actual } = books
  const rows = books.rows.filter((row) => row.currency === currency)
  const others = books.rows.filter((row) => row.currency !== currency)
  const otherCurrencies = [...new Set(others.map((row) => row.currency))].sort()
  // A purchase makes more to be owed.
  const sign = accountType === 'credit' || accountType === 'loan' ? -1 : 1
  const posted = rows.filter(({ pending, date }) => !pending && date > opening.date && date <= actual.date)
  const moved = posted.reduce((sum, { amount }) => sum + amount, 0)
  const expected = opening.amount + sign * moved
  const discrepancy = actual.amount - expected
  if (discrepancy === 0) return { expected, discrepancy, suspects: [], otherCurrencies }
  const missing = sign * discrepancy
  const suspects = rows.flatMap((row) => suspect(row, { opening, actual, posted, missing }))
  const ranked = suspects.toSorted((a, b) => likeliest.indexOf(a.why) - likeliest.indexOf(b.why))
  return { expected, discrepancy, suspects: ranked, otherCurrencies }
}

interface Case {
  readonly opening: KnownBalance
  readonly actual: KnownBalance
  readonly posted: readonly FlowRow[]
  /** What the rows would have to bring besides; positive = money in. */
  readonly missing: number
}

function suspect(row: FlowRow, { opening, actual, posted, missing }: Case): Suspect[] {
  const of = (why: Suspicion) => [{ row, why }]
  if (row.pending) return of(row.amount === missing ? 'exact' : 'pending')
  // Counted, and perhaps not in the balance.
  if (posted.includes(row)) {
    if (row.amount === -missing && hasTwin(row, posted)) return of('duplicate')
    if (row.amount === -missing) return of(row.date === actual.date ? 'closing_day' : 'exact')
    return 2 * row.amount === -missing ? of('half') : []
  }
  // Not counted, and perhaps in it.
  if (row.amount !== missing) return []
  return row.date <= opening.date ? of('opening_day') : of('closing_day')
}

/** A row equal to it within a day. */
function hasTwin(row: FlowRow, posted: readonly FlowRow[]): boolean {
  return posted.some(
    (other) =>
      other !== row &&
      other.amount === row.amount &&
      other.transaction?.name === row.transaction?.name &&
      Math.abs(daysBetween(other.date, row.date)) <= 1,
  )
}
