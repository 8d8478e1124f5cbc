import type { Account, Holding } from '../model.ts'
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

/**
 * The accounts with what is invested on them, where the bank tells no balance but positions. Those without a value, or in
 * another currency than the account's, are not in it.
 */
export function withWorth(accounts: readonly Account[], holdings: readonly Holding[]): Account[] {
  const own = Map.groupBy(holdings, ({ accountId }) => accountId)
  return accounts.map((account) => {
    if (account.type !== 'investment' || account.current !== null) return account
    const positions = own.get(account.accountId) ?? []
    const values = positions.flatMap((row) => (isIn(account, row) ? (row.value ?? []) : []))
    return values.length === 0
      ? account
      : { ...account, current: values.reduce((sum, value) => sum + value, 0) }
  })
}

/** Why an account is in the totals with less than there may be on it. */
export interface Unclear {
  readonly account: Account
  /** Its balance is unknown and counts as 0; only some of its positions have a value; its type is in no total. */
  readonly why: 'unknown' | 'partly' | 'type'
}

export function unclearBalances(accounts: readonly Account[], holdings: readonly Holding[]): Unclear[] {
  const own = Map.groupBy(holdings, ({ accountId }) => accountId)
  return countedAccounts(accounts).flatMap((account) => {
    if (!isOfficial(account.currency)) return []
    const why = whyUnclear(account, own.get(account.accountId) ?? [])
    return why === null ? [] : [{ account, why }]
  })
}

function whyUnclear(account: Account, positions: readonly Holding[]): Unclear['why'] | null {
  if (account.type === 'other') return 'type'
  if (knownBalance(account) !== null) return null
  const [worth] = withWorth([account], positions)
  if (worth === undefined || knownBalance(worth) === null) return 'unknown'
  return positions.every((row) => isIn(account, row)) ? null : 'partly'
}

function isIn({ currency }: Account, row: Holding): boolean {
  return row.currency === currency && row.value !== null
}

function balanceOf(account: Account): number {
  return knownBalance(account) ?? 0
}

/** `available` stands in for a missing `current` only where it means money that is there. */
function knownBalance({ type, current, available, limit }: Account): number | null {
  if (current !== null) return current
  if (available === null) return null
  if (type === 'depository') return available
  return type === 'credit' && limit !== null ? limit - available : null
}
