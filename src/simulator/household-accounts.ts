import type { AccountBase } from 'plaid'
import { traitsOf } from './household-banks.ts'
import type { Entry, HouseholdAccount } from './household-entry.ts'
import { mortgageOn } from './household-mortgage.ts'
import { portfolioOn } from './household-portfolio.ts'
import { portfolioValue } from './household-positions.ts'
import { idOf } from './ids.ts'
import { accountShape, majorOf, type Plain } from './shapes.ts'

interface Balance {
  /** Minor units; null where the bank does not say. */
  readonly current: number
  readonly available: number | null
}

/** Entries that are posted make the balance; pending ones only lessen what is available. */
export function balanceOf(account: HouseholdAccount, entries: readonly Entry[], today: string): Balance {
  if (account.subtype === 'mortgage') return { current: mortgageOn(today).owed, available: null }
  if (account.type === 'investment') return investmentBalance(account, today)
  const own = entries.filter((entry) => entry.account === account.key && entry.happened <= today)
  const posted = sumOf(own.filter((entry) => entry.posted <= today).map(({ cents }) => cents))
  const pending = sumOf(
    own.filter((entry) => entry.posted > today).map(({ cents, pendingCents }) => pendingCents ?? cents),
  )
  if (account.type === 'loan') return { current: account.opening + posted, available: null }
  if (account.type === 'credit') {
    const current = account.opening + posted
    return { current, available: (account.limit ?? 0) - current - pending }
  }
  const current = account.opening - posted
  return { current, available: current - pending }
}

function investmentBalance(account: HouseholdAccount, today: string): Balance {
  const portfolio = portfolioOn(account, today)
  // What is in a retirement account is not there to be taken out.
  const available = account.subtype === 'ira' ? null : portfolio.cash
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
  const { currency = 'USD' } = account
  const shape = accountShape({
    id,
    name: account.name,
    officialName: account.officialName,
    mask: account.mask,
    type: account.type,
    subtype: account.subtype,
    current: majorOf(current, currency),
    available: available === null ? null : majorOf(available, currency),
    limit: account.limit === undefined ? null : majorOf(account.limit, currency),
    currency,
  })
  if (!traitsOf(account.institutionId).hasPersistentIds) return shape
  return { ...shape, persistent_account_id: idOf('persistent', account.institutionId, account.key) }
}
