import type { Holding, InvestmentTransaction, Security } from 'plaid'
import { idOf } from './ids.ts'
import type { Booking, Portfolio } from './household-portfolio.ts'
import { lastClose, priceOf } from './household-prices.ts'
import { securityIdOf, securityShape } from './securities.ts'
import { holdingShape, investmentTransactionShape, majorOf, type Plain, rounded } from './shapes.ts'

/** The account that a portfolio lies on. */
export interface Owner {
  readonly accountId: string
  readonly currency: string
}

/** Plaid's id of a booking, through one Item. */
export function bookingIdOf(itemSeed: string, key: string): string {
  return idOf(itemSeed, key)
}

/** Prices are made up for a hundred minor units, whatever the currency. */
function shownPrice(price: number, currency: string): number {
  return rounded(majorOf(price * 100, currency), 2)
}

/** Minor units: positions at the last closing prices, and cash. */
export function portfolioValue({ positions, cash }: Portfolio, today: string): number {
  const close = lastClose(today)
  const values = [...positions].map(([ticker, { quantity }]) =>
    Math.round(quantity * priceOf(ticker, close) * 100),
  )
  return values.reduce((sum, value) => sum + value, cash)
}

/** The positions of an account; its cash is one of them, as many brokers show it. */
export function holdingsOf(
  portfolio: Portfolio,
  { accountId, currency }: Owner,
  today: string,
): Plain<Holding>[] {
  const close = lastClose(today)
  const held = [...portfolio.positions].map(([ticker, { quantity, cost }]) =>
    holdingShape({
      accountId,
      securityId: securityIdOf(ticker),
      quantity,
      price: shownPrice(priceOf(ticker, close), currency),
      priceAsOf: close,
      // Brokers lose the cost of what was moved in from elsewhere.
      costBasis: ticker === 'VXUS' ? null : majorOf(cost, currency),
      currency,
    }),
  )
  return [...held, cashHolding(majorOf(portfolio.cash, currency), { accountId, currency }, close)]
}

function cashHolding(cash: number, { accountId, currency }: Owner, close: string): Plain<Holding> {
  const securityId = securityIdOf(`CUR:${currency}`)
  return holdingShape({
    accountId,
    securityId,
    quantity: cash,
    price: 1,
    priceAsOf: close,
    costBasis: cash,
    currency,
  })
}

export function securitiesOf(portfolios: readonly (Portfolio & Owner)[], today: string): Plain<Security>[] {
  const [first] = portfolios
  if (first === undefined) return []
  const { currency } = first
  const priceAsOf = lastClose(today)
  const cash = `CUR:${currency}`
  const tickers = new Set([...portfolios.flatMap(({ positions }) => [...positions.keys()]), cash])
  const closeOf = (ticker: string) => (ticker === cash ? 1 : shownPrice(priceOf(ticker, priceAsOf), currency))
  return [...tickers].map((ticker) => securityShape({ ticker, price: closeOf(ticker), priceAsOf, currency }))
}

export function bookingShape(
  booking: Booking,
  { accountId, currency }: Owner,
  itemSeed: string,
): Plain<InvestmentTransaction> {
  return investmentTransactionShape({
    id: bookingIdOf(itemSeed, booking.key),
    accountId,
    securityId: booking.ticker === null ? null : securityIdOf(booking.ticker),
    date: booking.date,
    name: booking.name,
    quantity: booking.quantity,
    amount: majorOf(booking.cents, currency),
    price: shownPrice(booking.price, currency),
    fees: booking.type === 'fee' ? majorOf(booking.cents, currency) : 0,
    type: booking.type,
    subtype: booking.subtype,
    currency,
  })
}
