import { bankOf, type Stage, transactionsAt, versionOf } from './bank.ts'
import { dayOf } from './clock.ts'
import type { ItemState } from './state.ts'
import { queueItemWebhook } from './webhooks.ts'
import type { World } from './world.ts'

/** Tells that there is something to sync, and those who use `/transactions/get` how much. */
export function announceTransactions(
  world: World,
  item: ItemState,
  { added, removed = [] }: { added: number; removed?: readonly string[] },
): void {
  if (item.products['transactions'] === undefined) return
  announceSync(world, item)
  const type = 'TRANSACTIONS'
  queueItemWebhook(world, item, { type, code: 'DEFAULT_UPDATE', new_transactions: added, error: null })
  if (removed.length === 0) return
  const removed_transactions = [...removed]
  queueItemWebhook(world, item, { type, code: 'TRANSACTIONS_REMOVED', removed_transactions, error: null })
}

/** What an ordinary fetch of everything else tells. */
export function announceHoldings(world: World, item: ItemState): void {
  if (item.products['investments'] !== undefined) {
    const { holdings } = bankOf(world, item)
    queueHoldings(world, item, { new_holdings: 0, updated_holdings: holdings.length })
    queueInvestments(world, item, 'DEFAULT_UPDATE', 0)
  }
  if (item.products['liabilities'] !== undefined) queueLiabilities(world, item, { isFirst: false })
}

/** What Plaid had to leave out while the Item wanted a login; `since` in ms. */
export function announceMissed(world: World, item: ItemState, since: number): void {
  const rows = transactionsAt(world, item, versionOf(world, item))
  announceTransactions(world, item, { added: rows.filter(({ date }) => date >= dayOf(since)).length })
  announceHoldings(world, item)
}

/** The first data of a product, and then all of them. */
export function announceStage(
  world: World,
  item: ItemState,
  product: string,
  stage: Exclude<Stage, 0>,
): void {
  if (product === 'transactions') {
    const count = (upTo: Stage) =>
      transactionsAt(world, item, { ...versionOf(world, item), stage: upTo }).length
    const code = stage === 1 ? 'INITIAL_UPDATE' : 'HISTORICAL_UPDATE'
    const new_transactions = stage === 1 ? count(1) : count(2) - count(1)
    queueItemWebhook(world, item, { type: 'TRANSACTIONS', code, new_transactions, error: null })
    announceSync(world, item)
  }
  if (product === 'investments') announceInvestments(world, item, stage)
  if (product === 'liabilities' && stage === 1) queueLiabilities(world, item, { isFirst: true })
}

function announceInvestments(world: World, item: ItemState, stage: Exclude<Stage, 0>): void {
  const { holdings, investmentTransactions } = bankOf(world, item)
  if (stage === 1) queueHoldings(world, item, { new_holdings: holdings.length, updated_holdings: 0 })
  else queueInvestments(world, item, 'HISTORICAL_UPDATE', investmentTransactions.length)
}

/** Sent only to those who have asked for `/transactions/sync` once. */
function announceSync(world: World, item: ItemState): void {
  if (!item.synced) return
  queueItemWebhook(world, item, {
    type: 'TRANSACTIONS',
    code: 'SYNC_UPDATES_AVAILABLE',
    initial_update_complete: true,
    historical_update_complete: versionOf(world, item).stage === 2,
  })
}

function queueHoldings(
  world: World,
  item: ItemState,
  counts: { new_holdings: number; updated_holdings: number },
): void {
  queueItemWebhook(world, item, { type: 'HOLDINGS', code: 'DEFAULT_UPDATE', ...counts, error: null })
}

function queueInvestments(
  world: World,
  item: ItemState,
  code: 'DEFAULT_UPDATE' | 'HISTORICAL_UPDATE',
  added: number,
): void {
  queueItemWebhook(world, item, {
    type: 'INVESTMENTS_TRANSACTIONS',
    code,
    new_investments_transactions: added,
    cancelled_investments_transactions: 0,
    error: null,
  })
}

function queueLiabilities(world: World, item: ItemState, { isFirst }: { isFirst: boolean }): void {
  const debts = bankOf(world, item).accounts.filter(({ type }) => type === 'credit' || type === 'loan')
  const ids = debts.map(({ account_id }) => account_id)
  const updated = ids.map((id) => [id, ['last_statement_balance']])
  queueItemWebhook(world, item, {
    type: 'LIABILITIES',
    code: 'DEFAULT_UPDATE',
    account_ids_with_new_liabilities: isFirst ? ids : [],
    account_ids_with_updated_liabilities: isFirst ? {} : Object.fromEntries(updated),
    error: null,
  })
}
