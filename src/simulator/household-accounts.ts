import type { AccountBase } from 'plaid'
import { traitsOf } from './household-banks.ts'
import type { Entry, HouseholdAccount } from './household-entry.ts'
import { mortgageOn } from './household-mortgage.ts'
import { portfolioOn } from './household-portfolio.ts'
import { portfolioValue } from './household-positions.ts'
import { idOf } from './ids.ts'
import { accountShape, type Plain } from './shapes.ts'

interface Balance {
  /** Cents; null where the bank does not say. */
  readonly current: number
  readonly available: number | null
}

/** Entries that are posted make the balance; pending ones only lessen what is available. */
export function balanceOf(account: HouseholdAccount, entries: readonly Entry[], today: string): Balance {
  if (account.type === 'loan') return { current: mortgageOn(today).owed, available: null }
  if (account.type === 'investment') return investmentBalance(account, today)
  const own = entries.filter((entry) => entry.account === account.key && entry.happened <= today)
  const posted = sumOf(own.filter((entry) => entry.posted <= today).map(({ cents }) => cents))
  const pending = sumOf(
    own.filter((entry) => entry.posted > today).map(({ cents, pendingCents }) => pendingCents ?? cents),
  )
  if (account.type === 'credit') {
    const current = account.opening + posted
    return { current, available: (account.limit ?? 0) - current - pending }
  }
  const current = account.opening - posted
  return { current, available: current - pending }
}

function investmentBalance({ key, subtype }: HouseholdAccount, today: string): Balance {
  const portfolio = portfolioOn(key, today)
  // What is in a retirement account is not there to be taken out.
  const available = subtype === 'ira' ? null : portfolio.cash
  return { current: portfolioValue(portfolio, today), available }
}

function sumOf(cents: readonly number[]): number {
  return cents.reduce((sum, each) => sum + each, 0)
}

export function householdAccountShape(
  account: HouseholdAccount,
  id: string,
  { current, available }: Balance,
): Plain<AccountBase> {
  const shape = accountShape({
    id,
    name: account.name,
    officialName: account.officialName,
    mask: account.mask,
    type: account.type,
    subtype: account.subtype,
    current: current / 100,
    available: available === null ? null : available / 100,
    limit: account.limit === undefined ? null : account.limit / 100,
  })
  if (!traitsOf(account.institutionId).hasPersistentIds) return shape
  return { ...shape, persistent_account_id: idOf('persistent', account.institutionId, account.key) }
}
