import { Secret } from '../../src/secret.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Fake, oneAccount, plaidError, plaidOn, type Reply, startFake } from './fake-plaid.ts'

const good: Reply = { json: { accounts: [oneAccount], request_id: 'good' } }
let fake: Fake

beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})
beforeEach(() => {
  fake.requests.length = 0
})

describe('a call that meets trouble', () => {
  it.each<[what: string, reply: Reply, code: string, tries: number]>([
    ['a reset', 'reset', 'PLAID_UNREACHABLE', 3],
    ['half an answer', 'cut', 'PLAID_UNREACHABLE', 3],
    [
      'JSON that ends early',
      { text: '{"accounts":[', headers: { 'content-type': 'application/json' } },
      'PLAID_DOWN',
      3,
    ],
    ['a page with status 200', { text: '<html>hotel wifi</html>' }, 'PLAID_DOWN', 3],
    ['a list for an object', { json: [] }, 'PLAID_DOWN', 3],
    ['an empty answer', { text: '' }, 'PLAID_DOWN', 3],
    ['a gateway page', { status: 502, text: '<html>Bad Gateway</html>' }, 'PLAID_DOWN', 3],
    ['a gateway timeout', { status: 504, text: '' }, 'PLAID_DOWN', 3],
    ['a redirect', { status: 302, text: '', headers: { location: 'http://127.0.0.1:1/' } }, 'PLAID_DOWN', 3],
    ['a request timeout', { status: 408, text: '' }, 'PLAID_DOWN', 3],
    ['a crowd', { status: 429, text: '' }, 'PLAID_RATE_LIMITED', 1],
    ["a fault of Plaid's", plaidError('INTERNAL_SERVER_ERROR', 500), 'PLAID_DOWN', 3],
    ['planned work', plaidError('PLANNED_MAINTENANCE', 503), 'PLAID_DOWN', 1],
    ["Plaid's limit", plaidError('ACCOUNTS_LIMIT', 429), 'PLAID_RATE_LIMITED', 1],
    ['no credits', plaidError('CREDITS_EXHAUSTED', 429), 'PLAID_CREDITS_EXHAUSTED', 1],
    ['a new login', plaidError('ITEM_LOGIN_REQUIRED'), 'ITEM_LOGIN_REQUIRED', 1],
    ['no accounts', plaidError('NO_ACCOUNTS'), 'ITEM_LOGIN_REQUIRED', 1],
    ['no consent', plaidError('ADDITIONAL_CONSENT_REQUIRED'), 'CONSENT_REQUIRED', 1],
    ['a lock at the bank', plaidError('ITEM_LOCKED'), 'BANK_ACTION_REQUIRED', 1],
    ['the end', plaidError('ITEM_NOT_FOUND'), 'CONNECTION_ENDED', 1],
    ['no such product', plaidError('PRODUCTS_NOT_SUPPORTED'), 'PRODUCT_UNAVAILABLE', 1],
    ['not ready', plaidError('PRODUCT_NOT_READY'), 'NOT_READY', 1],
    ['a bank that is down', plaidError('INSTITUTION_DOWN'), 'BANK_DOWN', 1],
    ['wrong keys', plaidError('INVALID_API_KEYS'), 'PLAID_KEYS_REJECTED', 1],
    ['a new code', plaidError('SOMETHING_NEW'), 'PLAID_REJECTED', 1],
  ])('%s', async (_what, reply, code, tries) => {
    const { plaid, reports } = plaidOn(fake)
    fake.on('/accounts/get', reply)

    const error = await plaid.accounts('item1').catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ name: 'CofferError', code, fix: expect.stringMatching(/\.$/) })
    expect(error).not.toHaveProperty('cause')
    expect(fake.requests).toHaveLength(tries)
    expect(reports.map(({ endpoint, itemId }) => [endpoint, itemId])).toEqual(
      Array.from({ length: tries }, () => ['/accounts/get', 'item1']),
    )
  })

  it('is refused at the door', async () => {
    const { plaid } = plaidOn({ url: 'http://127.0.0.1:1' })
    await expect(plaid.accounts('item1')).rejects.toMatchObject({
      code: 'PLAID_UNREACHABLE',
      retryable: true,
    })
  })

  it('goes on when the trouble passes', async () => {
    const { plaid, reports } = plaidOn(fake)
    fake.on('/accounts/get', 'reset', plaidError('INTERNAL_SERVER_ERROR', 500), good)
    await expect(plaid.accounts('item1')).resolves.toHaveLength(1)
    expect(reports.map(({ code, requestId }) => [code, requestId])).toEqual([
      ['PLAID_UNREACHABLE', null],
      ['INTERNAL_SERVER_ERROR', 'req1234567890ab'],
      [null, 'good'],
    ])
  })

  it('asks for the address before each call: it may have moved', async () => {
    await using other = await startFake()
    const places = ['http://127.0.0.1:1', other.url]
    const { plaid } = plaidOn(fake, { baseUrl: async () => places.shift() ?? '' })
    other.on('/accounts/get', good)
    await expect(plaid.accounts('item1')).resolves.toHaveLength(1)
    expect(other.requests).toHaveLength(1)
  })

  it.each<
    [what: string, path: string, call: (plaid: ReturnType<typeof plaidOn>['plaid']) => Promise<unknown>]
  >([
    ['an exchange', '/item/public_token/exchange', (plaid) => plaid.exchange(new Secret('public-sandbox-1'))],
    [
      'a link',
      '/link/token/create',
      (plaid) => plaid.createLink({ itemId: 'i', addAccounts: false, addProducts: [] }),
    ],
    ['a reset of the login', '/sandbox/item/reset_login', (plaid) => plaid.resetLogin('i')],
    ['a billed balance', '/accounts/balance/get', (plaid) => plaid.liveBalances('i')],
  ])('is never repeated for %s', async (_what, path, call) => {
    for (const reply of ['reset', plaidError('INTERNAL_SERVER_ERROR', 500)] as const) {
      fake.on(path, reply)
      await expect(call(plaidOn(fake).plaid)).rejects.toMatchObject({ name: 'CofferError' })
    }
    expect(fake.requests).toHaveLength(2)
  })

  it('ends when the caller gives up, with a code of its own', async () => {
    const { plaid } = plaidOn(fake)
    fake.on('/accounts/get', 'hang')
    const stop = new AbortController()
    const answer = plaid.accounts('item1', stop.signal)
    setTimeout(() => stop.abort(), 20)
    await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(fake.requests.length).toBeLessThanOrEqual(1)
  })

  it('passes on what the vault says', async () => {
    const { CofferError } = await import('../../src/errors.ts')
    const locked = new CofferError('VAULT_LOCKED', 'locked')
    const { plaid } = plaidOn(fake, { tokenOf: () => Promise.reject(locked) })
    await expect(plaid.accounts('item1')).rejects.toBe(locked)
    expect(fake.requests).toHaveLength(0)
  })

  it('does not take a keychain that lets its person think for a slow Plaid', async () => {
    let now = Date.now()
    fake.on('/item/get', { json: { item: {} } })
    const asksFirst = async () => {
      now += 30_000
      return new Secret('access-sandbox-1')
    }
    const { plaid, reports } = plaidOn(fake, { tokenOf: asksFirst, now: () => now })
    await plaid.item('item1')
    expect(reports).toMatchObject([{ endpoint: '/item/get', ms: 0, code: null }])
  })
})
