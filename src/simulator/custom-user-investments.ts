import type { Holding, InvestmentTransaction, Security } from 'plaid'
import type { CustomAccount, CustomInvestmentTransaction, CustomSecurity, Owned } from './custom-user-file.ts'
import type { Shift } from './custom-user-shift.ts'
import { idOf } from './ids.ts'
import { securityIdOf, securityShape } from './securities.ts'
import { holdingShape, investmentTransactionShape, type Plain, rounded } from './shapes.ts'

export function customHoldings({ account, id }: Owned, shift: Shift): Plain<Holding>[] {
  return account.holdings.map((holding) =>
    holdingShape({
      accountId: id,
      securityId: securityIdOf(symbolOf(holding.security)),
      quantity: holding.quantity,
      price: holding.institution_price,
      priceAsOf: shifted(holding.institution_price_as_of, shift),
      costBasis: holding.cost_basis ?? null,
      currency: holding.currency,
    }),
  )
}

/** Each security once, priced by the first holding of it; one that was only traded has no price. */
export function customSecurities(accounts: readonly CustomAccount[], shift: Shift): Plain<Security>[] {
  const held = accounts.flatMap(({ holdings }) => holdings)
  const traded = accounts.flatMap((account) => account.investment_transactions)
  const found = new Map<string, Plain<Security>>()
  for (const row of [...held, ...traded]) {
    const shape = customSecurity(row, shift)
    if (!found.has(shape.security_id)) found.set(shape.security_id, shape)
  }
  return [...found.values()]
}

interface Priced {
  readonly security: CustomSecurity
  readonly institution_price?: number
  readonly institution_price_as_of?: string | undefined
}

function customSecurity({ security, institution_price, institution_price_as_of }: Priced, shift: Shift) {
  return securityShape({
    ticker: symbolOf(security),
    name: security.name ?? null,
    isin: security.isin ?? null,
    cusip: security.cusip ?? null,
    currency: security.currency,
    price: institution_price ?? null,
    priceAsOf: shifted(institution_price_as_of, shift),
  })
}

function symbolOf({ ticker_symbol, isin, cusip, name }: CustomSecurity): string {
  return ticker_symbol ?? isin ?? cusip ?? name ?? 'UNKNOWN'
}

function shifted(day: string | undefined, shift: Shift): string | null {
  return day === undefined ? null : shift(day)
}

export function customBookings({ account, index, id }: Owned, itemSeed: string, shift: Shift) {
  return account.investment_transactions.map(
    (row, rowIndex): Plain<InvestmentTransaction> =>
      investmentTransactionShape({
        id: idOf(itemSeed, 'booking', String(index), String(rowIndex)),
        accountId: id,
        securityId: securityIdOf(symbolOf(row.security)),
        date: shift(row.date),
        name: row.name,
        quantity: row.type === 'sell' ? -Math.abs(row.quantity) : row.quantity,
        amount: bookedAmount(row),
        price: row.price,
        fees: row.fees ?? null,
        type: row.type,
        subtype: subtypes[row.type],
        currency: row.currency,
      }),
  )
}

const subtypes = {
  buy: 'buy',
  sell: 'sell',
  cancel: 'adjustment',
  cash: 'withdrawal',
  fee: 'miscellaneous fee',
  transfer: 'transfer',
} as const

/** Plaid's sign: a sale brings its price less the fees, a fee takes only itself, all else costs both. */
function bookedAmount({ type, quantity, price, fees = 0 }: CustomInvestmentTransaction): number {
  if (type === 'fee') return fees
  const value = Math.abs(quantity) * price
  return rounded(type === 'sell' ? fees - value : value + fees)
}
