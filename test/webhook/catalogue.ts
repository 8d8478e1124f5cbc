const itemId = 'item-1'
const item = { item_id: itemId, environment: 'sandbox' }
const error = {
  error_type: 'ITEM_ERROR',
  error_code: 'ITEM_LOGIN_REQUIRED',
  error_code_reason: null,
  error_message: 'the login details of this item have changed',
  display_message: null,
  status: 400,
  causes: [],
}
const link = { link_session_id: 'session-1', link_token: 'made-up-link-token', environment: 'sandbox' }
const time = '2026-11-28T00:00:00Z'
const deadline = '2026-11-28T00:00:00.000Z'
const dataChanged = { type: 'data_changed' }

/** Plaid's schema for it, its body, and the events it stands for; null when there is none to act on. */
export interface Row {
  /** `TYPE:CODE` */
  readonly name: string
  readonly schema: string | null
  readonly body: Readonly<Record<string, unknown>>
  readonly events: readonly object[] | null
}

function row(
  schema: string | null,
  name: string,
  fields: Readonly<Record<string, unknown>>,
  events: readonly object[] | null,
): Row {
  const [webhook_type, webhook_code] = name.split(':')
  return { name, schema, body: { webhook_type, webhook_code, ...fields }, events }
}

/** Every webhook that Plaid documents for what we do, with all its fields. */
export const catalogue: readonly Row[] = [
  row('ItemErrorWebhook', 'ITEM:ERROR', { ...item, error }, [
    { type: 'error', plaidCode: 'ITEM_LOGIN_REQUIRED' },
  ]),
  row('ItemLoginRepairedWebhook', 'ITEM:LOGIN_REPAIRED', { ...item, user_id: 'usr_1' }, [
    { type: 'login_repaired' },
  ]),
  row('PendingExpirationWebhook', 'ITEM:PENDING_EXPIRATION', { ...item, consent_expiration_time: time }, [
    { type: 'pending', warning: 'PENDING_EXPIRATION', deadline },
  ]),
  row(
    'PendingDisconnectWebhook',
    'ITEM:PENDING_DISCONNECT',
    { ...item, reason: 'INSTITUTION_MIGRATION', disconnect_time: time },
    [{ type: 'pending', warning: 'PENDING_DISCONNECT', deadline }],
  ),
  row(
    'UserPermissionRevokedWebhook',
    'ITEM:USER_PERMISSION_REVOKED',
    { ...item, error: { ...error, error_code: 'USER_PERMISSION_REVOKED' } },
    [{ type: 'error', plaidCode: 'USER_PERMISSION_REVOKED' }],
  ),
  row('UserAccountRevokedWebhook', 'ITEM:USER_ACCOUNT_REVOKED', { ...item, account_id: 'account-1' }, [
    { type: 'account_revoked', accountId: 'account-1' },
  ]),
  row('NewAccountsAvailableWebhook', 'ITEM:NEW_ACCOUNTS_AVAILABLE', { ...item, error: null }, [
    { type: 'new_accounts' },
  ]),
  row(
    'WebhookUpdateAcknowledgedWebhook',
    'ITEM:WEBHOOK_UPDATE_ACKNOWLEDGED',
    { ...item, new_webhook_url: 'https://tunnel.example/plaid/webhook', error: null },
    [{ type: 'webhook_acknowledged', url: 'https://tunnel.example/plaid/webhook' }],
  ),
  row(
    'SyncUpdatesAvailableWebhook',
    'TRANSACTIONS:SYNC_UPDATES_AVAILABLE',
    { ...item, initial_update_complete: true, historical_update_complete: false },
    [dataChanged],
  ),
  row('InitialUpdateWebhook', 'TRANSACTIONS:INITIAL_UPDATE', { ...item, new_transactions: 19, error: null }, [
    dataChanged,
  ]),
  row('HistoricalUpdateWebhook', 'TRANSACTIONS:HISTORICAL_UPDATE', { ...item, new_transactions: 231 }, [
    dataChanged,
  ]),
  row('DefaultUpdateWebhook', 'TRANSACTIONS:DEFAULT_UPDATE', { ...item, new_transactions: 3 }, [dataChanged]),
  row(
    'TransactionsRemovedWebhook',
    'TRANSACTIONS:TRANSACTIONS_REMOVED',
    { ...item, removed_transactions: ['made-up'], error: null },
    [dataChanged],
  ),
  row(
    'HoldingsDefaultUpdateWebhook',
    'HOLDINGS:DEFAULT_UPDATE',
    { ...item, new_holdings: 19, updated_holdings: 0, error: null },
    [dataChanged],
  ),
  row(
    'InvestmentsDefaultUpdateWebhook',
    'INVESTMENTS_TRANSACTIONS:DEFAULT_UPDATE',
    { ...item, new_investments_transactions: 16, cancelled_investments_transactions: 0, error: null },
    [dataChanged],
  ),
  row(
    'InvestmentsHistoricalUpdateWebhook',
    'INVESTMENTS_TRANSACTIONS:HISTORICAL_UPDATE',
    { ...item, new_investments_transactions: 16, cancelled_investments_transactions: 0, error: null },
    [dataChanged],
  ),
  row(
    'LiabilitiesDefaultUpdateWebhook',
    'LIABILITIES:DEFAULT_UPDATE',
    {
      ...item,
      error: null,
      account_ids_with_new_liabilities: ['account-1'],
      account_ids_with_updated_liabilities: { 'account-2': ['past_amount_due'] },
    },
    [dataChanged],
  ),
  row(
    'LinkSessionFinishedWebhook',
    'LINK:SESSION_FINISHED',
    { ...link, status: 'SUCCESS', public_token: 'made-up', public_tokens: ['made-up'] },
    [{ type: 'link_session' }],
  ),
  row('ItemAddResultWebhook', 'LINK:ITEM_ADD_RESULT', { ...link, public_token: 'made-up' }, [
    { type: 'link_session' },
  ]),
  row('LinkEventsWebhook', 'LINK:EVENTS', { ...link, events: [] }, null),
  row(
    'RecurringTransactionsUpdateWebhook',
    'TRANSACTIONS:RECURRING_TRANSACTIONS_UPDATE',
    { ...item, account_ids: [] },
    null,
  ),
  row(
    'IssueResolvedWebhook',
    'ISSUES:ISSUE_RESOLVED',
    {
      issue_id: 'issue-1',
      issue_description: 'a bank was away',
      issue_resolved_at: time,
      institution_id: 'ins_1',
      institution_name: 'First Bank',
    },
    null,
  ),
  row(null, 'LINK_DELIVERY:DELIVERY_STATUS', {}, null),
  row(null, 'AUTH:AUTOMATICALLY_VERIFIED', item, null),
  row(null, 'IDENTITY:DEFAULT_UPDATE', item, null),
]

export const itemError = error
