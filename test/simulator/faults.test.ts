import { setTimeout as sleep } from 'node:timers/promises'
import { Products } from 'plaid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bank, type Connected, openPlaid, type Plaid } from './harness.ts'

let plaid: Plaid
let item: Connected

beforeEach(async () => {
  plaid = await openPlaid()
  item = await plaid.connect()
})
afterEach(async () => plaid[Symbol.asyncDispose]())

const path = '/item/get'
const body = () => ({ access_token: item.access_token })

function post(signal?: AbortSignal) {
  return fetch(plaid.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...plaid.headers },
    body: JSON.stringify(body()),
    ...(signal !== undefined && { signal }),
  })
}

describe('the next call', () => {
  it.each([
    ['INSTITUTION_DOWN', 400, 'INSTITUTION_ERROR'],
    ['INTERNAL_SERVER_ERROR', 500, 'API_ERROR'],
    ['PLANNED_MAINTENANCE', 503, 'API_ERROR'],
    ['ITEM_GET_LIMIT', 429, 'RATE_LIMIT_EXCEEDED'],
    ['INVALID_USER_IDENTITY_DATA', 403, 'USER_ERROR'],
  ] as const)('fails with %s, once', async (code, status, type) => {
    plaid.controls.failNext(path, { kind: 'error', code })
    expect(await plaid.call(path, body())).toMatchObject({
      status,
      body: { error_type: type, error_code: code, request_id: expect.any(String) },
    })
    expect(await plaid.codeOf(path, body())).toBe('OK')
  })

  it("gets a proxy's page", async () => {
    plaid.controls.failNext(path, { kind: 'html', status: 502 })
    const response = await post()
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html'])
    expect(await response.text()).toContain('<h1>502</h1>')
  })

  it('is cut off', async () => {
    plaid.controls.failNext(path, { kind: 'reset' })
    await expect(post()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
  })

  it('hangs until the caller gives up', async () => {
    plaid.controls.failNext(path, { kind: 'hang' })
    await expect(post(AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('gets half of its JSON', async () => {
    plaid.controls.failNext(path, { kind: 'truncated' })
    const text = await (await post()).text()
    expect(text).toMatch(/^\{/)
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
  })

  it('comes later than the caller waits', async () => {
    plaid.controls.failNext(path, { kind: 'slow', ms: 60_000 })
    await expect(post(AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it.each([{ kind: 'slow', ms: 5 } as const, { kind: 'drip', ms: 1 } as const])(
    'comes whole after %j',
    async (fault) => {
      plaid.controls.failNext(path, fault)
      expect(await plaid.codeOf(path, body())).toBe('OK')
    },
  )
})

describe('which call', () => {
  it('as many as were asked for', async () => {
    plaid.controls.failNext(path, { kind: 'error', code: 'INSTITUTION_DOWN' }, { times: 2 })
    const codes = []
    for (let n = 0; n < 3; n++) codes.push(await plaid.codeOf(path, body()))
    expect(codes).toEqual(['INSTITUTION_DOWN', 'INSTITUTION_DOWN', 'OK'])
  })

  it('only of that path, and only for that Item', async () => {
    const other = await plaid.connect()
    plaid.controls.failNext(path, { kind: 'error', code: 'INSTITUTION_DOWN' }, { itemId: other.item_id })
    expect(await plaid.codeOf('/accounts/get', { access_token: other.access_token })).toBe('OK')
    expect(await plaid.codeOf(path, body())).toBe('OK')
    expect(await plaid.codeOf(path, { access_token: other.access_token })).toBe('INSTITUTION_DOWN')
  })
})

it('can lose the answer of a call that was done', async () => {
  const { data } = await plaid.sdk.sandboxPublicTokenCreate({
    institution_id: bank,
    initial_products: [Products.Transactions],
  })
  plaid.controls.failNext('/item/public_token/exchange', { kind: 'reset', after: true })
  await expect(plaid.exchange(data.public_token)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(plaid.controls.items().map(({ accessToken }) => accessToken !== null)).toEqual([true, true])
})

it('closes at once, whoever still waits', async () => {
  plaid.controls.failNext(path, { kind: 'hang' })
  const waiting = post().catch((error: unknown) => error)
  await sleep(20)
  await plaid.simulator.close()
  expect(await waiting).toBeInstanceOf(Error)
})
