import { addDays, daysBetween } from './calendar.ts'

/** Dollars at the start of 2023, and the growth of a year. */
const starts: Readonly<Record<string, readonly [dollars: number, growth: number]>> = {
  VTI: [191.19, 0.11],
  VXUS: [51.72, 0.06],
  BND: [71.84, 0.01],
  AAPL: [129.93, 0.17],
  MSFT: [239.82, 0.15],
  VTIVX: [23.65, 0.08],
  'CUR:BTC': [16_547.5, 0.42],
  'CUR:USD': [1, 0],
}

/** A made-up closing price that moves from day to day and is the same on every run. */
export function priceOf(ticker: string, day: string): number {
  const [dollars, growth] = starts[ticker] ?? [100, 0.05]
  if (growth === 0) return dollars
  const days = daysBetween('2023-01-01', day)
  const phase = ticker.length + (ticker.codePointAt(0) ?? 0)
  const swing = 1 + growth * (0.3 * Math.sin(days / 31 + phase) + 0.1 * Math.sin(days / 3.7 + phase))
  return Number((dollars * (1 + growth) ** (days / 365.25) * swing).toFixed(2))
}

/** The last day before this one that the exchange was open. */
export function lastClose(today: string): string {
  const before = addDays(today, -1)
  const weekday = new Date(before).getUTCDay()
  if (weekday === 6) return addDays(before, -1)
  return weekday === 0 ? addDays(before, -2) : before
}
