import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../src/plaid/client.ts'
import { Secret } from '../../src/secret.ts'
import { apiSecret, clientId, type Fake, oneAccount, plaidOn, startFake } from './fake-plaid.ts'

const never = new AbortController().signal
const client = createClient({ environment: 'sandbox' })
const keys = { clientId, secret: new Secret(apiSecret) }

let fake: Fake
beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})

function itemGet({ ms = 10_000, signal = never, baseUrl = fake.url } = {}) {
  return client((sdk, options) => sdk.itemGet({ access_token: 'access-sandbox-1' }, options), {
    keys,
    baseUrl,
    ms,
    signal,
  })
}

describe('createClient', () => {
  it('sends the keys in headers, and the version of the API that it was written for', async () => {
    fake.on('/item/get', { json: { item: {} } })
    expect(await itemGet({ baseUrl: `${fake.url}/` })).toEqual({ answer: { item: {} } })
    expect(fake.requests.at(-1)).toMatchObject({
      path: '/item/get',
      headers: { 'plaid-client-id': clientId, 'plaid-secret': apiSecret, 'plaid-version': '2020-09-14' },
    })
  })

  it.each(['hang', 'trickle'] as const)(
    'ends a call by the clock, whatever still comes in: %s',
    async (trouble) => {
      fake.on('/item/get', trouble)
      expect(await itemGet({ ms: 80 })).toMatchObject({
        failure: { error: { code: 'PLAID_UNREACHABLE', retryable: true }, hostDown: true, passing: false },
      })
    },
  )

  it('ends a call that is called off while the answer comes in', async () => {
    fake.on('/item/get', 'trickle')
    expect(await itemGet({ signal: AbortSignal.timeout(30) })).toMatchObject({
      failure: { error: { code: 'CANCELLED' } },
    })
  })

  it('follows no redirect: it would carry the keys along', async () => {
    await using elsewhere = await startFake()
    fake.on('/item/get', { status: 307, text: '', headers: { location: `${elsewhere.url}/item/get` } })
    expect(await itemGet()).toMatchObject({ failure: { error: { code: 'PLAID_DOWN' } } })
    expect(elsewhere.requests).toHaveLength(0)
  })

  it('takes no answer over 20 MiB', async () => {
    fake.on('/item/get', { json: { item: 'x'.repeat(21 * 1024 * 1024) } })
    expect(await itemGet()).toMatchObject({ failure: { error: { code: 'PLAID_UNREACHABLE' } } })
  })

  it('does not hand plain http to a proxy of the environment', async () => {
    await using proxy = await startFake()
    process.env.http_proxy = proxy.url
    fake.on('/item/get', { json: { item: {} } })
    expect(await itemGet()).toEqual({ answer: { item: {} } })
    delete process.env.http_proxy
    expect(proxy.requests).toHaveLength(0)
  })
})

describe('the SDK', () => {
  it('is loaded by the first call, not before', async () => {
    const script = `
      import { createRequire, registerHooks } from 'node:module'
      const loaded = []
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
      const { createPlaid } = await import('./src/plaid/index.ts')
      const { Secret } = await import('./src/secret.ts')
      const plaid = createPlaid({
        keys: async () => ({ clientId: 'c', secret: new Secret('s') }), environment: 'sandbox', baseUrl: async () => 'http://127.0.0.1:1',
        tokenOf: async () => new Secret('t'), budget: { take: async () => 0 }, now: Date.now, random: () => 0,
      })
      const sdk = () => loaded.some((url) => /node_modules\\/(plaid|axios)\\//.test(url))
      const before = sdk()
      const error = await plaid.accounts('i').catch((error) => error)
      console.log(JSON.stringify({ before, after: sdk(), code: error.code }))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(import.meta.dirname, '../..'),
    })
    expect(JSON.parse(stdout)).toEqual({ before: false, after: true, code: 'PLAID_UNREACHABLE' })
  })
})

describe('calls at the same time', () => {
  it('are one call when they ask the same, billed or not', async () => {
    const { plaid } = plaidOn(fake)
    for (const path of ['/accounts/get', '/accounts/balance/get'])
      fake.on(path, { json: { accounts: [oneAccount] } })
    fake.requests.length = 0
    const asked = [1, 2, 3].flatMap(() => [plaid.accounts('i'), plaid.liveBalances('i')])
    await Promise.all(asked)
    expect(fake.requests.map(({ path }) => path).sort()).toEqual(['/accounts/balance/get', '/accounts/get'])
  })

  it('are two links when two people connect a bank', async () => {
    const { plaid } = plaidOn(fake)
    fake.on('/link/token/create', {
      json: { link_token: 'l', hosted_link_url: 'http://127.0.0.1/', expiration: '2026-01-01T00:00:00Z' },
    })
    fake.requests.length = 0
    const request = { products: ['transactions'], additionalProducts: [], days: 730 } as const
    await Promise.all([plaid.createLink(request), plaid.createLink(request)])
    expect(fake.requests).toHaveLength(2)
  })

  it('go one after the other for one item and endpoint, and side by side for two items', async () => {
    const { plaid } = plaidOn(fake)
    let inFlight = 0
    let most = 0
    fake.on('/transactions/get', async () => {
      inFlight += 1
      most = Math.max(most, inFlight)
      await new Promise((resolve) => setTimeout(resolve, 10))
      inFlight -= 1
      return { json: { transactions: [], total_transactions: 0 } }
    })
    const days = ['2026-01-01', '2026-01-02', '2026-01-03']
    await Promise.all(days.map((day) => plaid.transactions('i', day, day)))
    expect(most).toBe(1)
    await Promise.all(['i', 'j', 'k'].map((item) => plaid.transactions(item, '2026-01-01', '2026-01-01')))
    expect(most).toBe(3)
  })
})
