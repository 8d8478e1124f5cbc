import { isOfficial, toMinor } from '../money.ts'
import { type Json, numberAt } from './json.ts'

/** ISO 4217 where Plaid gives it, else Plaid's unofficial code (a crypto ticker), else XXX: no currency is ever guessed. */
export function currencyOf(row: Json): string {
  const code = row.iso_currency_code ?? row.unofficial_currency_code
  return typeof code === 'string' && /^[\w.-]{1,16}$/.test(code) ? code : 'XXX'
}

/** Minor units with Plaid's own sign; null for what is no amount, or so large that sums of it would not be exact. */
export function minorAt(row: Json, key: string, currency: string): number | null {
  const amount = numberAt(row, key)
  return amount === null ? null : exactly(amount, currency)
}

/** Plaid's flows are positive when money goes out; ours when it comes in. */
export function turnedAt(row: Json, key: string, currency: string): number | null {
  const minor = minorAt(row, key, currency)
  return minor === null || minor === 0 ? minor : -minor
}

/** Minor units. A thousand of the largest still add up exactly; coins have eight digits, and so less room. */
function largest(currency: string): number {
  return isOfficial(currency) ? 2 ** 43 : 2 ** 50
}

function exactly(amount: number, currency: string): number | null {
  try {
    const minor = toMinor(amount, currency)
    return Math.abs(minor) > largest(currency) ? null : minor
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
