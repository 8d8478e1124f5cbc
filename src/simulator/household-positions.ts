import type { Holding, InvestmentTransaction, Security } from 'plaid'
import { idOf } from './ids.ts'
import type { Booking, Portfolio } from './household-portfolio.ts'
import { lastClose, priceOf } from './household-prices.ts'
import { securityIdOf, securityShape } from './securities.ts'
import { holdingShape, investmentTransactionShape, type Plain } from './shapes.ts'

/** Cents: positions at the last closing prices, and cash. */
export function portfolioValue({ positions, cash }: Portfolio, today: string): number {
  const close = lastClose(today)
  const values = [...positions].map(([ticker, { quantity }]) =>
    Math.round(quantity * priceOf(ticker, close) * 100),
  )
  return values.reduce((sum, value) => sum + value, cash)
}

/** The positions of an account; its cash is one of them, as many brokers show it. */
export function holdingsOf(portfolio: Portfolio, accountId: string, today: string): Plain<Holding>[] {
  const close = lastClose(today)
  const held = [...portfolio.positions].map(([ticker, { quantity, cost }]) =>
    holdingShape({
      accountId,
      securityId: securityIdOf(ticker),
      quantity,
      price: priceOf(ticker, close),
      priceAsOf: close,
      // Brokers lose the cost of what was moved in from elsewhere.
      costBasis: ticker === 'VXUS' ? null : cost / 100,
    }),
  )
  return [...held, cashHolding(portfolio.cash / 100, accountId, close)]
}

function cashHolding(dollars: number, accountId: string, close: string): Plain<Holding> {
  const securityId = securityIdOf('CUR:USD')
  return holdingShape({
    accountId,
    securityId,
    quantity: dollars,
    price: 1,
    priceAsOf: close,
    costBasis: dollars,
  })
}

export function securitiesOf(portfolios: readonly Portfolio[], today: string): Plain<Security>[] {
  if (portfolios.length === 0) return []
  const priceAsOf = lastClose(today)
  const tickers = new Set([...portfolios.flatMap(({ positions }) => [...positions.keys()]), 'CUR:USD'])
  return [...tickers].map((ticker) => securityShape({ ticker, price: priceOf(ticker, priceAsOf), priceAsOf }))
}

export function bookingShape(
  booking: Booking,
  accountId: string,
  itemSeed: string,
): Plain<InvestmentTransaction> {
  return investmentTransactionShape({
    id: idOf(itemSeed, booking.key),
    accountId,
    securityId: booking.ticker === null ? null : securityIdOf(booking.ticker),
    date: booking.date,
    name: booking.name,
    quantity: booking.quantity,
    amount: booking.cents / 100,
    price: booking.price,
    fees: booking.type === 'fee' ? booking.cents / 100 : 0,
    type: booking.type,
    subtype: booking.subtype,
  })
}
