import type { Account, Span } from '../model.ts'
import { countedAccounts } from './balances.ts'
import { dayOfPayment, type Due } from './due.ts'
import type { Expected } from './expected.ts'

/** How far a bank account is expected to go down. Minor units. */
export interface Lowest {
  readonly account: Account
  readonly current: number
  readonly lowest: number
  /** The first day on which it is that low. */
  readonly on: string
}

interface Step {
  readonly date: string
  readonly amount: number
}

/** One per bank account whose balance is known: that balance, and what is expected to come and go from day to day. */
export function lowestBalances(
  accounts: readonly Account[],
  expected: readonly Expected[],
  dues: readonly Due[],
  span: Span,
): Lowest[] {
  return countedAccounts(accounts).flatMap((account) => {
    const current = account.current ?? account.available
    if (account.type !== 'depository' || current === null) return []
    const steps = [...itemsOf(account, expected), ...paymentsOf(account, dues, span)]
    return [{ account, current, ...lowestOf(current, steps, span.from) }]
  })
}

function itemsOf({ accountId, currency }: Account, expected: readonly Expected[]): Step[] {
  return expected.filter(({ series }) => series.accountId === accountId && series.currency === currency)
}

function paymentsOf({ accountId, currency }: Account, dues: readonly Due[], { from }: Span): Step[] {
  return dues.flatMap((due) => {
    const isOurs = due.payer === accountId && due.liability.currency === currency
    return isOurs && due.payment !== null ? [{ date: dayOfPayment(due, from), amount: -due.payment }] : []
  })
}

/** At the end of a day: what comes and goes on the same day is in no known order. */
function lowestOf(current: number, steps: readonly Step[], today: string): Pick<Lowest, 'lowest' | 'on'> {
  const days = Map.groupBy(steps, ({ date }) => date)
  let [balance, lowest, on] = [current, current, today]
  for (const date of [...days.keys()].sort()) {
    balance += (days.get(date) ?? []).reduce((sum, { amount }) => sum + amount, 0)
    if (balance < lowest) [lowest, on] = [balance, date]
  }
  return { lowest, on }
}
