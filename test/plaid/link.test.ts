import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PlaidDeps } from '../../src/plaid/operations.ts'
import { Secret } from '../../src/secret.ts'
import { accessToken, type Fake, plaidError, plaidOn, startFake } from './fake-plaid.ts'

let fake: Fake
beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})

const answer = {
  link_token: 'link-sandbox-1',
  hosted_link_url: 'https://secure.plaid.com/hl/1',
  expiration: '2026-11-20T10:30:00Z',
  request_id: 'r',
}
const asked = {
  client_name: 'Coffer',
  language: 'en',
  country_codes: ['US'],
  user: { client_user_id: 'household-1' },
  hosted_link: { url_lifetime_seconds: 1800 },
}

async function created(
  request: Parameters<ReturnType<typeof plaidOn>['plaid']['createLink']>[0],
  changes: Partial<PlaidDeps> = {},
) {
  fake.on('/link/token/create', { json: answer })
  const link = await plaidOn(fake, changes).plaid.createLink(request)
  return { link, body: fake.requests.at(-1)?.body }
}

describe('createLink', () => {
  it('asks for a new bank with its products and its history', async () => {
    const { link, body } = await created({
      products: ['transactions'],
      additionalProducts: ['investments', 'liabilities'],
      days: 730,
    })
    expect(body).toEqual({
      ...asked,
      products: ['transactions'],
      additional_consented_products: ['investments', 'liabilities'],
      transactions: { days_requested: 730 },
    })
    expect([link.linkToken.open(), link.url.open(), link.expiresAt]).toEqual([
      'link-sandbox-1',
      'https://secure.plaid.com/hl/1',
      '2026-11-20T10:30:00.000Z',
    ])
  })

  it('asks for no history where no transactions are among the products, and names the webhook', async () => {
    const { body } = await created(
      { products: ['investments'], additionalProducts: [], days: 730 },
      { webhookUrl: 'https://hooks.example/plaid/webhook' },
    )
    expect(body).toEqual({
      ...asked,
      products: ['investments'],
      webhook: 'https://hooks.example/plaid/webhook',
    })
  })

  it.each([
    ['only the login', { addAccounts: false, addProducts: [] as const }, {}],
    [
      'more accounts',
      { addAccounts: true, addProducts: [] as const },
      { update: { account_selection_enabled: true } },
    ],
    [
      'more products',
      { addAccounts: false, addProducts: ['investments'] as const },
      { additional_consented_products: ['investments'] },
    ],
  ])('repairs the same item, without products or webhook: %s', async (_what, wish, more) => {
    const { body } = await created({ itemId: 'item1', ...wish }, { webhookUrl: 'https://hooks.example/x' })
    expect(body).toEqual({ ...asked, access_token: accessToken, ...more })
  })

  it('keeps to the 30 characters of a name that Plaid takes', async () => {
    const { body } = await created(
      { products: ['transactions'], additionalProducts: [], days: 1 },
      { clientName: 'x'.repeat(50) },
    )
    expect(body?.client_name).toHaveLength(30)
  })

  it.each(['link_token', 'hosted_link_url', 'expiration'])('gives no link without %s', async (field) => {
    fake.on('/link/token/create', { json: { ...answer, [field]: undefined } })
    const request = { products: ['transactions'], additionalProducts: [], days: 1 } as const
    await expect(plaidOn(fake).plaid.createLink(request)).rejects.toMatchObject({ code: 'PLAID_DOWN' })
  })
})

describe('exchange', () => {
  it('gives the token and the item', async () => {
    fake.on('/item/public_token/exchange', { json: { access_token: 'access-sandbox-9', item_id: 'item9' } })
    const { accessToken: token, itemId } = await plaidOn(fake).plaid.exchange(new Secret('public-sandbox-1'))
    expect([token.open(), itemId]).toEqual(['access-sandbox-9', 'item9'])
    expect(fake.requests.at(-1)?.body).toEqual({ public_token: 'public-sandbox-1' })
  })

  it('says when the login has been waiting too long', async () => {
    fake.on('/item/public_token/exchange', plaidError('INVALID_PUBLIC_TOKEN'))
    await expect(plaidOn(fake).plaid.exchange(new Secret('public-sandbox-1'))).rejects.toMatchObject({
      code: 'PLAID_REJECTED',
      plaidCode: 'INVALID_PUBLIC_TOKEN',
    })
  })
})
