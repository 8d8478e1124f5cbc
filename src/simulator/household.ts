import type { Transaction } from 'plaid'
import type { BankData, Login } from './bank-data.ts'
import { addDays, monthOf } from './calendar.ts'
import { balanceOf, householdAccountShape } from './household-accounts.ts'
import { householdAt, traitsOf } from './household-banks.ts'
import { type Entry, entriesThrough } from './household-entry.ts'
import { householdLiabilities } from './household-liabilities.ts'
import { type Portfolio, portfolioOn } from './household-portfolio.ts'
import { bookingShape, holdingsOf, securitiesOf } from './household-positions.ts'
import { idOf } from './ids.ts'
import { type Plain, transactionShape } from './shapes.ts'

/** Plaid gives two years of what happened on investment accounts. */
const INVESTMENT_DAYS = 730

/** A household of our own as one of its banks shows it: the same on every run for one seed. */
export function householdOf(seed: string, login: Login): BankData {
  const { institutionId, itemSeed, today } = login
  const household = householdAt(institutionId, seed)
  const accounts = household.accounts.filter((account) => account.institutionId === institutionId)
  const keys = new Set(accounts.map(({ key }) => key))
  const entries = entriesThrough(household, monthOf(today)).filter(({ account }) => keys.has(account))
  const accountId = (key: string) => idOf(itemSeed, 'account', key)
  const portfolios = accounts
    .filter(({ type }) => type === 'investment')
    .map(({ key }) => ({ id: accountId(key), ...portfolioOn(key, today) }))
  return {
    accounts: accounts.map((account) =>
      householdAccountShape(account, accountId(account.key), balanceOf(account, entries, today)),
    ),
    transactions: transactionsOf(entries, login, accountId),
    securities: securitiesOf(portfolios, today),
    holdings: portfolios.flatMap((portfolio) => holdingsOf(portfolio, portfolio.id, today)),
    investmentTransactions: portfolios.flatMap((portfolio) => bookingsOf(portfolio, login)).sort(newestFirst),
    liabilities: householdLiabilities(accounts, entries, today, accountId),
  }
}

function newestFirst(a: { date: string }, b: { date: string }): number {
  if (a.date === b.date) return 0
  return a.date < b.date ? 1 : -1
}

function bookingsOf({ id, bookings }: Portfolio & { id: string }, { itemSeed, today }: Login) {
  const first = addDays(today, -INVESTMENT_DAYS)
  return bookings.filter(({ date }) => date >= first).map((booking) => bookingShape(booking, id, itemSeed))
}

function transactionsOf(
  entries: readonly Entry[],
  { institutionId, itemSeed, today }: Login,
  accountId: (key: string) => string,
): Plain<Transaction>[] {
  const { showsPending, firstDay } = traitsOf(institutionId)
  const first = firstDay(today)
  return entries
    .filter(({ happened, posted }) => posted >= first && (showsPending ? happened : posted) <= today)
    .map((entry) => transactionOf(entry, itemSeed, today, accountId(entry.account)))
    .sort(newestFirst)
}

/** Once posted, a row gets another id and keeps the old one as `pending_transaction_id`. */
function transactionOf(entry: Entry, itemSeed: string, today: string, accountId: string) {
  const { key, cents, pendingCents = cents, happened, posted, text, merchant, category } = entry
  const pendingId = happened === posted ? null : idOf(itemSeed, 'pending', key)
  const common = { accountId, authorized: happened, text, merchant, category }
  if (pendingId !== null && posted > today) {
    const amount = pendingCents / 100
    return transactionShape({
      ...common,
      id: pendingId,
      amount,
      date: happened,
      pending: true,
      pendingId: null,
    })
  }
  const id = idOf(itemSeed, 'posted', key)
  return transactionShape({ ...common, id, amount: cents / 100, date: posted, pending: false, pendingId })
}
