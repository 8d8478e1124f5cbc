import type { Span } from '../model.ts'
import { isOfficial, toMajor } from '../money.ts'
import type { FlowRow } from './row.ts'
import { isWithin } from './window.ts'

/** What happened on investment accounts in one official currency. Money in major units, positive = into the account. */
export interface Activity {
  readonly currency: string
  readonly contributions: number
  /** <= 0 */
  readonly withdrawals: number
  readonly dividends: number
  readonly interest: number
  /** Mostly <= 0. */
  readonly fees: number
}

type Sums = Record<'contributions' | 'withdrawals' | 'dividends' | 'interest' | 'fees', number>

/**
 * One per official currency of `currencies` or of any row, in their order.
 * @param rows those on other accounts are passed over
 * @param currencies of which something is known, were it only that nothing happened
 */
export function activity(rows: readonly FlowRow[], span: Span, currencies: readonly string[]): Activity[] {
  const counted = rows.filter((row) => isCounted(row, span))
  const all = new Set([...currencies, ...counted.map(({ currency }) => currency)])
  return [...all].filter(isOfficial).map((currency) => {
    const sums = sumsOf(counted.filter((row) => row.currency === currency))
    const major = (name: keyof Sums) => toMajor(sums[name], currency)
    return {
      currency,
      contributions: major('contributions'),
      withdrawals: major('withdrawals'),
      dividends: major('dividends'),
      interest: major('interest'),
      fees: major('fees'),
    }
  })
}

function isCounted(row: FlowRow, span: Span): boolean {
  return (
    row.accountType === 'investment' && !row.duplicate && isWithin(row.date, span) && nameOf(row) !== null
  )
}

function sumsOf(rows: readonly FlowRow[]): Sums {
  const sums = { contributions: 0, withdrawals: 0, dividends: 0, interest: 0, fees: 0 }
  for (const row of rows) {
    const name = nameOf(row)
    if (name !== null) sums[name] += row.amount
  }
  return sums
}

function nameOf({ kind, look, amount }: FlowRow): keyof Sums | null {
  switch (kind) {
    case 'dividend':
      return 'dividends'
    case 'interest':
      return 'interest'
    case 'fee':
      return 'fees'
    case null:
      if (look !== 'transfer') return null
      return amount > 0 ? 'contributions' : 'withdrawals'
    default:
      return null
  }
}
