import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessToken, type Fake, plaidOn, startFake } from './fake-plaid.ts'

let fake: Fake
beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})

const healthy = {
  item_id: 'Ed6bjNrDLJfGvZWwnkQlfxwoNz54B5C97ejBr',
  institution_id: 'ins_109508',
  institution_name: 'First Platypus Bank',
  webhook: '',
  error: null,
  available_products: ['balance', 'identity'],
  billed_products: ['transactions'],
  products: ['transactions', 'investments'],
  consented_products: ['liabilities'],
  consent_expiration_time: '2027-01-01T00:00:00Z',
  update_type: 'background',
}
const status = {
  transactions: { last_successful_update: '2026-11-20T04:00:00.5Z', last_failed_update: null },
  investments: { last_successful_update: '2026-11-19T22:00:00Z' },
  last_webhook: { sent_at: '2026-11-20T04:01:00Z', code_sent: 'DEFAULT_UPDATE' },
}

async function itemFrom(json: object) {
  fake.on('/item/get', { json: { request_id: 'r', ...json } })
  return await plaidOn(fake).plaid.item('item1')
}

describe('item', () => {
  it('is in our words', async () => {
    expect(await itemFrom({ item: healthy, status })).toEqual({
      itemId: 'Ed6bjNrDLJfGvZWwnkQlfxwoNz54B5C97ejBr',
      institutionId: 'ins_109508',
      institution: 'First Platypus Bank',
      error: null,
      products: ['transactions', 'investments'],
      consentedProducts: ['liabilities'],
      consentExpirationTime: '2027-01-01T00:00:00.000Z',
      lastUpdate: '2026-11-19T22:00:00.000Z',
      webhook: null,
      lastWebhook: { code: 'DEFAULT_UPDATE', sentAt: '2026-11-20T04:01:00.000Z' },
    })
  })

  it.each([
    [{ error_code: 'ITEM_LOGIN_REQUIRED', error_message: 'x' }, 'ITEM_LOGIN_REQUIRED'],
    [{ error_code: 'CODE_OF_NEXT_YEAR' }, 'CODE_OF_NEXT_YEAR'],
    [{ error_code: 'no code at all' }, 'UNKNOWN'],
    [{}, 'UNKNOWN'],
    ['boom', 'UNKNOWN'],
    [['ITEM_LOGIN_REQUIRED'], 'UNKNOWN'],
    [true, 'UNKNOWN'],
    [undefined, null],
    [null, null],
  ])('answers with its error: %j', async (error, code) => {
    expect(await itemFrom({ item: { ...healthy, error } })).toMatchObject({ error: code })
  })

  it.each([
    undefined,
    null,
    'x',
    { transactions: null, last_webhook: null },
    { transactions: { last_successful_update: 'soon' } },
  ])('has no age when Plaid gives none: %j', async (noStatus) => {
    expect(await itemFrom({ item: healthy, status: noStatus })).toMatchObject({ lastUpdate: null })
  })

  it('falls back to the billed products, and leaves out what are no words', async () => {
    const item = {
      ...healthy,
      products: undefined,
      consented_products: ['auth', 7, '<b>'],
    }
    expect(await itemFrom({ item })).toMatchObject({
      products: ['transactions'],
      consentedProducts: ['auth'],
    })
  })

  it('is not made up when the answer has none', async () => {
    await expect(itemFrom({ item: null })).rejects.toMatchObject({ code: 'PLAID_DOWN' })
  })

  it('is asked with the stored token', async () => {
    fake.on('/item/get', { json: { item: healthy } })
    const { plaid } = plaidOn(fake)
    await plaid.item('item1')
    expect(fake.requests.at(-1)?.body).toEqual({ access_token: accessToken })
  })

  it('can be made to need a login', async () => {
    fake.on('/sandbox/item/reset_login', { json: { reset_login: true } })
    await expect(plaidOn(fake).plaid.resetLogin('item1')).resolves.toBeUndefined()
    expect(fake.requests.at(-1)?.body).toEqual({ access_token: accessToken })
  })
})
