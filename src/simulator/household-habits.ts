import type { PersonalFinanceCategory } from 'plaid'
import { addDays, addMonths, bankingDay, dayIn, daysOf, lengthOf, monthsBetween } from './calendar.ts'
import { type Chance, chanceOf } from './chance.ts'
import { type Entry, type EntryKind, firstMonth } from './household-entry.ts'
import type { Plain } from './shapes.ts'

type Range = readonly [least: number, most: number]

interface Routine {
  readonly account: string
  readonly text: string
  readonly merchant: string | null
  readonly category: Plain<PersonalFinanceCategory>
  /** Cents, Plaid's sign. */
  readonly cents: Range
  /** 1-12, where it is not every month. */
  readonly months?: readonly number[]
}

/** Something bought by card now and then. */
export interface Habit extends Routine {
  readonly times: Range
  /** The bank first sees the bill without it. */
  readonly tipped?: true
}

/** Something booked once a month, with no pending time. */
export interface Bill extends Routine {
  /** 1-26; 31 for the last working day. */
  readonly day: number
  /** By how many cents more it is from a month of each year on. */
  readonly rise?: { readonly month: number; readonly cents: number }
}

export function billsIn(month: string, seed: string, bills: readonly Bill[]): Entry[] {
  return bills.filter((bill) => isIn(bill, month)).map((bill) => billEntry(month, seed, bill))
}

export function purchasesIn(month: string, seed: string, habits: readonly Habit[]): Entry[] {
  const days = daysOf(month)
  const calendar = { month, length: lengthOf(month), days, bankingDays: days.map(bankingDay) }
  return habits.filter((habit) => isIn(habit, month)).flatMap((habit) => purchases(calendar, seed, habit))
}

/** A month's days, worked out once for all that is bought in it. */
interface Calendar {
  readonly month: string
  readonly length: number
  readonly days: readonly string[]
  /** For each day, the first on which a bank books. */
  readonly bankingDays: readonly string[]
}

function isIn({ months }: Routine, month: string): boolean {
  return months === undefined || months.includes(Number(month.slice(5)))
}

function billEntry(month: string, seed: string, bill: Bill): Entry {
  const key = `${month} ${bill.account} ${bill.text} ${bill.day}`
  const day = bill.day === 31 ? lastBankingDay(month) : bankingDay(dayIn(month, bill.day))
  const cents = chanceOf(seed, key).between(...bill.cents) + risen(bill, month)
  return { ...common(bill, key, cents), happened: day, posted: day, kind: kindOf(cents) }
}

function risen({ rise }: Bill, month: string): number {
  if (rise === undefined) return 0
  const rises = monthsBetween(firstMonth, month).filter((each) => Number(each.slice(5)) === rise.month)
  return rises.length * rise.cents
}

function purchases(calendar: Calendar, seed: string, habit: Habit): Entry[] {
  const stem = `${calendar.month} ${habit.account} ${habit.text}`
  const chance = chanceOf(seed, stem)
  const count = chance.between(...habit.times)
  return Array.from({ length: count }, (_, index) => purchase(calendar, chance, habit, `${stem} ${index}`))
}

function purchase(calendar: Calendar, chance: Chance, habit: Habit, key: string): Entry {
  const day = chance.between(0, calendar.length - 1)
  const happened = calendar.days[day] ?? calendar.month
  const posted = calendar.bankingDays[day + chance.between(1, 2)] ?? happened
  const cents = chance.between(...habit.cents)
  const tip = habit.tipped === undefined ? {} : { pendingCents: Math.round(cents / 1.18) }
  // Money back from a shop makes the spending smaller; it is nobody's income.
  return { ...common(habit, key, cents), ...tip, happened, posted, kind: 'expense' }
}

function common({ account, text, merchant, category }: Routine, key: string, cents: number) {
  return { key, account, text, merchant, category, cents, partner: null, partnerKey: null }
}

function kindOf(cents: number): EntryKind {
  return cents < 0 ? 'income' : 'expense'
}

function lastBankingDay(month: string): string {
  const last = addDays(`${addMonths(month, 1)}-01`, -1)
  return bankingDay(last) === last ? last : addDays(bankingDay(last), -3)
}
