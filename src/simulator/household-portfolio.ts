import type { InvestmentTransaction } from 'plaid'
import { bankingDay, dayIn, monthOf, monthsBetween } from './calendar.ts'
import { firstMonth } from './household-entry.ts'
import { type Contribution, contributionDays, contributionPlan } from './household-family.ts'
import { priceOf } from './household-prices.ts'
import type { Plain } from './shapes.ts'

export interface Position {
  quantity: number
  /** Cents, of the whole position. */
  cost: number
}

/** One booking on an investment account; `cents` has Plaid's sign: positive = cash leaves. */
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

const openings: Readonly<Record<string, readonly [cash: number, ...(readonly [string, number, number])[]]>> =
  {
    brokerage: [
      125_000,
      ['VTI', 84.5, 1_512_400],
      ['VXUS', 120, 640_800],
      ['BND', 95.25, 702_900],
      ['AAPL', 22, 241_560],
      ['MSFT', 40, 918_000],
      ['CUR:BTC', 0.085, 214_300],
    ],
    ira: [4_150, ['VTIVX', 1_412.336, 2_980_000]],
  }

/** Everything on an investment account up to and including `today`. */
export function portfolioOn(account: string, today: string): Portfolio {
  const [cash, ...held] = openings[account] ?? [0]
  const positions = new Map(held.map(([ticker, quantity, cost]) => [ticker, { quantity, cost }]))
  const portfolio: Portfolio = { cash, positions, bookings: [] }
  const plan = contributionPlan.find(({ to }) => to === account)
  if (plan === undefined) return portfolio
  for (const month of monthsBetween(firstMonth, monthOf(today))) {
    for (const step of stepsIn(month, plan)) {
      if (step.day <= today) book(portfolio, account, month, step)
    }
  }
  return portfolio
}

interface Step {
  readonly day: string
  readonly what: 'contribution' | 'deposit' | 'buy' | 'sell' | 'dividend' | 'fee'
  readonly ticker?: string
  /** Dollars of a contribution, deposit, purchase or fee; dollars a share of a dividend; shares of a sale. */
  readonly size: number
}

/** In the order of days. */
function stepsIn(month: string, plan: Contribution): Step[] {
  const { arrives } = contributionDays(month, plan)
  const at = (day: number) => bankingDay(dayIn(month, day))
  const steps = plan.to === 'ira' ? iraSteps(arrives, at) : brokerageSteps(month, arrives, at)
  const what = plan.to === 'ira' ? 'contribution' : 'deposit'
  const arrival: Step = { day: arrives, what, size: plan.cents / 100 }
  return [arrival, ...steps].toSorted((a, b) => a.day.localeCompare(b.day))
}

function iraSteps(arrives: string, at: (day: number) => string): Step[] {
  return [
    { day: arrives, what: 'buy', ticker: 'VTIVX', size: 500 },
    { day: at(25), what: 'dividend', ticker: 'VTIVX', size: 0.021 },
  ]
}

function brokerageSteps(month: string, arrives: string, at: (day: number) => string): Step[] {
  const monthNumber = Number(month.slice(5))
  const steps: Step[] = [
    { day: at(6), what: 'dividend', ticker: 'BND', size: 0.19 },
    { day: arrives, what: 'buy', ticker: 'VTI', size: 220 },
    { day: arrives, what: 'buy', ticker: 'BND', size: 75 },
  ]
  if (monthNumber % 3 === 0) steps.push({ day: at(24), what: 'dividend', ticker: 'VTI', size: 0.88 })
  if (monthNumber === 9) steps.push({ day: at(12), what: 'sell', ticker: 'MSFT', size: 1 })
  if (monthNumber === 12) steps.push({ day: at(22), what: 'fee', size: 25 })
  return steps
}

function book(portfolio: Portfolio, account: string, month: string, step: Step): void {
  const booking = bookingOf(portfolio, account, month, step)
  portfolio.cash -= booking.cents
  portfolio.bookings.push(booking)
  const position = portfolio.positions.get(booking.ticker ?? '')
  if (position === undefined || step.what === 'dividend') return
  const costPerShare = position.cost / position.quantity
  position.quantity = Number((position.quantity + booking.quantity).toFixed(4))
  position.cost += step.what === 'buy' ? booking.cents : Math.round(costPerShare * booking.quantity)
}

function bookingOf(portfolio: Portfolio, account: string, month: string, step: Step): Booking {
  const { day, what, ticker = null, size } = step
  const key = `${month} ${account} ${what} ${ticker}`
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
