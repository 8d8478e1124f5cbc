import { addDays, bankingDay, dayIn } from './calendar.ts'

/** Monthly savings: money that leaves a bank account and is booked on an investment account. */
export interface Contribution {
  readonly from: string
  readonly to: string
  /** As the bank books it. */
  readonly text: string
  readonly day: number
  /** Minor units. */
  readonly cents: number
}

/** What happens on an investment account. */
export interface Step {
  readonly day: string
  readonly what: 'contribution' | 'deposit' | 'buy' | 'sell' | 'dividend' | 'fee'
  readonly ticker?: string
  /** Money of a contribution, deposit, purchase or fee; money a share of a dividend; shares of a sale. */
  readonly size: number
}

export interface PortfolioPlan {
  /** Minor units that lay uninvested at first. */
  readonly cash: number
  readonly held: readonly (readonly [ticker: string, quantity: number, cost: number])[]
  readonly contributions: readonly Contribution[]
  /** What the broker calls the arrival of one. */
  readonly arrival: 'contribution' | 'deposit'
  /** What is done in a month besides; `arrives`: the day of the first contribution. */
  stepsIn(month: string, arrives: string): Step[]
}

/** The day it leaves the bank, and the day it is there. */
export function contributionDays(month: string, { day }: Contribution) {
  const leaves = bankingDay(dayIn(month, day))
  return { leaves, arrives: bankingDay(addDays(leaves, 1)) }
}

/** The row at the bank, and the one at the broker. */
export function contributionKeys(month: string, { text }: Contribution) {
  return { leaves: `${month} ${text}`, arrives: `${month} ${text} arrives` }
}
