import { Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { hasPlaidSchema, schemaNote, validateSchema } from '../support/plaid-schema.ts'
import { brokerage, hook, openPlaid, type Plaid } from './harness.ts'

const fire = '/sandbox/item/fire_webhook'

/** Every webhook that can be fired, and the name of its schema. */
const fired: readonly [type: string, code: string, schema: string][] = [
  ['ITEM', 'ERROR', 'ItemErrorWebhook'],
  ['ITEM', 'LOGIN_REPAIRED', 'ItemLoginRepairedWebhook'],
  ['ITEM', 'PENDING_DISCONNECT', 'PendingDisconnectWebhook'],
  ['ITEM', 'USER_PERMISSION_REVOKED', 'UserPermissionRevokedWebhook'],
  ['ITEM', 'USER_ACCOUNT_REVOKED', 'UserAccountRevokedWebhook'],
  ['ITEM', 'NEW_ACCOUNTS_AVAILABLE', 'NewAccountsAvailableWebhook'],
  ['TRANSACTIONS', 'SYNC_UPDATES_AVAILABLE', 'SyncUpdatesAvailableWebhook'],
  ['TRANSACTIONS', 'DEFAULT_UPDATE', 'DefaultUpdateWebhook'],
  ['TRANSACTIONS', 'RECURRING_TRANSACTIONS_UPDATE', 'RecurringTransactionsUpdateWebhook'],
  ['HOLDINGS', 'DEFAULT_UPDATE', 'HoldingsDefaultUpdateWebhook'],
  ['INVESTMENTS_TRANSACTIONS', 'DEFAULT_UPDATE', 'InvestmentsDefaultUpdateWebhook'],
  ['LIABILITIES', 'DEFAULT_UPDATE', 'LiabilitiesDefaultUpdateWebhook'],
]

/** What the controls send, beyond what can be fired. */
const caused: readonly [schema: string, act: (plaid: Plaid, item_id: string) => void][] = [
  ['ItemErrorWebhook', (plaid, id) => plaid.controls.breakItem(id, 'ITEM_LOCKED')],
  ['UserPermissionRevokedWebhook', (plaid, id) => plaid.controls.revoke(id)],
  ['ItemLoginRepairedWebhook', (plaid, id) => plaid.controls.repairItem(id)],
  ['PendingDisconnectWebhook', (plaid, id) => plaid.controls.setPendingDisconnect(id)],
  ['PendingExpirationWebhook', (plaid, id) => plaid.controls.setConsentExpiry(id, 7)],
  ['UserAccountRevokedWebhook', (plaid, id) => plaid.controls.revokeAccount(id, 'an-account')],
  ['NewAccountsAvailableWebhook', (plaid, id) => void plaid.controls.addAccount(id)],
  ['DefaultUpdateWebhook', (plaid, id) => plaid.controls.addTransaction(id, { amount: 1, text: 'Gum' })],
]

function accountFor(type: string) {
  const isInvesting = type === 'HOLDINGS' || type === 'INVESTMENTS_TRANSACTIONS'
  return isInvesting
    ? ([[Products.Investments], { institution: brokerage, webhook: hook }] as const)
    : ([[Products.Transactions, Products.Liabilities], { webhook: hook }] as const)
}

describe.skipIf(!hasPlaidSchema)(`webhooks by Plaid's schemas${schemaNote}`, () => {
  it.each(fired)('%s:%s', async (type, code, schema) => {
    await using plaid = await openPlaid()
    const [products, login] = accountFor(type)
    const { access_token, item_id } = await plaid.connect([...products], login)
    expect(await plaid.codeOf(fire, { access_token, webhook_type: type, webhook_code: code })).toBe('OK')
    const [sent] = plaid.controls.webhooks()
    expect(sent).toMatchObject({
      url: hook,
      payload: { webhook_type: type, webhook_code: code, item_id, environment: 'sandbox' },
    })
    expect(validateSchema(schema, sent?.payload)).toEqual([])
  })

  it.each(caused)('%s, caused', async (schema, act) => {
    await using plaid = await openPlaid()
    const { item_id } = await plaid.connect([Products.Transactions], { webhook: hook })
    act(plaid, item_id)
    expect(validateSchema(schema, plaid.controls.webhooks()[0]?.payload)).toEqual([])
  })

  it('of a Link session', async () => {
    await using plaid = await openPlaid()
    await plaid.connectByLink({ webhook: hook })
    const [added, finished] = plaid.controls.webhooks()
    expect(validateSchema('ItemAddResultWebhook', added?.payload)).toEqual([])
    expect(validateSchema('LinkSessionFinishedWebhook', finished?.payload)).toEqual([])
  })
})

describe('/sandbox/item/fire_webhook', () => {
  it('changes nothing about the Item but its last webhook', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], { webhook: hook })
    await plaid.codeOf(fire, { access_token, webhook_code: 'ERROR' })
    const { data } = await plaid.sdk.itemGet({ access_token })
    expect(data.item.error).toBeNull()
    expect(data.status?.last_webhook?.code_sent).toBe('ERROR')
  })

  it.each([
    ['ERROR', 'ITEM_LOGIN_REQUIRED'],
    ['USER_PERMISSION_REVOKED', 'USER_PERMISSION_REVOKED'],
  ])('carries in %s the error %s', async (webhook_code, error_code) => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], { webhook: hook })
    await plaid.codeOf(fire, { access_token, webhook_code })
    const error = { error_code, display_message: null, status: 400 }
    expect(plaid.controls.webhooks()[0]?.payload).toMatchObject({ webhook_code, error })
  })

  it.each([
    ['no address', {}, 'LOGIN_REPAIRED', undefined, 'SANDBOX_WEBHOOK_INVALID'],
    [
      'a product that is not there',
      { webhook: hook },
      'DEFAULT_UPDATE',
      'HOLDINGS',
      'SANDBOX_PRODUCT_NOT_ENABLED',
    ],
    ['a code of another type', { webhook: hook }, 'LOGIN_REPAIRED', 'TRANSACTIONS', 'INVALID_FIELD'],
    ['a code that only Plaid sends', { webhook: hook }, 'PENDING_EXPIRATION', 'ITEM', 'INVALID_FIELD'],
  ])('refuses %s', async (_, login, webhook_code, webhook_type, code) => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], login)
    expect(await plaid.codeOf(fire, { access_token, webhook_code, webhook_type })).toBe(code)
  })
})

it('gives the public half of the key that webhooks are to be signed with', async () => {
  await using plaid = await openPlaid()
  const [key] = await keysOf(plaid)
  expect(key).toMatchObject({ alg: 'ES256', crv: 'P-256', kty: 'EC', use: 'sig', expired_at: null })
  await expect(
    crypto.subtle.importKey('jwk', { ...key }, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']),
  ).resolves.toBeDefined()
})

async function keysOf(plaid: Plaid) {
  const ids = plaid.controls.webhookKeyIds()
  const answers = ids.map((key_id) => plaid.sdk.webhookVerificationKeyGet({ key_id }))
  return (await Promise.all(answers)).map(({ data }) => data.key)
}
