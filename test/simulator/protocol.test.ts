import { request } from 'node:http'
import { Products } from 'plaid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPlaid, type Plaid } from './harness.ts'

let plaid: Plaid
beforeAll(async () => {
  plaid = await openPlaid()
})
afterAll(async () => plaid[Symbol.asyncDispose]())

async function send(path: string, init: RequestInit) {
  const response = await fetch(plaid.url + path, init)
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as unknown }
}

const json = { 'content-type': 'application/json' }

describe('what the API takes', () => {
  it.each([
    ['GET', '/item/get'],
    ['PUT', '/item/get'],
    ['POST', '/item/import'],
    ['POST', '/'],
    ['POST', '/link/token'],
  ])('%s %s is not found', async (method, path) => {
    const { status, body } = await send(path, { method, headers: { ...json, ...plaid.headers } })
    expect(status).toBe(404)
    expect(body).toMatchObject({ error_type: 'INVALID_REQUEST', error_code: 'NOT_FOUND' })
  })

  it.each([
    ['half an object', '{"a":', json],
    ['nothing', '', json],
    ['a list', '[]', json],
    ['a word', '"x"', json],
    ['a form', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['JSON that does not say so', '{}', { 'content-type': 'text/plain' }],
    ['more than a megabyte', JSON.stringify({ a: 'x'.repeat(1_100_000) }), json],
  ])('%s is no body', async (_, body, headers) => {
    const answer = await send('/item/get', {
      method: 'POST',
      body,
      headers: { ...headers, ...plaid.headers },
    })
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'INVALID_BODY' } })
  })

  it.each([
    ['client_name twice wrong', { client_name: 7 }, 'MISSING_FIELDS', 'language'],
    ['an unknown key beside a missing one', { nmae: 'x' }, 'UNKNOWN_FIELDS', 'nmae'],
    ['an unknown key inside', { user: { client_user_id: 'a', id: 1 } }, 'UNKNOWN_FIELDS', 'user.id'],
  ])('names the field: %s', async (_, body, code, field) => {
    const answer = await plaid.call('/link/token/create', body)
    expect(answer.body.error_code).toBe(code)
    expect(answer.body.error_message).toContain(field)
  })
})

describe('who is let in', () => {
  const body = { key_id: 'x' }
  const asked = (sent: object, headers: Record<string, string>) =>
    send('/webhook_verification_key/get', {
      method: 'POST',
      headers: { ...json, ...headers },
      body: JSON.stringify(sent),
    })
  const right = () => ({ client_id: plaid.simulator.clientId, secret: plaid.simulator.secret })

  it('takes the keys from the body or from the headers', async () => {
    const welcome = { body: { error_code: 'INVALID_WEBHOOK_VERIFICATION_KEY_ID' } }
    expect(await asked({ ...body, ...right() }, {})).toMatchObject(welcome)
    expect(await asked(body, plaid.headers)).toMatchObject(welcome)
  })

  it.each([
    ['no keys', {}],
    ['a wrong secret', { secret: 'guess' }],
    ['a wrong client', { client_id: 'guess' }],
    ['no text', { secret: 1 }],
  ])('refuses %s', async (name, wrong) => {
    const answer = await asked({ ...body, ...(name === 'no keys' ? {} : right()), ...wrong }, {})
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'INVALID_API_KEYS' } })
  })

  it('refuses a request under a name that is not this machine', async () => {
    const { port } = plaid.simulator
    const status = await new Promise((resolve) => {
      request({ port, method: 'POST', path: '/item/get', headers: { host: 'bank.example' } }, (response) =>
        resolve(response.resume().statusCode),
      ).end()
    })
    expect(status).toBe(403)
  })
})

describe('what every answer is', () => {
  it('pretty JSON with a request_id and the API version', async () => {
    const answer = await send('/categories/get', { method: 'POST', headers: json, body: '{}' })
    expect(answer.text).toBe(JSON.stringify(answer.body, null, 2))
    expect(answer.body).toMatchObject({ request_id: expect.stringMatching(/^[0-9A-Za-z]{15}$/) })
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('plaid-version')).toBe('2020-09-14')
  })

  it('never the same request_id twice', async () => {
    const calls = Array.from({ length: 20 }, () => plaid.call('/item/get'))
    const ids = (await Promise.all(calls)).map(({ body }) => body.request_id)
    expect(new Set(ids).size).toBe(20)
  })
})

describe('tokens', () => {
  const uuid = '0b0e9b36-0000-4000-a000-000000000000'

  it.each([
    ['nonsense', 'invalid format'],
    [`link-sandbox-${uuid}`, 'invalid format'],
    [`access-development-${uuid}`, 'invalid format'],
    [`access-sandbox-${uuid.toUpperCase()}`, 'invalid format'],
    [`access-production-${uuid}`, 'wrong Plaid environment'],
    [`access-sandbox-${uuid}`, 'could not find matching access token'],
  ])('%s: %s', async (access_token, words) => {
    const { body } = await plaid.call('/item/get', { access_token })
    expect(body.error_code).toBe('INVALID_ACCESS_TOKEN')
    expect(body.error_message).toContain(words)
  })
})

it('gives nothing of the sandbox in production, where tokens say so', async () => {
  await using production = await openPlaid({ environment: 'production' })
  const sent = { institution_id: 'ins_109508', initial_products: ['transactions'] }
  expect(await production.codeOf('/sandbox/public_token/create', sent)).toBe('SANDBOX_ONLY')
  const { token } = await production.createLink({ products: [Products.Transactions] })
  expect(token).toMatch(/^link-production-/)
})
