/** Days are `YYYY-MM-DD` and months `YYYY-MM`, both without a time zone; they compare as text. */

const DAY_MS = 86_400_000

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10)
}

export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS
}

export function monthOf(day: string): string {
  return day.slice(0, 7)
}

export function addMonths(month: string, count: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}

/** Every month from the first to the last, both included. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = first; month <= last; month = addMonths(month, 1)) months.push(month)
  return months
}

export function lengthOf(month: string): number {
  return daysBetween(`${month}-01`, `${addMonths(month, 1)}-01`)
}

/** The day of a month, at the latest its last. */
export function dayIn(month: string, day: number): string {
  return `${month}-${String(Math.min(day, lengthOf(month))).padStart(2, '0')}`
}

/** Every day of a month, and the first few of the next. */
export function daysOf(month: string): string[] {
  const first = Date.parse(`${month}-01`)
  return Array.from({ length: lengthOf(month) + 4 }, (_, index) =>
    new Date(first + index * DAY_MS).toISOString().slice(0, 10),
  )
}

/** The day itself, or the Monday after a weekend: banks book nothing on Saturdays and Sundays. */
export function bankingDay(day: string): string {
  const weekday = new Date(day).getUTCDay()
  if (weekday === 6) return addDays(day, 2)
  return weekday === 0 ? addDays(day, 1) : day
}
