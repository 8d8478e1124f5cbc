import type { Account, Holding } from '../model.ts'
import { toMajor } from '../money.ts'
import { countedAccounts } from './balances.ts'

/** A holding and the account it lies on. */
export interface Line {
  readonly holding: Holding
  readonly account: Account
}

export function linesOf(holdings: readonly Holding[], accounts: readonly Account[]): Line[] {
  const counted = new Map(countedAccounts(accounts).map((account) => [account.accountId, account]))
  return holdings.flatMap((holding) => {
    const account = counted.get(holding.accountId)
    return account === undefined ? [] : [{ holding, account }]
  })
}

export function currencyOf([first]: readonly Line[]): string {
  return first?.holding.currency ?? ''
}

export function valueOf(group: readonly Line[]): number {
  return group.reduce((sum, { holding }) => sum + holding.value, 0)
}

interface Cost {
  readonly cost_basis?: number
  readonly unrealized_gain?: number
  readonly without_cost?: number
}

/** What is known of it; how many holdings it leaves out is said, but for cash, which costs what it is worth. */
export function costOf(group: readonly Line[]): Cost {
  const costs = group.flatMap(({ holding }) => {
    const cost = signedCost(holding)
    return cost === null ? [] : [{ cost, gain: holding.value - cost }]
  })
  if (costs.length === 0) return {}
  const currency = currencyOf(group)
  const unknown = group.filter(({ holding }) => holding.costBasis === null && holding.type !== 'cash').length
  return {
    ...(unknown > 0 && { without_cost: unknown }),
    cost_basis: toMajor(sumOf(costs.map(({ cost }) => cost)), currency),
    unrealized_gain: toMajor(sumOf(costs.map(({ gain }) => gain)), currency),
  }
}

/** What all lines say, or null. */
export function agreed<T>(group: readonly Line[], read: (line: Line) => T): T | null {
  const [first, ...rest] = group.map(read)
  return first !== undefined && rest.every((other) => other === first) ? first : null
}

/** Banks differ in the sign of what a short position brought in. */
function signedCost({ costBasis, quantity }: Holding): number | null {
  return costBasis !== null && costBasis > 0 && quantity.startsWith('-') ? -costBasis : costBasis
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0)
}
