import {
  CountryCode,
  Products,
  WebhookType,
  SandboxItemFireWebhookRequestWebhookCodeEnum as WebhookCode,
} from 'plaid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '../../src/simulator/api-routes.ts'
import { hasPlaidSchema, plaidPaths, schemaNote } from '../support/plaid-schema.ts'
import { bank, brokerage, openPlaid, type Plaid } from './harness.ts'

const span = { start_date: '2025-06-01', end_date: '2026-03-10' }
const US = [CountryCode.Us]

let plaid: Plaid
let access_token: string
let investing: string

beforeAll(async () => {
  plaid = await openPlaid()
  const everyday = await plaid.connectByLink({
    products: [Products.Transactions],
    additional_consented_products: [Products.Liabilities],
    transactions: { days_requested: 730 },
    webhook: 'https://example.com/hook',
  })
  access_token = everyday.access_token
  investing = (await plaid.connect([Products.Investments], { institution: brokerage })).access_token
})

afterAll(async () => plaid[Symbol.asyncDispose]())

it.skipIf(!hasPlaidSchema)(`has every path of the schemas, and no other${schemaNote}`, () => {
  expect(endpoints.map(({ path }) => path).toSorted()).toEqual(plaidPaths().toSorted())
})

// The answers are checked by Plaid's schemas as the suite ends.
describe("the official SDK's calls succeed", () => {
  it('link, public token, exchange', async () => {
    const { data: link } = await plaid.sdk.linkTokenCreate({
      client_name: 'Coffer',
      language: 'en',
      country_codes: US,
      products: [Products.Transactions],
      user: { client_user_id: 'somebody' },
      hosted_link: { url_lifetime_seconds: 600 },
    })
    expect(link.hosted_link_url).toContain(plaid.url)
    const { data: status } = await plaid.sdk.linkTokenGet({ link_token: link.link_token })
    expect(status.metadata.client_name).toBe('Coffer')

    const { data: sandbox } = await plaid.sdk.sandboxPublicTokenCreate({
      institution_id: bank,
      initial_products: [Products.Transactions],
    })
    const { data: item } = await plaid.sdk.itemPublicTokenExchange({ public_token: sandbox.public_token })
    expect(item.item_id).toHaveLength(37)
  })

  it('items', async () => {
    const own = await plaid.connect([Products.Transactions])
    const { data: webhook } = await plaid.sdk.itemWebhookUpdate({
      access_token: own.access_token,
      webhook: 'https://example.com/other',
    })
    expect(webhook.item.webhook).toBe('https://example.com/other')
    const { data: fresh } = await plaid.sdk.itemAccessTokenInvalidate({ access_token: own.access_token })
    const { data: got } = await plaid.sdk.itemGet({ access_token: fresh.new_access_token })
    expect(got.item.item_id).toBe(own.item_id)
    await plaid.sdk.itemRemove({ access_token: fresh.new_access_token })
  })

  it('accounts and balances', async () => {
    const { data: cached } = await plaid.sdk.accountsGet({ access_token })
    const { data: live } = await plaid.sdk.accountsBalanceGet({ access_token })
    expect(live.accounts).toEqual(cached.accounts)
  })

  it('transactions', async () => {
    const { data: sync } = await plaid.sdk.transactionsSync({ access_token, count: 500 })
    expect(sync.added.length).toBeGreaterThan(0)
    const { data: got } = await plaid.sdk.transactionsGet({ access_token, ...span })
    expect(got.total_transactions).toBeGreaterThan(got.transactions.length)
    await plaid.sdk.transactionsRefresh({ access_token })
  })

  it('investments and liabilities', async () => {
    const { data: holdings } = await plaid.sdk.investmentsHoldingsGet({ access_token: investing })
    expect(holdings.holdings.length).toBeGreaterThan(0)
    const { data: moves } = await plaid.sdk.investmentsTransactionsGet({ access_token: investing, ...span })
    expect(moves.total_investment_transactions).toBeGreaterThan(0)
    const { data: owed } = await plaid.sdk.liabilitiesGet({ access_token })
    expect(owed.liabilities.credit?.length).toBeGreaterThan(0)
  })

  it('institutions and categories', async () => {
    const request = { institution_id: bank, country_codes: US }
    const { data: one } = await plaid.sdk.institutionsGetById({
      ...request,
      options: { include_status: true },
    })
    expect(one.institution.name).toBe('First Platypus Bank')
    const { data: found } = await plaid.sdk.institutionsSearch({ query: 'gingham', country_codes: US })
    expect(found.institutions).toHaveLength(1)
    const { data: page } = await plaid.sdk.institutionsGet({ count: 2, offset: 1, country_codes: US })
    expect(page.institutions).toHaveLength(2)
    const { data: all } = await plaid.sdk.categoriesGet({})
    expect(all.categories.length).toBeGreaterThan(0)
  })

  it('the sandbox and its webhook keys', async () => {
    await plaid.sdk.sandboxItemFireWebhook({
      access_token,
      webhook_type: WebhookType.Item,
      webhook_code: WebhookCode.Error,
    })
    const dynamic = await plaid.connect([Products.Transactions], {
      username: 'user_transactions_dynamic',
      password: 'any',
    })
    const row = { date_transacted: '2026-03-09', date_posted: '2026-03-10', amount: 5, description: 'Tea' }
    await plaid.sdk.sandboxTransactionsCreate({ access_token: dynamic.access_token, transactions: [row] })
    const { data: reset } = await plaid.sdk.sandboxItemResetLogin({ access_token: dynamic.access_token })
    expect(reset.reset_login).toBe(true)
  })
})

const anItem = () => ({ access_token })
const broken: readonly [path: string, code: string, body: () => object][] = [
  ['/link/token/create', 'MISSING_FIELDS', () => ({ client_name: 'x' })],
  ['/link/token/get', 'INVALID_LINK_TOKEN', () => ({ link_token: 'link-sandbox-nothing' })],
  ['/item/public_token/exchange', 'INVALID_PUBLIC_TOKEN', () => ({ public_token: 'public-sandbox-nothing' })],
  ['/item/get', 'INVALID_ACCESS_TOKEN', () => ({ access_token: 'access-sandbox-nothing' })],
  ['/item/remove', 'INVALID_FIELD', () => ({ access_token, reason_code: 'BORED' })],
  ['/item/access_token/invalidate', 'UNKNOWN_FIELDS', () => ({ access_token, more: 1 })],
  ['/item/webhook/update', 'INVALID_FIELD', () => ({ access_token, webhook: 'nowhere' })],
  ['/accounts/get', 'INVALID_ACCOUNT_ID', () => ({ access_token, options: { account_ids: ['x'] } })],
  ['/accounts/balance/get', 'INVALID_ACCOUNT_ID', () => ({ access_token, options: { account_ids: ['x'] } })],
  ['/transactions/sync', 'INVALID_FIELD', () => ({ access_token, count: 0 })],
  ['/transactions/get', 'MISSING_FIELDS', anItem],
  ['/transactions/refresh', 'MISSING_FIELDS', () => ({})],
  ['/transactions/recurring/get', 'INVALID_PRODUCT', anItem],
  ['/investments/holdings/get', 'NO_INVESTMENT_ACCOUNTS', anItem],
  ['/investments/transactions/get', 'NO_INVESTMENT_ACCOUNTS', () => ({ access_token, ...span })],
  ['/investments/refresh', 'INVALID_PRODUCT', anItem],
  ['/liabilities/get', 'NO_LIABILITY_ACCOUNTS', () => ({ access_token: investing })],
  [
    '/institutions/get_by_id',
    'INVALID_INSTITUTION',
    () => ({ institution_id: 'ins_0', country_codes: ['US'] }),
  ],
  ['/institutions/search', 'INVALID_FIELD', () => ({ query: 'x', country_codes: ['XX'] })],
  ['/institutions/get', 'INVALID_FIELD', () => ({ count: 501, offset: 0, country_codes: ['US'] })],
  ['/webhook_verification_key/get', 'INVALID_WEBHOOK_VERIFICATION_KEY_ID', () => ({ key_id: 'none' })],
  [
    '/sandbox/public_token/create',
    'INVALID_CREDENTIALS',
    () => ({
      institution_id: bank,
      initial_products: [Products.Transactions],
      options: { override_username: 'who' },
    }),
  ],
  ['/sandbox/item/reset_login', 'MISSING_FIELDS', () => ({})],
  ['/sandbox/item/fire_webhook', 'SANDBOX_WEBHOOK_INVALID', () => fired()],
  ['/sandbox/transactions/create', 'INVALID_FIELD', () => ({ access_token, transactions: [] })],
  [
    '/sandbox/item/set_verification_status',
    'INVALID_ACCOUNT_ID',
    () => ({ access_token, account_id: 'x', verification_status: 'verification_expired' }),
  ],
]

function fired() {
  return { access_token: investing, webhook_code: 'LOGIN_REPAIRED' }
}

describe('each path refuses as Plaid does', () => {
  it.each(broken)('%s: %s', async (path, code, body) => {
    expect(await plaid.codeOf(path, body())).toBe(code)
  })

  it('has a refusal for every path but the one that refuses nothing', () => {
    const refusing = new Set([...broken.map(([path]) => path), '/categories/get'])
    expect(endpoints.map(({ path }) => path).filter((path) => !refusing.has(path))).toEqual([])
  })
})
