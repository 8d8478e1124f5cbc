import { accountsOf, transactionsAt, type TransactionRow, versionOf } from './bank.ts'
import { dayOf } from './clock.ts'
import { guessOf } from './category.ts'
import { rounded, transactionShape } from './shapes.ts'
import type { ItemState } from './state.ts'
import { announceTransactions } from './updates.ts'
import type { World } from './world.ts'

const DYNAMIC_USER = 'user_transactions_dynamic'

export function isDynamic(item: ItemState): boolean {
  return item.username === DYNAMIC_USER
}

export interface NewTransaction {
  /** YYYY-MM-DD */
  readonly date: string
  readonly authorized: string
  /** Major units, Plaid's sign. */
  readonly amount: number
  readonly text: string
  readonly currency?: string | undefined
  readonly pending: boolean
}

/** What each refresh does to Sandbox's dynamic user: pending rows post, one amount grows, new rows come. */
export function refreshTransactions(world: World, item: ItemState): void {
  if (!isDynamic(item)) return announceTransactions(world, item, { added: 0 })
  const removed = postPending(world, item)
  addTransaction(world, item, atCafe(world))
  announceTransactions(world, item, { added: removed.length + 1, removed })
}

/** Posts every pending row, as banks do: the old id goes, a new one comes, and one amount is 1.00 higher. Gives the old ids. */
export function postPending(world: World, item: ItemState): string[] {
  const pending = transactionsAt(world, item, versionOf(world, item)).filter((row) => row.pending)
  for (const [index, row] of pending.entries()) {
    item.edits.push({ kind: 'drop', transactionId: row.transaction_id })
    item.edits.push({ kind: 'put', transaction: posted(world, row, index === 0 ? 1 : 0) })
  }
  return pending.map(({ transaction_id }) => transaction_id)
}

/** Adds a row to the Item's first depository account. */
export function addTransaction(world: World, item: ItemState, row: NewTransaction): void {
  const account = accountsOf(world, item).find(({ type }) => type === 'depository')
  if (account === undefined) return
  const { category, merchant } = guessOf(row.text, row.amount)
  const transaction = transactionShape({
    id: world.newId(),
    accountId: account.account_id,
    amount: row.amount,
    currency: row.currency ?? account.balances.iso_currency_code ?? 'USD',
    date: row.date,
    authorized: row.authorized,
    text: row.text,
    merchant,
    category,
    pending: row.pending,
    pendingId: null,
  })
  item.edits.push({ kind: 'put', transaction })
}

function posted(world: World, row: TransactionRow, more: number): TransactionRow {
  return {
    ...row,
    transaction_id: world.newId(),
    pending_transaction_id: row.transaction_id,
    pending: false,
    amount: rounded(row.amount + more, 4),
    date: dayOf(world.now()),
  }
}

function atCafe(world: World): NewTransaction {
  const date = dayOf(world.now())
  return { date, authorized: date, amount: 4.75, text: 'Corner Cafe', pending: true }
}
