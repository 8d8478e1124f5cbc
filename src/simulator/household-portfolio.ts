import type { InvestmentTransaction } from 'plaid'
import { monthOf, monthsBetween } from './calendar.ts'
import { firstMonth, type HouseholdAccount } from './household-entry.ts'
import {
  type Contribution,
  contributionDays,
  contributionKeys,
  type PortfolioPlan,
  type Step,
} from './household-portfolio-plan.ts'
import { priceOf } from './household-prices.ts'
import type { Plain } from './shapes.ts'

export interface Position {
  quantity: number
  /** Cents, of the whole position. */
  cost: number
}

/** One booking on an investment account; `cents` are minor units with Plaid's sign: positive = cash leaves. */
export interface Booking {
  readonly key: string
  readonly account: string
  readonly date: string
  readonly name: string
  readonly ticker: string | null
  readonly quantity: number
  readonly price: number
  readonly cents: number
  readonly type: Plain<InvestmentTransaction['type']>
  readonly subtype: Plain<InvestmentTransaction['subtype']>
}

/** An investment account: what it holds, and what happened on it so far. */
export interface Portfolio {
  /** Cents that lie uninvested. */
  cash: number
  readonly positions: Map<string, Position>
  /** Oldest first. */
  readonly bookings: Booking[]
}

/** Everything on an investment account up to and including `today`. */
export function portfolioOn({ key, portfolio: plan }: HouseholdAccount, today: string): Portfolio {
  const { cash = 0, held = [] } = plan ?? {}
  const positions = new Map(held.map(([ticker, quantity, cost]) => [ticker, { quantity, cost }]))
  const portfolio: Portfolio = { cash, positions, bookings: [] }
  if (plan === undefined) return portfolio
  for (const month of monthsBetween(firstMonth, monthOf(today))) {
    for (const step of stepsIn(month, plan)) {
      if (step.day <= today) book(portfolio, key, month, step)
    }
  }
  return portfolio
}

/** The arrival of a contribution has the key that its other side names. */
type KnownStep = Step & { readonly arrivalOf?: Contribution }

/** In the order of days. */
function stepsIn(month: string, plan: PortfolioPlan): KnownStep[] {
  const arrivals = plan.contributions.map((contribution): KnownStep => {
    const { arrives } = contributionDays(month, contribution)
    return { day: arrives, what: plan.arrival, size: contribution.cents / 100, arrivalOf: contribution }
  })
  const [first] = arrivals
  const steps = plan.stepsIn(month, first?.day ?? `${month}-01`)
  return [...arrivals, ...steps].toSorted((a, b) => a.day.localeCompare(b.day))
}

function book(portfolio: Portfolio, account: string, month: string, step: KnownStep): void {
  const booking = bookingOf(portfolio, account, month, step)
  portfolio.cash -= booking.cents
  portfolio.bookings.push(booking)
  const position = portfolio.positions.get(booking.ticker ?? '')
  if (position === undefined || step.what === 'dividend') return
  const costPerShare = position.cost / position.quantity
  position.quantity = Number((position.quantity + booking.quantity).toFixed(4))
  position.cost += step.what === 'buy' ? booking.cents : Math.round(costPerShare * booking.quantity)
}

function bookingOf(portfolio: Portfolio, account: string, month: string, step: KnownStep): Booking {
  const { day, what, ticker = null, size, arrivalOf } = step
  const key =
    arrivalOf === undefined
      ? `${month} ${account} ${what} ${ticker}`
      : contributionKeys(month, arrivalOf).arrives
  const base = { key, account, date: day, ticker, ...words[what](ticker ?? '') }
  if (what !== 'buy' && what !== 'sell') {
    const held = portfolio.positions.get(ticker ?? '')?.quantity ?? 0
    const cents = Math.round(size * (ticker === null ? 1 : held) * 100)
    return { ...base, quantity: 0, price: 0, cents: what === 'fee' ? cents : -cents }
  }
  const price = priceOf(ticker ?? '', day)
  const quantity = what === 'sell' ? -size : Math.floor((size / price) * 10_000) / 10_000
  return { ...base, quantity, price, cents: Math.round(quantity * price * 100) }
}

const words = {
  contribution: () => ({ name: 'CONTRIBUTION RECEIVED', type: 'cash', subtype: 'contribution' }),
  deposit: () => ({ name: 'ACH DEPOSIT RECEIVED', type: 'cash', subtype: 'deposit' }),
  buy: (ticker) => ({ name: `BUY ${ticker}`, type: 'buy', subtype: 'buy' }),
  sell: (ticker) => ({ name: `SELL ${ticker}`, type: 'sell', subtype: 'sell' }),
  dividend: (ticker) => ({ name: `DIVIDEND ${ticker}`, type: 'cash', subtype: 'dividend' }),
  fee: () => ({ name: 'ANNUAL ACCOUNT FEE', type: 'fee', subtype: 'account fee' }),
} as const satisfies Record<Step['what'], (ticker: string) => Pick<Booking, 'name' | 'type' | 'subtype'>>
