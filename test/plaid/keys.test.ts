import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import { otherHost } from '../../src/plaid/keys.ts'
import { Secret } from '../../src/secret.ts'
import { type Fake, oneAccount, plaidError, plaidOn, type Reply, startFake } from './fake-plaid.ts'

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

  it('are asked for anew once Plaid has refused them: setup may have put others there', async () => {
    let secret = 'old'
    let asked = 0
    const { plaid } = plaidOn(fake, {
      keys: async () => ({ clientId: 'made-up', secret: new Secret(secret) }),
      onKeysRejected: () => void (asked += 1),
    })
    fake.on('/accounts/get', ({ headers }) =>
      headers['plaid-secret'] === 'new' ? { json: { accounts: [oneAccount] } } : wrong,
    )
    await expect(plaid.accounts('item1')).rejects.toMatchObject({ code: 'PLAID_KEYS_REJECTED' })
    secret = 'new'
    expect(await plaid.accounts('item1')).toHaveLength(1)
    expect(asked).toBe(1)
  })

  it('are not sent, and no token is opened, while they cannot be had', async () => {
    fake.requests.length = 0
    const locked = new CofferError('VAULT_LOCKED', 'The keychain did not answer within 3 s.')
    const tokenOf = vi.fn<() => Promise<Secret>>()
    const { plaid } = plaidOn(fake, { keys: () => Promise.reject(locked), tokenOf })
    for (let i = 0; i < 20; i++) await expect(plaid.accounts('item1')).rejects.toBe(locked)
    expect([fake.requests.length, tokenOf.mock.calls.length]).toEqual([0, 0])
  })
})
