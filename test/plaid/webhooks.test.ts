import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessToken, type Fake, plaidError, plaidOn, startFake } from './fake-plaid.ts'

const kid = '6e2a8f6c-0000-4000-8000-000000000000'
const key = { alg: 'ES256', crv: 'P-256', kid, kty: 'EC', use: 'sig', x: 'x', y: 'y', created_at: 1 }
const url = 'https://tunnel.example/plaid/webhook'

let fake: Fake
beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})

describe('webhookKey', () => {
  it.each([
    [null, null],
    [1_790_000_000, 1_790_000_000],
    ['soon', null],
  ])('is the key as Plaid sent it, ended at %j', async (expired_at, expiredAt) => {
    fake.on('/webhook_verification_key/get', { json: { key: { ...key, expired_at } } })
    const found = await plaidOn(fake).plaid.webhookKey(kid)
    expect(found).toEqual({ jwk: { ...key, expired_at }, expiredAt })
    expect(fake.requests.at(-1)?.body).toMatchObject({ key_id: kid })
  })

  it('says that there is no such key', async () => {
    fake.on('/webhook_verification_key/get', plaidError('INVALID_WEBHOOK_VERIFICATION_KEY_ID'))
    const failure = plaidOn(fake).plaid.webhookKey(kid)
    await expect(failure).rejects.toMatchObject({ plaidCode: 'INVALID_WEBHOOK_VERIFICATION_KEY_ID' })
  })

  it('takes no answer without a key for one', async () => {
    fake.on('/webhook_verification_key/get', { json: { request_id: 'r' } })
    await expect(plaidOn(fake).plaid.webhookKey(kid)).rejects.toMatchObject({ code: 'PLAID_DOWN' })
  })
})

describe('updateWebhook', () => {
  it('tells the address and gives the Item as it is then', async () => {
    fake.on('/item/webhook/update', { json: { item: { item_id: 'i', webhook: url, error: null } } })
    const item = await plaidOn(fake).plaid.updateWebhook('i', url)
    expect(item).toMatchObject({ itemId: 'i', webhook: url, error: null, lastWebhook: null })
    expect(fake.requests.at(-1)?.body).toMatchObject({ access_token: accessToken, webhook: url })
  })
})

describe('createLink', () => {
  it.each(['http://127.0.0.1:8766/done/1', null])(
    'sends the person to %j in the end',
    async (completionUrl) => {
      fake.on('/link/token/create', plaidError('INVALID_FIELD'))
      const { plaid } = plaidOn(fake)
      await plaid
        .createLink({ itemId: 'i', addAccounts: false, addProducts: [], completionUrl })
        .catch(() => undefined)
      const hosted = fake.requests.at(-1)?.body.hosted_link
      expect(hosted).toEqual({
        url_lifetime_seconds: 1800,
        ...(completionUrl === null ? {} : { completion_redirect_uri: completionUrl }),
      })
    },
  )
})
