import { z } from 'zod'
import { accountsOf } from '../bank.ts'
import { addDays } from '../calendar.ts'
import { dayOf } from '../clock.ts'
import { addTransaction, isDynamic, refreshTransactions } from '../dynamic-user.ts'
import { endpoint, itemEndpoint } from '../endpoint.ts'
import { PlaidFailure, plaidFailure } from '../failure.ts'
import { createItem, createPublicToken } from '../items.ts'
import { logIn } from '../logins.ts'
import { checkProducts } from '../products.ts'
import { invalidField } from '../request.ts'
import { announceTransactions } from '../updates.ts'
import { queueError } from '../webhooks.ts'
import { accessToken, day, daysRequested, itemBody, products, unread, url } from './fields.ts'
import { fireWebhook } from './fire-webhook.ts'

const DAYS_DEFAULT = 90

const createToken = endpoint(
  '/sandbox/public_token/create',
  z.strictObject({
    institution_id: z.string(),
    initial_products: products.min(1),
    options: z
      .strictObject({
        webhook: url.optional(),
        override_username: z.string().nullish(),
        override_password: z.string().nullish(),
        transactions: z
          .strictObject({ ...unread('start_date', 'end_date'), days_requested: daysRequested.optional() })
          .nullish(),
        ...unread('statements', 'income_verification'),
      })
      .prefault({}),
    ...unread('user_token', 'user_id'),
  }),
  ({ institution_id, initial_products, options }, world) => {
    checkProducts(initial_products)
    const login = {
      institutionId: institution_id,
      username: options.override_username ?? 'user_good',
      password: options.override_password ?? 'pass_good',
    }
    const itemId = world.newId()
    logIn(world, itemId, login, initial_products)
    const item = createItem(world, {
      itemId,
      ...login,
      products: initial_products,
      consented: [],
      webhook: options.webhook ?? null,
      daysRequested: options.transactions?.days_requested ?? DAYS_DEFAULT,
    })
    return { public_token: createPublicToken(world, item) }
  },
)

const resetLogin = itemEndpoint('/sandbox/item/reset_login', itemBody, (item, _body, world) => {
  item.trouble = { code: 'ITEM_LOGIN_REQUIRED', since: world.now() }
  queueError(world, item, 'ERROR')
  return { reset_login: true }
})

const createTransactions = itemEndpoint(
  '/sandbox/transactions/create',
  z.strictObject({
    access_token: accessToken,
    transactions: z.array(
      z.looseObject({
        date_transacted: day,
        date_posted: day,
        amount: z.number(),
        description: z.string(),
        iso_currency_code: z.string().optional(),
      }),
    ),
  }),
  (item, { transactions }, world) => {
    if (!isDynamic(item))
      throw invalidField('access_token', 'the Item was not made with user_transactions_dynamic')
    if (transactions.length > 10) throw badRows('The request contains too many transactions.')
    const today = dayOf(world.now())
    for (const row of transactions) checkDates(row, today)

    refreshTransactions(world, item)
    for (const row of transactions) {
      addTransaction(world, item, {
        date: row.date_posted,
        authorized: row.date_transacted,
        amount: row.amount,
        text: row.description,
        currency: row.iso_currency_code,
        pending: false,
      })
    }
    announceTransactions(world, item, { added: transactions.length })
    return {}
  },
)

const setVerificationStatus = itemEndpoint(
  '/sandbox/item/set_verification_status',
  z.strictObject({
    access_token: accessToken,
    account_id: z.string(),
    verification_status: z.enum(['automatically_verified', 'verification_expired']),
  }),
  (item, { account_id, verification_status }, world) => {
    accountsOf(world, item, [account_id])
    item.verification[account_id] = verification_status
    return {}
  },
)

const FORTNIGHT = 14

function checkDates(row: { date_transacted: string; date_posted: string }, today: string): void {
  const oldest = addDays(today, -FORTNIGHT)
  const areIn = [row.date_transacted, row.date_posted].every((date) => date >= oldest && date <= today)
  if (areIn && row.date_posted >= row.date_transacted) return
  throw badRows(
    'Transaction and posted dates must be within the last 14 days. The posted date cannot be before the transaction date.',
  )
}

/** Here Plaid tells the person the same as the developer. */
function badRows(message: string): PlaidFailure {
  const { status, body } = plaidFailure('INVALID_FIELD', { message })
  return new PlaidFailure(status, { ...body, display_message: message })
}

export const sandboxEndpoints = [
  createToken,
  resetLogin,
  fireWebhook,
  createTransactions,
  setVerificationStatus,
]
