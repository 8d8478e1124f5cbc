import type { AccountBase, Transaction } from 'plaid'
import { addDays } from './calendar.ts'
import { dayOf } from './clock.ts'
import { plaidFailure } from './failure.ts'
import { dataTime } from './items.ts'
import type { Plain, PlainBankData } from './shapes.ts'
import type { Edit, ItemState } from './state.ts'
import type { World } from './world.ts'

export type Account = Plain<AccountBase>
export type TransactionRow = Plain<Transaction>

/** The bank's data as Plaid last saw them, with the accounts that are shared. */
export function bankOf(world: World, item: ItemState): PlainBankData {
  return bankOn(world, item, dataDay(world, item))
}

/** The day whose data the Item shows. */
export function dataDay(world: World, item: ItemState): string {
  return dayOf(isFixed(item) ? item.createdAt : dataTime(world, item))
}

/** The shared accounts, or those asked for. */
export function accountsOf(world: World, item: ItemState, wanted?: readonly string[]): Account[] {
  const accounts = bankOf(world, item).accounts
  if (wanted === undefined) return accounts
  return wanted.map((id) => {
    const account = accounts.find(({ account_id }) => account_id === id)
    if (account === undefined) throw plaidFailure('INVALID_ACCOUNT_ID')
    return account
  })
}

// What the person wrote down themselves does not move on with the calendar.
function isFixed({ username }: ItemState): boolean {
  return username === 'user_custom' || username === 'user_transactions_dynamic'
}

/** Every account that the bank would let the person share. */
export function offeredAccounts(world: World, item: ItemState): Account[] {
  const { accounts } = loginData(world, item, dataDay(world, item))
  return [...accounts, ...item.newAccounts.map(({ account }) => account)]
}

/** How far Plaid has got with a product: nothing yet, the last 30 days, or all of it. */
export type Stage = 0 | 1 | 2

export function stageOf(world: World, item: ItemState, product: string): Stage {
  const since = item.products[product]
  if (since === undefined) return 0
  const age = world.now() - since
  const { readyAfterMs } = world.state.settings
  if (age < readyAfterMs) return 0
  return age < 2 * readyAfterMs ? 1 : 2
}

/** What makes two pictures of an Item's transactions the same. */
export interface Version {
  readonly day: string
  readonly stage: Stage
  readonly edits: number
}

export function versionOf(world: World, item: ItemState): Version {
  const stage = stageOf(world, item, 'transactions')
  return { day: dataDay(world, item), stage, edits: item.edits.length }
}

/** All transactions of one picture, newest first; the same for the same version whenever it is asked. */
export function transactionsAt(world: World, item: ItemState, version: Version): TransactionRow[] {
  const { accounts, transactions } = bankOn(world, item, version.day)
  if (version.stage === 0) return []
  const shared = new Set(accounts.map(({ account_id }) => account_id))
  const first = firstDay(item, version.stage)
  return edited(transactions, item.edits.slice(0, version.edits)).filter(
    ({ account_id, date }) => shared.has(account_id) && date >= first,
  )
}

function bankOn(world: World, item: ItemState, today: string): PlainBankData {
  const bank = loginData(world, item, today)
  const added = item.newAccounts.filter(({ shared }) => shared).map(({ account }) => account)
  const accounts = [...bank.accounts, ...added].filter(
    ({ account_id }) => !item.revokedAccounts.includes(account_id),
  )
  return { ...bank, accounts: accounts.map((account) => withVerification(item, account)) }
}

function loginData(world: World, item: ItemState, today: string): PlainBankData {
  const { institutionId, username, password, itemId } = item
  return world.bankData({ institutionId, username, password, itemSeed: itemId, today })
}

function firstDay(item: ItemState, stage: Stage): string {
  const begun = dayOf(item.products['transactions'] ?? item.createdAt)
  return addDays(begun, -(stage === 1 ? Math.min(30, item.daysRequested) : item.daysRequested))
}

function edited(rows: TransactionRow[], edits: readonly Edit[]): TransactionRow[] {
  if (edits.length === 0) return rows
  const byId = new Map(rows.map((row) => [row.transaction_id, row]))
  for (const edit of edits) {
    if (edit.kind === 'drop') byId.delete(edit.transactionId)
    else byId.set(edit.transaction.transaction_id, edit.transaction)
  }
  return [...byId.values()].toSorted((a, b) => b.date.localeCompare(a.date))
}

function withVerification(item: ItemState, account: Account): Account {
  const status = item.verification[account.account_id]
  return status === undefined ? account : { ...account, verification_status: status }
}
