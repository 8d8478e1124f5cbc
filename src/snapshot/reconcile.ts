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
  /** All rows of the account from the opening day to today; earlier ones are passed over. */
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

/**
 * The opening balance and what was posted since, held against the balance that the bank tells.
 *
 * Rows of the opening day are taken to be in the opening balance, as they are in a balance at the end of that day.
 * One that was taken during the day has only some of them: where all of the day, or a few of them, are as much as the
 * discrepancy, these are the suspects.
 */
export function reconcile(books: Books): Reconciled {
  const { accountType, currency, opening, actual } = books
  const since = books.rows.filter(({ pending, date }) => pending || date >= opening.date)
  const rows = since.filter((row) => row.currency === currency)
  const others = since.filter((row) => row.currency !== currency)
  const otherCurrencies = [...new Set(others.map((row) => row.currency))].sort()
  // A purchase makes more to be owed.
  const sign = accountType === 'credit' || accountType === 'loan' ? -1 : 1
  const posted = rows.filter(({ pending, date }) => !pending && date > opening.date && date <= actual.date)
  const expected = opening.amount + sign * sumOf(posted)
  const discrepancy = actual.amount - expected
  if (discrepancy === 0) return { expected, discrepancy, suspects: [], otherCurrencies }
  const missing = sign * discrepancy
  const onOpeningDay = rows.filter(({ pending, date }) => !pending && date === opening.date)
  const late = new Set(addingUpTo(missing, onOpeningDay))
  const suspects = rows.flatMap((row) => suspect(row, { actual, posted, late, missing }))
  const ranked = suspects.toSorted((a, b) => likeliest.indexOf(a.why) - likeliest.indexOf(b.why))
  return { expected, discrepancy, suspects: ranked, otherCurrencies }
}

interface Case {
  readonly actual: KnownBalance
  readonly posted: readonly FlowRow[]
  /** Of the opening day, and together what is missing. */
  readonly late: ReadonlySet<FlowRow>
  /** What the rows would have to bring besides; positive = money in. */
  readonly missing: number
}

function suspect(row: FlowRow, { actual, posted, late, missing }: Case): Suspect[] {
  const of = (why: Suspicion) => [{ row, why }]
  if (row.pending) return of(row.amount === missing ? 'exact' : 'pending')
  // Counted, and perhaps not in the balance.
  if (posted.includes(row)) {
    if (row.amount === -missing && hasTwin(row, posted)) return of('duplicate')
    if (row.amount === -missing) return of(row.date === actual.date ? 'closing_day' : 'exact')
    return 2 * row.amount === -missing ? of('half') : []
  }
  // Not counted, and perhaps in it.
  if (late.has(row)) return of('opening_day')
  return row.date > actual.date && row.amount === missing ? of('closing_day') : []
}

/** Every two rows more make four times as many sums, and one of many is soon right by chance. */
const mostAdded = 10

/** Those rows, as few as can be, whose amounts add up to it; of many one or all of them. */
function addingUpTo(sum: number, rows: readonly FlowRow[]): readonly FlowRow[] {
  if (rows.length > mostAdded) {
    const one = rows.filter(({ amount }) => amount === sum).slice(0, 1)
    return one.length === 0 && sumOf(rows) === sum ? rows : one
  }
  let found: readonly (readonly FlowRow[])[] = [[]]
  for (const row of rows) found = [...found, ...found.map((some) => [...some, row])]
  const right = found.filter((some) => some.length > 0 && sumOf(some) === sum)
  return right.toSorted((a, b) => a.length - b.length)[0] ?? []
}

function sumOf(rows: readonly FlowRow[]): number {
  return rows.reduce((sum, { amount }) => sum + amount, 0)
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
