import { Products } from 'plaid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hour, linkRequest, minute, openPlaid, type Plaid, start } from '../harness.ts'

let plaid: Plaid
beforeAll(async () => {
  plaid = await openPlaid()
})
afterAll(async () => plaid[Symbol.asyncDispose]())

const products = [Products.Transactions]
const { hosted_link: _, ...unhosted } = linkRequest

describe('/link/token/create', () => {
  it.each([
    ['no products', {}, 'MISSING_FIELDS'],
    ['balance as a product', { products: ['balance'] }, 'INVALID_FIELD'],
    ['a product that is none', { products: ['coffee'] }, 'INVALID_FIELD'],
    ['a product that the team lacks', { products: ['statements'] }, 'INVALID_PRODUCT'],
    ['a name that is too long', { products, client_name: 'x'.repeat(31) }, 'INVALID_FIELD'],
    ['no user', { products, user: undefined }, 'MISSING_FIELDS'],
    ['an empty user id', { products, user: { client_user_id: '' } }, 'INVALID_FIELD'],
    ['no country', { products, country_codes: [] }, 'INVALID_FIELD'],
    ['a webhook that is no URL', { products, webhook: 'somewhere' }, 'INVALID_FIELD'],
    ['731 days', { products, transactions: { days_requested: 731 } }, 'INVALID_FIELD'],
    ['a URL for 22 days', { products, hosted_link: { url_lifetime_seconds: 22 * 86_400 } }, 'INVALID_FIELD'],
    ['an unknown key', { products, webhok: 'x' }, 'UNKNOWN_FIELDS'],
    ['an access token of nobody', { access_token: 'access-sandbox-x' }, 'INVALID_ACCESS_TOKEN'],
  ])('refuses %s', async (_, fields, code) => {
    expect(await plaid.codeOf('/link/token/create', { ...linkRequest, ...fields })).toBe(code)
  })

  it('takes products or an access token, not both', async () => {
    const { access_token } = await plaid.connect()
    expect(await plaid.codeOf('/link/token/create', { ...linkRequest, access_token })).toBe('OK')
    expect(await plaid.codeOf('/link/token/create', { ...linkRequest, access_token, products })).toBe(
      'INVALID_FIELD',
    )
  })

  it('refuses to update an Item whose permission was revoked', async () => {
    const { access_token, item_id } = await plaid.connect()
    plaid.controls.revoke(item_id)
    const code = await plaid.codeOf('/link/token/create', { ...linkRequest, access_token })
    expect(code).toBe('USER_PERMISSION_REVOKED')
  })

  it('gives a hosted URL of its own only when that is asked for', async () => {
    const { data } = await plaid.sdk.linkTokenCreate({ ...unhosted, products })
    expect(data).not.toHaveProperty('hosted_link_url')
    const { url } = await plaid.createLink({ products })
    expect(url).toMatch(new RegExp(`^${plaid.url}/link/[0-9A-Za-z]{37}$`))
  })

  it.each([
    ['4 hours for a new Item', unhosted, 4 * hour],
    ['30 minutes hosted', linkRequest, 30 * minute],
    ['as asked when hosted', { ...linkRequest, hosted_link: { url_lifetime_seconds: 7_200 } }, 2 * hour],
  ])('lives %s', async (_, request, lifetime) => {
    const { data } = await plaid.sdk.linkTokenCreate({ ...request, products })
    expect(Date.parse(data.expiration)).toBe(start + lifetime)
  })

  it.each([
    ['hosted', { hosted_link: { url_lifetime_seconds: 7_200 } }],
    ['hosted, shorter as asked', { hosted_link: { url_lifetime_seconds: 60 } }],
    ['not hosted', {}],
  ])('lives 30 minutes at most in update mode: %s', async (name, fields) => {
    const { access_token } = await plaid.connect()
    const { data } = await plaid.sdk.linkTokenCreate({ ...unhosted, ...fields, access_token })
    const lifetime = name.includes('shorter') ? minute : 30 * minute
    expect(Date.parse(data.expiration)).toBe(start + lifetime)
  })
})

describe('/link/token/get', () => {
  it('tells what the link was made with, and of no session before one is opened', async () => {
    const webhook = 'https://example.com/hook'
    const { token } = await plaid.createLink({ products, webhook, redirect_uri: 'https://example.com/back' })
    const { data } = await plaid.sdk.linkTokenGet({ link_token: token })
    expect(data).not.toHaveProperty('link_sessions')
    expect(data.metadata).toMatchObject({
      initial_products: ['transactions'],
      webhook,
      redirect_uri: 'https://example.com/back',
      client_name: 'Coffer',
      country_codes: ['US'],
      language: 'en',
    })
    expect(data.created_at).toBe('2026-03-10T12:00:00Z')
  })

  it('knows a link for six hours after its end, and no longer', async () => {
    await using own = await openPlaid()
    const { token } = await own.createLink({ products })
    own.controls.advance(30 * minute + 6 * hour - 1)
    expect(await own.codeOf('/link/token/get', { link_token: token })).toBe('OK')
    own.controls.advance(1)
    expect(await own.codeOf('/link/token/get', { link_token: token })).toBe('INVALID_LINK_TOKEN')
  })
})
