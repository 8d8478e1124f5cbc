import type { Transaction } from 'plaid'
import type { BankData, Login } from './bank-data.ts'
import { addDays, monthOf } from './calendar.ts'
import { balanceOf, householdAccountShape } from './household-accounts.ts'
import { traitsOf } from './household-banks.ts'
import { type Entry, entriesThrough, type Household, type HouseholdAccount } from './household-entry.ts'
import { householdLiabilities } from './household-liabilities.ts'
import { type Portfolio, portfolioOn } from './household-portfolio.ts'
import { bookingShape, holdingsOf, type Owner, securitiesOf } from './household-positions.ts'
import { idOf } from './ids.ts'
import { majorOf, type Plain, transactionShape } from './shapes.ts'

/** Plaid gives two years of what happened on investment accounts. */
const INVESTMENT_DAYS = 730

/** A household of our own as one of its banks shows it. */
export function householdOf(household: Household, login: Login): BankData {
  const { institutionId, itemSeed, today } = login
  const accounts = household.accounts.filter((account) => account.institutionId === institutionId)
  const keys = new Set(accounts.map(({ key }) => key))
  const entries = entriesThrough(household, monthOf(today)).filter(({ account }) => keys.has(account))
  const accountId = (key: string) => accountIdOf(itemSeed, key)
  const portfolios = accounts
    .filter(({ type }) => type === 'investment')
    .map((account) => ({ ...ownerOf(account, accountId), ...portfolioOn(account, today) }))
  return {
    accounts: accounts.map((account) =>
      householdAccountShape(account, accountId(account.key), balanceOf(account, entries, today)),
    ),
    transactions: transactionsOf(entries, accounts, login),
    securities: securitiesOf(portfolios, today),
    holdings: portfolios.flatMap((portfolio) => holdingsOf(portfolio, portfolio, today)),
    investmentTransactions: portfolios.flatMap((portfolio) => bookingsOf(portfolio, login)).sort(newestFirst),
    liabilities: householdLiabilities(accounts, entries, today, accountId),
  }
}

function newestFirst(a: { date: string }, b: { date: string }): number {
  if (a.date === b.date) return 0
  return a.date < b.date ? 1 : -1
}

function ownerOf({ key, currency = 'USD' }: HouseholdAccount, accountId: (key: string) => string): Owner {
  return { accountId: accountId(key), currency }
}

function bookingsOf(portfolio: Portfolio & Owner, { itemSeed, today }: Login) {
  const first = addDays(today, -INVESTMENT_DAYS)
  return portfolio.bookings
    .filter(({ date }) => date >= first)
    .map((booking) => bookingShape(booking, portfolio, itemSeed))
}

function transactionsOf(
  entries: readonly Entry[],
  accounts: readonly HouseholdAccount[],
  { institutionId, itemSeed, today }: Login,
): Plain<Transaction>[] {
  const { showsPending, firstDay } = traitsOf(institutionId)
  const first = firstDay(today)
  const currencies = new Map(accounts.map(({ key, currency }) => [key, currency]))
  return entries
    .filter(({ happened, posted }) => posted >= first && (showsPending ? happened : posted) <= today)
    .map((entry) => transactionOf(entry, itemSeed, today, currencies.get(entry.account)))
    .sort(newestFirst)
}

function accountIdOf(itemSeed: string, key: string): string {
  return idOf(itemSeed, 'account', key)
}

/** Plaid's id of a posted row, through one Item. */
export function postedIdOf(itemSeed: string, key: string): string {
  return idOf(itemSeed, 'posted', key)
}

/** Once posted, a row gets another id and keeps the old one as `pending_transaction_id`. */
function transactionOf(entry: Entry, itemSeed: string, today: string, currency = 'USD') {
  const { key, cents, pendingCents = cents, happened, posted, text, merchant, category } = entry
  const pendingId = happened === posted ? null : idOf(itemSeed, 'pending', key)
  const accountId = accountIdOf(itemSeed, entry.account)
  const common = { accountId, currency, authorized: happened, text, merchant, category }
  if (pendingId !== null && posted > today) {
    const amount = majorOf(pendingCents, currency)
    return transactionShape({
      ...common,
      id: pendingId,
      amount,
      date: happened,
      pending: true,
      pendingId: null,
    })
  }
  const id = postedIdOf(itemSeed, key)
  return transactionShape({
    ...common,
    id,
    amount: majorOf(cents, currency),
    date: posted,
    pending: false,
    pendingId,
  })
}
