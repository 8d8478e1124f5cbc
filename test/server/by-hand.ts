import { customUserFile } from '../simulator/conformity.ts'

/**
 * Sums made straight from the text of one of Plaid's own users: no code of ours takes part, and the sign stays
 * Plaid's until the end. All in cents.
 */
export interface ByHand {
  readonly plain: number
  readonly income: number
  readonly expenses: number
}

export interface FileRow {
  /** The day in our window: the file's, moved so that the newest row is of yesterday. */
  readonly date: string
  /** Plaid's sign: positive = out. */
  readonly cents: number
  readonly text: string
}

interface CustomUser {
  readonly override_accounts: readonly {
    readonly transactions?: readonly { date_posted: string; amount: number; description: string }[]
    readonly holdings?: readonly FileHolding[]
  }[]
}

export interface FileHolding {
  readonly institution_price: number
  readonly quantity: number
  readonly cost_basis?: number
  readonly security: { readonly ticker_symbol: string }
}

export function holdingsIn(name: string): FileHolding[] {
  return read(name).override_accounts.flatMap(({ holdings }) => holdings ?? [])
}

/** Every bank and card row of the file, on the days where a connection made today has it. */
export function rowsIn(name: string, now: number): FileRow[] {
  const rows = read(name).override_accounts.flatMap(({ transactions }) => transactions ?? [])
  const newest = Math.max(...rows.map((row) => dayNumber(row.date_posted)))
  const offset = Math.floor(now / day) - 1 - newest
  return rows.map((row) => ({
    date: new Date((dayNumber(row.date_posted) + offset) * day).toISOString().slice(0, 10),
    cents: Math.round(row.amount * 100),
    text: row.description,
  }))
}

/**
 * None of the files has two sides of one movement, so all that goes out is spent, and what comes in is
 * earned, save for what a shop gives back: that is taken off what was spent, and only the rest is earned.
 */
export function flowByHand(rows: readonly FileRow[], window: { from: string; to: string }): ByHand {
  const inside = rows.filter(({ date }) => window.from <= date && date <= window.to)
  const isEarned = (row: FileRow) => row.cents < 0 && !row.text.includes('REFUND')
  const sum = (chosen: readonly FileRow[]) => 0 - chosen.reduce((total, { cents }) => total + cents, 0)
  const spent = sum(inside.filter((row) => !isEarned(row)))
  return {
    plain: sum(inside),
    income: sum(inside.filter(isEarned)) + Math.max(spent, 0),
    expenses: Math.min(spent, 0),
  }
}

function read(name: string): CustomUser {
  // The files are Plaid's, and the tests that use this are of their content.
  return JSON.parse(customUserFile(name)) as CustomUser
}

const day = 86_400_000

function dayNumber(date: string): number {
  return Date.parse(date) / day
}
