import type { Account, AccountType, InvestmentTransaction, RuleKind, Transaction } from '../model.ts'
import type { Kind, Look } from './kinds.ts'
import { earningOf, isTrade, lookOf, movesCash } from './look.ts'

/**
 * One movement of money as the cash flow sees it. A live transaction, a move that was kept and a kept daily
 * sum all look like this, so that every figure comes from one function.
 */
export interface FlowRow {
  readonly itemId: string
  readonly accountId: string
  readonly accountType: AccountType
  /** On an account that another login shows too: kept, never counted. */
  readonly duplicate: boolean
  readonly date: string
  /** Minor units, positive = in. For a sum the whole of it. */
  readonly amount: number
  readonly currency: string
  readonly pending: boolean
  readonly look: Look
  /** Lower case; null where none is known, as for all that was kept. */
  readonly merchant: string | null
  /** Already decided: a sum of rows that can pair with nothing any more. */
  readonly kind: Kind | null
  readonly count: number
  /** What the owner's rule says of it, or null: see rules.ts. */
  readonly rule: RuleKind | null
  /** What it was made of, while that is at hand; null for what was kept and for rows of investment accounts. */
  readonly transaction: Transaction | null
}

/** Rows on other accounts are only looked at as partners of a pair. */
export function isFlowAccount(type: AccountType): boolean {
  return type === 'depository' || type === 'credit'
}

export function rowOf(transaction: Transaction, account: Account): FlowRow {
  return {
    ...onAccount(account),
    date: transaction.date,
    amount: transaction.amount,
    currency: transaction.currency,
    pending: transaction.pending,
    look: lookOf(transaction, account.type),
    merchant: transaction.merchant?.toLowerCase() ?? null,
    kind: null,
    count: 1,
    rule: null,
    transaction,
  }
}

/** What may be the other side of a contribution or withdrawal, and what the account earned or cost; of a trade its fees alone. */
export function rowOfInvestment(transaction: InvestmentTransaction, account: Account): FlowRow | null {
  const isOfTrade = isTrade(transaction)
  const earning = isOfTrade ? 'fee' : earningOf(transaction)
  const amount = isOfTrade ? transaction.fees : transaction.amount
  if (amount === null || (earning === null && !movesCash(transaction))) return null
  return {
    ...onAccount(account),
    date: transaction.date,
    amount,
    currency: transaction.currency,
    pending: false,
    look: earning ?? 'transfer',
    merchant: null,
    kind: earning,
    count: 1,
    rule: null,
    transaction: null,
  }
}

/**
 * All rows of these transactions: each id once, a pending one not beside the posted one it became, none of
 * an account that is not listed, none of amount 0.
 */
export function rowsOf(
  transactions: readonly Transaction[],
  investmentTransactions: readonly InvestmentTransaction[],
  accounts: readonly Account[],
): FlowRow[] {
  const listed = new Map(accounts.map((account) => [account.accountId, account]))
  const rows = rowsOfDistinct([...byId(transactions).values()], accounts)
  for (const transaction of byId(investmentTransactions).values()) {
    const account = listed.get(transaction.accountId)
    const row = account === undefined ? null : rowOfInvestment(transaction, account)
    if (row !== null) rows.push(row)
  }
  return rows.filter((row) => row.amount !== 0)
}

/** The same of transactions of which each id comes once. */
export function rowsOfDistinct(
  transactions: readonly Transaction[],
  accounts: readonly Account[],
): FlowRow[] {
  const listed = new Map(accounts.map((account) => [account.accountId, account]))
  const posted = new Set<string>()
  for (const { pending, pendingTransactionId } of transactions)
    if (!pending && pendingTransactionId !== null) posted.add(pendingTransactionId)
  const rows: FlowRow[] = []
  for (const transaction of transactions) {
    const account = listed.get(transaction.accountId)
    const isReplaced = transaction.pending && posted.has(transaction.transactionId)
    if (account !== undefined && !isReplaced && transaction.amount !== 0)
      rows.push(rowOf(transaction, account))
  }
  return rows
}

/** The rows as their accounts are known now; none of an account that is gone. */
export function onAccounts(rows: readonly FlowRow[], accounts: readonly Account[]): FlowRow[] {
  const listed = new Map(accounts.map((account) => [account.accountId, account]))
  const known: FlowRow[] = []
  for (const row of rows) {
    const account = listed.get(row.accountId)
    if (account !== undefined) known.push(isOn(account, row) ? row : { ...row, ...onAccount(account) })
  }
  return known
}

/** Mostly so: rows are many, and one that is as it was need not be copied. */
function isOn({ itemId, type, sameAs }: Account, row: FlowRow): boolean {
  return row.itemId === itemId && row.accountType === type && row.duplicate === (sameAs !== null)
}

/** What all rows of an account have in common. */
export function onAccount(account: Account) {
  const { itemId, accountId, type: accountType, sameAs } = account
  return { itemId, accountId, accountType, duplicate: sameAs !== null }
}

/** The last one of each id. */
function byId<T extends { readonly transactionId: string }>(transactions: readonly T[]): Map<string, T> {
  const known = new Map<string, T>()
  for (const transaction of transactions) known.set(transaction.transactionId, transaction)
  return known
}
