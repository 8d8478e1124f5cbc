import { isOfficial, toMinor } from '../money.ts'
import { type Json, numberAt, objectAt, rowsAt } from './json.ts'

/** ISO 4217 where Plaid gives it, else Plaid's unofficial code (a crypto ticker), else XXX: no currency is ever guessed. */
export function currencyOf(row: Json): string {
  const code = row.iso_currency_code ?? row.unofficial_currency_code
  return typeof code === 'string' && /^[\w.-]{1,16}$/.test(code) ? code : 'XXX'
}

/** Rows of this answer that name no currency have that of their account, as the answer tells it. */
export function inAccountCurrency(answer: Json): (row: Json) => Json {
  const accounts = new Map(
    rowsAt(answer, 'accounts', (row) => [row.account_id, objectAt(row, 'balances')] as const),
  )
  return (row) => {
    const known = isUnnamed(row) ? accounts.get(row.account_id) : undefined
    if (known === undefined) return row
    const { iso_currency_code, unofficial_currency_code } = known
    return { ...row, iso_currency_code, unofficial_currency_code }
  }
}

function isUnnamed(row: Json): boolean {
  return (row.iso_currency_code ?? row.unofficial_currency_code ?? null) === null
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
