import { Products } from 'plaid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPlaidSchema, schemaNote, validateRequest } from '../support/plaid-schema.ts'
import { bank, openPlaid, type Plaid } from './harness.ts'

type Json = Record<string, unknown>

const token = 'access-sandbox-00000000-0000-4000-a000-000000000000'
const span = { start_date: '2026-01-01', end_date: '2026-02-01' }

/** For each path a request with about everything in it. */
const requests: Readonly<Record<string, Json>> = {
  '/link/token/create': {
    client_name: 'Coffer',
    language: 'en',
    country_codes: ['US'],
    user: { client_user_id: 'u', phone_number: '+1 415 555 0123' },
    products: ['transactions'],
    additional_consented_products: ['investments'],
    webhook: 'https://example.com/hook',
    redirect_uri: 'https://example.com/back',
    hosted_link: { completion_redirect_uri: 'http://127.0.0.1/done', url_lifetime_seconds: 600 },
    update: { account_selection_enabled: true },
    transactions: { days_requested: 30 },
  },
  '/link/token/get': { link_token: 'link-sandbox-x' },
  '/item/public_token/exchange': { public_token: 'public-sandbox-x' },
  '/item/get': { access_token: token },
  '/item/remove': { access_token: token, reason_code: 'OTHER', reason_note: 'moved' },
  '/item/access_token/invalidate': { access_token: token },
  '/item/webhook/update': { access_token: token, webhook: 'https://example.com/hook' },
  '/accounts/get': { access_token: token, options: { account_ids: ['a'] } },
  '/accounts/balance/get': {
    access_token: token,
    options: { account_ids: ['a'], min_last_updated_datetime: '2026-01-01T00:00:00Z' },
  },
  '/transactions/sync': {
    access_token: token,
    cursor: 'c',
    count: 100,
    options: { include_original_description: true, days_requested: 30, account_id: 'a' },
  },
  '/transactions/get': {
    access_token: token,
    ...span,
    options: { account_ids: ['a'], count: 10, offset: 0, personal_finance_category_version: 'v2' },
  },
  '/transactions/refresh': { access_token: token },
  '/investments/holdings/get': { access_token: token, options: { account_ids: ['a'] } },
  '/investments/transactions/get': {
    access_token: token,
    ...span,
    options: { account_ids: ['a'], count: 10, offset: 0, async_update: true },
  },
  '/liabilities/get': { access_token: token, options: { account_ids: ['a'] } },
  '/institutions/get_by_id': {
    institution_id: 'ins_0',
    country_codes: ['US'],
    options: { include_status: true },
  },
  '/institutions/search': {
    query: 'platypus',
    products: ['auth'],
    country_codes: ['US'],
    options: { oauth: true },
  },
  '/institutions/get': {
    count: 10,
    offset: 0,
    country_codes: ['US'],
    options: { products: ['auth'], routing_numbers: ['1'], oauth: false },
  },
  '/webhook_verification_key/get': { key_id: 'k' },
  '/sandbox/public_token/create': {
    institution_id: bank,
    initial_products: ['transactions'],
    options: {
      webhook: 'https://example.com/hook',
      override_username: 'u',
      override_password: 'p',
      transactions: { days_requested: 30 },
    },
  },
  '/sandbox/item/reset_login': { access_token: token },
  '/sandbox/item/fire_webhook': { access_token: token, webhook_type: 'ITEM', webhook_code: 'ERROR' },
  '/sandbox/transactions/create': {
    access_token: token,
    transactions: [
      {
        date_transacted: '2026-03-01',
        date_posted: '2026-03-01',
        amount: 1,
        description: 'Tea',
        iso_currency_code: 'USD',
      },
    ],
  },
  '/sandbox/item/set_verification_status': {
    access_token: token,
    account_id: 'a',
    verification_status: 'verification_expired',
  },
}

const wrongValues: readonly unknown[] = [
  7.5,
  -1,
  100_000_000,
  'nothing that fits',
  '',
  true,
  [],
  [1],
  {},
  null,
]

/** Every way to spoil one place of a request: the key gone, a key too many, a value of another kind. */
function spoiled(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap((entry) => spoiled(entry).map((other) => [other]))
  if (typeof value !== 'object' || value === null) return []
  const entries = Object.entries(value)
  return [
    { ...value, nonsense: 1 },
    ...entries.map(([key]) => Object.fromEntries(entries.filter(([other]) => other !== key))),
    ...entries.flatMap(([key]) => wrongValues.map((wrong) => ({ ...value, [key]: wrong }))),
    ...entries.flatMap(([key, inner]) => spoiled(inner).map((other) => ({ ...value, [key]: other }))),
  ]
}

const badRequest = new Set(['UNKNOWN_FIELDS', 'MISSING_FIELDS', 'INVALID_FIELD'])

let plaid: Plaid
beforeAll(async () => {
  plaid = await openPlaid()
})
afterAll(async () => plaid[Symbol.asyncDispose]())

/** What the schema does not know and Plaid refuses all the same, in words. */
function isKnownToBeStricter(path: string, body: Json): boolean {
  if (path === '/link/token/create') return true
  // An address that is no address is taken only where it takes one away.
  return path === '/sandbox/public_token/create' && JSON.stringify(body).includes('"webhook":""')
}

async function verdictOn(path: string, body: Json) {
  // The limit of this path is lower than the number of ways to spoil a request.
  plaid.controls.advance(30_000)
  const code = await plaid.codeOf(path, body)
  return { code, wrong: validateRequest(path, body) }
}

describe.skipIf(!hasPlaidSchema)(`requests that Plaid's schemas refuse${schemaNote}`, () => {
  it.each(Object.entries(requests))('%s refuses them too, and takes the others', async (path, whole) => {
    expect(validateRequest(path, whole)).toEqual([])
    const bodies = spoiled(whole) as Json[]
    const disagreements = []
    for (const body of bodies) {
      const { code, wrong } = await verdictOn(path, body)
      const isRefused = badRequest.has(code)
      const agree = isRefused === wrong.length > 0 || (isRefused && isKnownToBeStricter(path, body))
      if (!agree) disagreements.push([JSON.stringify(body), code, wrong])
    }
    expect(disagreements).toEqual([])
  })
})

it('takes a link request with all that it knows', async () => {
  const { update: _, ...request } = requests['/link/token/create'] ?? {}
  expect(await plaid.codeOf('/link/token/create', request)).toBe('OK')
  const { access_token } = await plaid.connect([Products.Transactions])
  const { products: __, ...update } = requests['/link/token/create'] ?? {}
  expect(await plaid.codeOf('/link/token/create', { ...update, access_token })).toBe('OK')
})
