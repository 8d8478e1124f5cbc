import { z } from 'zod'
import { accountsOf } from '../bank.ts'
import { itemEndpoint } from '../endpoint.ts'
import { plaidFailure } from '../failure.ts'
import { invalidField } from '../request.ts'
import type { ItemState } from '../state.ts'
import { queueError, queueItemWebhook, queuePendingDisconnect, type WebhookFields } from '../webhooks.ts'
import type { World } from '../world.ts'
import { accessToken } from './fields.ts'

const types = z.enum([
  'AUTH',
  'HOLDINGS',
  'INVESTMENTS_TRANSACTIONS',
  'ITEM',
  'LIABILITIES',
  'TRANSACTIONS',
  'ASSETS',
])

const codes = z.enum([
  'DEFAULT_UPDATE',
  'NEW_ACCOUNTS_AVAILABLE',
  'SMS_MICRODEPOSITS_VERIFICATION',
  'AUTHORIZATION_GRANTED',
  'USER_PERMISSION_REVOKED',
  'USER_ACCOUNT_REVOKED',
  'PENDING_DISCONNECT',
  'RECURRING_TRANSACTIONS_UPDATE',
  'LOGIN_REPAIRED',
  'SYNC_UPDATES_AVAILABLE',
  'PRODUCT_READY',
  'ERROR',
])

/** The type of a code that stands for one type only; DEFAULT_UPDATE is for transactions unless it is said. */
const typeOfCode: Partial<Record<z.infer<typeof codes>, z.infer<typeof types>>> = {
  DEFAULT_UPDATE: 'TRANSACTIONS',
  RECURRING_TRANSACTIONS_UPDATE: 'TRANSACTIONS',
  SYNC_UPDATES_AVAILABLE: 'TRANSACTIONS',
  SMS_MICRODEPOSITS_VERIFICATION: 'AUTH',
  PRODUCT_READY: 'ASSETS',
}

const productOfType: Partial<Record<z.infer<typeof types>, string>> = {
  AUTH: 'auth',
  ASSETS: 'assets',
  HOLDINGS: 'investments',
  INVESTMENTS_TRANSACTIONS: 'investments',
  LIABILITIES: 'liabilities',
  TRANSACTIONS: 'transactions',
}

type Send = (world: World, item: ItemState) => boolean

/** Every webhook that can be fired by hand, by `TYPE:CODE`. Sending changes nothing about the Item. */
const sends: Readonly<Record<string, Send>> = {
  'ITEM:ERROR': (world, item) => queueError(world, item, 'ERROR'),
  'ITEM:USER_PERMISSION_REVOKED': (world, item) => queueError(world, item, 'USER_PERMISSION_REVOKED'),
  'ITEM:PENDING_DISCONNECT': queuePendingDisconnect,
  'ITEM:NEW_ACCOUNTS_AVAILABLE': plain('ITEM', 'NEW_ACCOUNTS_AVAILABLE', { error: null }),
  'ITEM:LOGIN_REPAIRED': plain('ITEM', 'LOGIN_REPAIRED'),
  'ITEM:AUTHORIZATION_GRANTED': plain('ITEM', 'AUTHORIZATION_GRANTED'),
  'ITEM:USER_ACCOUNT_REVOKED': (world, item) =>
    plain('ITEM', 'USER_ACCOUNT_REVOKED', { account_id: accountIds(world, item)[0] ?? '' })(world, item),
  'TRANSACTIONS:DEFAULT_UPDATE': plain('TRANSACTIONS', 'DEFAULT_UPDATE', {
    new_transactions: 0,
    error: null,
  }),
  'TRANSACTIONS:SYNC_UPDATES_AVAILABLE': plain('TRANSACTIONS', 'SYNC_UPDATES_AVAILABLE', {
    initial_update_complete: true,
    historical_update_complete: true,
  }),
  'TRANSACTIONS:RECURRING_TRANSACTIONS_UPDATE': (world, item) =>
    plain('TRANSACTIONS', 'RECURRING_TRANSACTIONS_UPDATE', { account_ids: accountIds(world, item) })(
      world,
      item,
    ),
  'HOLDINGS:DEFAULT_UPDATE': plain('HOLDINGS', 'DEFAULT_UPDATE', {
    new_holdings: 0,
    updated_holdings: 1,
    error: null,
  }),
  'INVESTMENTS_TRANSACTIONS:DEFAULT_UPDATE': plain('INVESTMENTS_TRANSACTIONS', 'DEFAULT_UPDATE', {
    new_investments_transactions: 0,
    cancelled_investments_transactions: 0,
    error: null,
  }),
  'LIABILITIES:DEFAULT_UPDATE': plain('LIABILITIES', 'DEFAULT_UPDATE', {
    account_ids_with_new_liabilities: [],
    account_ids_with_updated_liabilities: {},
    error: null,
  }),
}

export const fireWebhook = itemEndpoint(
  '/sandbox/item/fire_webhook',
  z.strictObject({ access_token: accessToken, webhook_type: types.optional(), webhook_code: codes }),
  (item, { webhook_type, webhook_code }, world) => {
    const type = webhook_type ?? typeOfCode[webhook_code] ?? 'ITEM'
    const product = productOfType[type]
    if (product !== undefined && item.products[product] === undefined) {
      throw plaidFailure('SANDBOX_PRODUCT_NOT_ENABLED', {
        message: `The ${product} product is not enabled on this item`,
      })
    }
    const send = sends[`${type}:${webhook_code}`]
    if (send === undefined)
      throw invalidField('webhook_code', `${webhook_code} is not a webhook of type ${type}`)
    if (!send(world, item)) throw plaidFailure('SANDBOX_WEBHOOK_INVALID')
    return { webhook_fired: true }
  },
)

function plain(type: string, code: string, fields: WebhookFields = {}): Send {
  return (world, item) => queueItemWebhook(world, item, { type, code, ...fields })
}

function accountIds(world: World, item: ItemState): string[] {
  return accountsOf(world, item).map(({ account_id }) => account_id)
}
