import { z } from 'zod'
import { type Account, accountsOf, bankOf, stageOf } from '../bank.ts'
import { addDays } from '../calendar.ts'
import { dayOf } from '../clock.ts'
import { dataEndpoint } from '../endpoint.ts'
import { plaidFailure } from '../failure.ts'
import { itemView } from '../item-view.ts'
import { useProduct } from '../products.ts'
import type { ItemState } from '../state.ts'
import type { World } from '../world.ts'
import { accessToken, accountsOption, day, pageCount } from './fields.ts'

const HISTORY_DAYS = 730

const holdings = dataEndpoint(
  '/investments/holdings/get',
  z.strictObject({ access_token: accessToken, options: accountsOption }),
  (item, { options }, world) => {
    useProduct(world, item, 'investments')
    const accounts = investmentAccounts(world, item, options?.account_ids)
    const rows = ofAccounts(bankOf(world, item).holdings, accounts)
    return {
      accounts,
      holdings: rows,
      securities: securitiesOf(world, item, rows),
      item: itemView(world, item),
      is_investments_fallback_item: false,
    }
  },
)

const transactions = dataEndpoint(
  '/investments/transactions/get',
  z.strictObject({
    access_token: accessToken,
    start_date: day,
    end_date: day,
    options: z
      .strictObject({
        account_ids: z.array(z.string()).optional(),
        count: pageCount.default(100),
        offset: z.int().min(0).default(0),
        async_update: z.boolean().default(false),
      })
      .prefault({}),
  }),
  (item, { start_date, end_date, options }, world) => {
    useProduct(world, item, 'investments')
    // Without async_update Plaid makes the caller wait for the data, so there they always are.
    if (options.async_update && stageOf(world, item, 'investments') === 0) {
      throw plaidFailure('PRODUCT_NOT_READY')
    }
    const accounts = investmentAccounts(world, item, options.account_ids)
    const first = [start_date, addDays(dayOf(world.now()), -HISTORY_DAYS)].toSorted()[1] ?? start_date
    const rows = ofAccounts(bankOf(world, item).investmentTransactions, accounts).filter(
      ({ date }) => date >= first && date <= end_date,
    )
    const page = rows.slice(options.offset, options.offset + options.count)
    return {
      item: itemView(world, item),
      accounts,
      securities: securitiesOf(world, item, page),
      investment_transactions: page,
      total_investment_transactions: rows.length,
      is_investments_fallback_item: false,
    }
  },
)

function investmentAccounts(world: World, item: ItemState, wanted: readonly string[] | undefined) {
  return accountsOf(world, item, wanted).filter(isInvestment).map(withMargin)
}

function isInvestment({ type }: Account): boolean {
  return type === 'investment' || type === 'brokerage'
}

/** A field that only these endpoints have, and must have. */
function withMargin(account: Account) {
  return { ...account, balances: { ...account.balances, margin_loan_amount: null } }
}

function ofAccounts<Row extends { account_id: string }>(
  rows: readonly Row[],
  accounts: readonly Account[],
): Row[] {
  const ids = new Set(accounts.map(({ account_id }) => account_id))
  return rows.filter(({ account_id }) => ids.has(account_id))
}

function securitiesOf(world: World, item: ItemState, rows: readonly { security_id: string | null }[]) {
  const ids = new Set(rows.map(({ security_id }) => security_id))
  return bankOf(world, item).securities.filter(({ security_id }) => ids.has(security_id))
}

export const investmentEndpoints = [holdings, transactions]
