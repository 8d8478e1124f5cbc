import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { otherHost } from '../../src/plaid/keys.ts'
import { type Fake, plaidError, plaidOn, type Reply, startFake } from './fake-plaid.ts'

const path = '/institutions/get_by_id'
const good: Reply = { json: { institution: {}, request_id: 'r' } }
const wrong = plaidError('INVALID_API_KEYS')

let fake: Fake
let other: Fake
beforeAll(async () => {
  fake = await startFake()
  other = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

describe('otherHost', () => {
  it.each([
    ['https://sandbox.plaid.com', 'sandbox', 'https://production.plaid.com'],
    ['https://production.plaid.com', 'production', 'https://sandbox.plaid.com'],
    ['http://127.0.0.1:4000', 'sandbox', null],
    ['https://evilplaid.com', 'sandbox', null],
    ['https://plaid.com.example', 'sandbox', null],
  ] as const)('of %s in %s is %s', (baseUrl, environment, other) => {
    expect(otherHost(baseUrl, environment)).toBe(other)
  })
})

describe('checkKeys', () => {
  it('asks one free question', async () => {
    fake.on(path, good)
    expect(await plaidOn(fake).plaid.checkKeys()).toEqual({ ok: true, fits: 'sandbox' })
    expect(fake.requests.map(({ body }) => body)).toEqual([
      { institution_id: 'ins_109508', country_codes: ['US'] },
    ])
  })

  it('takes a refusal of the bank as proof of the keys', async () => {
    fake.on(path, plaidError('INVALID_INSTITUTION'))
    expect(await plaidOn(fake).plaid.checkKeys()).toMatchObject({ ok: true })
  })

  it.each<[what: string, there: Reply, fits: string | null]>([
    ['fit there', good, 'production'],
    ['fit nowhere', wrong, null],
    ['cannot be tried there', 'reset', null],
  ])('tries rejected keys in the other environment: they %s', async (_what, there, fits) => {
    fake.on(path, wrong)
    other.on(path, there)
    const { plaid } = plaidOn(fake, { otherEnvironmentUrl: other.url })
    expect(await plaid.checkKeys()).toEqual({ ok: false, fits })
  })

  it('shows keys to nobody else where Plaid is a simulator', async () => {
    fake.on(path, wrong)
    expect(await plaidOn(fake).plaid.checkKeys()).toEqual({ ok: false, fits: null })
  })

  it('does not call keys bad because Plaid is away', async () => {
    await expect(plaidOn({ url: 'http://127.0.0.1:1' }).plaid.checkKeys()).rejects.toMatchObject({
      code: 'PLAID_UNREACHABLE',
    })
  })

  it('names the environment wherever keys are rejected', async () => {
    fake.on('/accounts/get', wrong)
    const { plaid } = plaidOn(fake, { environment: 'production' })
    await expect(plaid.accounts('item1')).rejects.toMatchObject({
      code: 'PLAID_KEYS_REJECTED',
      message: expect.stringContaining('production'),
      fix: expect.stringContaining('PLAID_ENV'),
    })
  })

  it('says which environment rejected keys fit, and finds that out once', async () => {
    fake.on('/accounts/get', wrong)
    other.on(path, good)
    const { plaid } = plaidOn(fake, { otherEnvironmentUrl: other.url })
    const advice = {
      code: 'PLAID_KEYS_REJECTED',
      message: "The secret is that of Plaid's production environment, and PLAID_ENV is sandbox.",
      fix: 'Set PLAID_ENV=production, or PLAID_SECRET to the secret of sandbox.',
    }
    const before = other.requests.length
    await expect(plaid.accounts('item1')).rejects.toMatchObject(advice)
    await expect(plaid.accounts('item2')).rejects.toMatchObject(advice)
    expect(other.requests.length - before).toBe(1)
  })
})
