import { addDays, daysBetween } from './calendar.ts'
import type { CustomAccount } from './custom-user-file.ts'

/** Moves a day of the file to where it belongs by the simulator's clock. */
export type Shift = (day: string) => string

/**
 * The dates in Plaid's files are fixed, and soon lie outside every window: all are moved by one offset, so
 * that the newest is yesterday and the gaps stay. A file written for today, with rows that have happened
 * and will only post, is left as it is: those are its pending ones.
 */
export function dayShift(accounts: readonly CustomAccount[], today: string): Shift {
  const newest = newestDay(accounts)
  if (newest === undefined || isOfToday(accounts, today)) return (day) => day
  const offset = daysBetween(newest, addDays(today, -1))
  return (day) => addDays(day, offset)
}

function newestDay(accounts: readonly CustomAccount[]): string | undefined {
  const posted = accounts.flatMap(({ transactions }) => transactions.map((row) => row.date_posted))
  if (posted.length > 0) return latest(posted)
  const priced = accounts.flatMap(({ holdings }) => holdings.map((row) => row.institution_price_as_of ?? ''))
  const booked = accounts.flatMap((account) => account.investment_transactions.map(({ date }) => date))
  return latest([...priced, ...booked].filter((day) => day !== ''))
}

function latest(days: readonly string[]): string | undefined {
  return days.toSorted().at(-1)
}

function isOfToday(accounts: readonly CustomAccount[], today: string): boolean {
  const rows = accounts.flatMap(({ transactions }) => transactions)
  return (
    rows.some((row) => row.date_transacted <= today && row.date_posted > today) &&
    rows.every((row) => row.date_transacted <= today)
  )
}
