import type { Account } from '../model.ts'
import { isOfficial } from '../money.ts'

/** What is owned and owed in one currency, in minor units. */
export interface Balances {
  readonly currency: string
  readonly bankBalance: number
  /** Positive = owed. */
  readonly creditOwed: number
  readonly loansOwed: number
  readonly investments: number
  readonly netWorth: number
}

/** The accounts that count: not those that another login shows too. */
export function countedAccounts(accounts: readonly Account[]): Account[] {
  return accounts.filter((account) => account.sameAs === null)
}

/** Per official currency; the currency of most accounts first. */
export function balances(accounts: readonly Account[]): Balances[] {
  const groups = Map.groupBy(countedAccounts(accounts), (account) => account.currency)
  return [...groups]
    .filter(([currency]) => isOfficial(currency))
    .sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || (a < b ? -1 : 1))
    .map(([currency, group]) => balancesOf(currency, group))
}

/** Currencies of accounts that are left out of every total, for a warning. */
export function unofficialCurrencies(accounts: readonly Account[]): string[] {
  const currencies = countedAccounts(accounts).map((account) => account.currency)
  return [...new Set(currencies)].filter((currency) => !isOfficial(currency)).sort()
}

function balancesOf(currency: string, accounts: readonly Account[]): Balances {
  const sum = (type: Account['type']) =>
    accounts.reduce((total, account) => total + (account.type === type ? balanceOf(account) : 0), 0)
  const bankBalance = sum('depository')
  const creditOwed = sum('credit')
  const loansOwed = sum('loan')
  const investments = sum('investment')
  const netWorth = bankBalance + investments - creditOwed - loansOwed
  return { currency, bankBalance, creditOwed, loansOwed, investments, netWorth }
}

/** `available` stands in for a missing `current` only where it means money that is there. */
function balanceOf({ type, current, available, limit }: Account): number {
  if (current !== null) return current
  if (available === null) return 0
  if (type === 'depository') return available
  return type === 'credit' && limit !== null ? limit - available : 0
}
