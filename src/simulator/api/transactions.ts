import { z } from 'zod'
import { accountsOf, stageOf, type TransactionRow, transactionsAt, versionOf } from '../bank.ts'
import { dataEndpoint } from '../endpoint.ts'
import { plaidFailure } from '../failure.ts'
import { itemView } from '../item-view.ts'
import { useProduct } from '../products.ts'
import { syncPage } from '../sync.ts'
import { refreshTransactions } from '../dynamic-user.ts'
import { accessToken, day, daysRequested, itemBody, pageCount, unread } from './fields.ts'

const formatOptions = {
  include_original_description: z.boolean().nullish(),
  personal_finance_category_version: z.enum(['v1', 'v2']).optional(),
  days_requested: daysRequested.optional(),
  ...unread('include_personal_finance_category', 'include_logo_and_counterparty_beta'),
}

const sync = dataEndpoint(
  '/transactions/sync',
  z.strictObject({
    access_token: accessToken,
    cursor: z.string().max(256).default(''),
    count: pageCount.default(100),
    options: z.strictObject({ ...formatOptions, account_id: z.string().optional() }).default({}),
  }),
  (item, { cursor, count, options }, world) => {
    useProduct(world, item, 'transactions')
    item.synced = true
    const accounts = accountsOf(world, item)
    const stage = stageOf(world, item, 'transactions')
    const status = (['NOT_READY', 'INITIAL_UPDATE_COMPLETE', 'HISTORICAL_UPDATE_COMPLETE'] as const)[stage]
    const head = { transactions_update_status: status, accounts }
    if (stage === 0)
      return { ...head, added: [], modified: [], removed: [], next_cursor: '', has_more: false }

    const page = syncPage(world, item, { cursor, count, accountId: options.account_id })
    const isFull = options.include_original_description === true
    return { ...head, ...page, added: shown(page.added, isFull), modified: shown(page.modified, isFull) }
  },
)

const get = dataEndpoint(
  '/transactions/get',
  z.strictObject({
    access_token: accessToken,
    start_date: day,
    end_date: day,
    options: z
      .strictObject({
        ...formatOptions,
        ...unread('include_personal_finance_category_beta'),
        account_ids: z.array(z.string()).optional(),
        count: pageCount.default(100),
        offset: z.int().min(0).default(0),
      })
      .prefault({}),
  }),
  (item, { start_date, end_date, options }, world) => {
    useProduct(world, item, 'transactions')
    const version = versionOf(world, item)
    if (version.stage === 0) throw plaidFailure('PRODUCT_NOT_READY')

    const accounts = accountsOf(world, item, options.account_ids)
    const ids = new Set(accounts.map(({ account_id }) => account_id))
    const rows = transactionsAt(world, item, version).filter(
      ({ account_id, date }) => ids.has(account_id) && date >= start_date && date <= end_date,
    )
    const page = rows.slice(options.offset, options.offset + options.count)
    return {
      accounts,
      transactions: shown(page, options.include_original_description === true),
      total_transactions: rows.length,
      item: itemView(world, item),
    }
  },
)

const refresh = dataEndpoint('/transactions/refresh', itemBody, (item, _body, world) => {
  useProduct(world, item, 'transactions')
  refreshTransactions(world, item)
  return {}
})

/** The bank's own text only goes to those who ask for it. */
function shown(rows: readonly TransactionRow[], isFull: boolean): readonly TransactionRow[] {
  return isFull ? rows : rows.map((row) => ({ ...row, original_description: null }))
}

export const transactionEndpoints = [sync, get, refresh]
