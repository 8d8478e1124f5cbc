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

/** Of those that have one; null where none has. */
export function valueOf(group: readonly Line[]): number | null {
  const values = group.flatMap(({ holding }) => holding.value ?? [])
  return values.length === 0 ? null : sumOf(values)
}

interface Cost {
  readonly cost_basis?: number
  readonly unrealized_gain?: number
  readonly without_cost?: number
}

/**
 * What is known of it; how many holdings it leaves out is said, but for cash, which costs what it is worth. One that
 * has no value is left out where others have one, so that cost and gain are of the same holdings.
 */
export function costOf(group: readonly Line[]): Cost {
  const known = group.filter(({ holding }) => signedCost(holding) !== null)
  const valued = known.filter(({ holding }) => holding.value !== null)
  const told = valued.length > 0 ? valued : known
  if (told.length === 0) return {}
  const currency = currencyOf(group)
  const cost = sumOf(told.flatMap(({ holding }) => signedCost(holding) ?? []))
  const value = valueOf(valued)
  const unknown = group.filter((line) => !told.includes(line) && line.holding.type !== 'cash').length
  return {
    ...(unknown > 0 && { without_cost: unknown }),
    cost_basis: toMajor(cost, currency),
    ...(value !== null && { unrealized_gain: toMajor(value - cost, currency) }),
  }
}

/** Those that no value is known of, for a warning. */
export function withoutValue(group: readonly Line[]): readonly Line[] {
  return group.filter(({ holding }) => holding.value === null)
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
