import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isCofferError } from '../../src/errors.ts'
import { silentLog } from '../../src/log.ts'
import type { WebhookKey } from '../../src/plaid/operations.ts'
import { startListener } from '../../src/webhook/index.ts'
import { answerToChallenge, challengeAnswerHeader, challengeHeader } from '../../src/webhook-challenge.ts'
import { until } from '../support/until.ts'
import { bytesOf, keyEndpoint, listening, type Sending, storeWithItem, unknownKey } from './listening.ts'
import { newKey, signed } from './signing.ts'

const repaired = {
  webhook_type: 'ITEM',
  webhook_code: 'LOGIN_REPAIRED',
  item_id: 'item-1',
  environment: 'sandbox',
}
const big = 'x'.repeat(64 * 1024)

describe('a webhook of Plaid', () => {
  it('is stored and answered with 200', async () => {
    const plaid = await listening()
    const iat = Math.floor(Date.now() / 1000) - 5
    expect(await plaid.post(repaired, { iat })).toMatchObject({ status: 200, body: 'ok' })
    expect(await plaid.pending()).toMatchObject([
      { itemId: 'item-1', event: { type: 'login_repaired' }, sentAt: new Date(iat * 1000).toISOString() },
    ])
    expect(plaid.stored()).toBe(1)
  })

  it.each<[string, Sending]>([
    ['minified', {}],
    ['in chunks', { chunked: true }],
    ['with a charset', { headers: { 'content-type': 'application/json; charset=UTF-8' } }],
    ['in no encoding, said', { headers: { 'content-encoding': 'identity' } }],
    ['by the name localhost', { headers: { host: 'localhost:8765' } }],
    ['by the IPv6 name of this machine', { headers: { host: '[::1]:8765' } }],
    ['by the public name', { headers: { host: 'Tunnel.Example' } }],
    ['with a query that the owner put into the URL', { path: '/plaid/webhook?from=plaid' }],
  ])('may come %s', async (_how, sending) => {
    const plaid = await listening({ webhookUrl: 'https://tunnel.example/plaid/webhook' })
    expect((await plaid.post(JSON.stringify(repaired), sending)).status).toBe(200)
    expect(await plaid.pending()).toHaveLength(1)
  })

  it('is stored once however often it comes, and answered with 200 each time', async () => {
    const plaid = await listening()
    const iat = Math.floor(Date.now() / 1000)
    const answers = await Promise.all([1, 2, 3].map(() => plaid.post(repaired, { iat })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await plaid.pending()).toHaveLength(1)
    await plaid.post(repaired, { iat: iat - 1 })
    expect(await plaid.pending()).toHaveLength(2)
  })

  it.each([
    ['of an Item that is not ours', { ...repaired, item_id: 'item-2' }, 'unknown_item'],
    ['of the other environment', { ...repaired, environment: 'production' }, 'other_environment'],
    ['of a kind not known', { ...repaired, webhook_code: 'NEWS' }, 'unknown'],
    ['of no use', { ...repaired, webhook_type: 'AUTH', webhook_code: 'DEFAULT_UPDATE' }, 'ignored'],
    ['without its Item', { ...repaired, item_id: null }, 'malformed'],
    ['that is a list', [repaired], 'malformed'],
    ['that is no JSON', '{"webhook_type": NaN}', 'malformed'],
    ['that begins with a BOM', `\uFEFF${JSON.stringify(repaired)}`, 'malformed'],
    [
      'that is no UTF-8',
      Buffer.from(`{"x":"\xff",${JSON.stringify(repaired).slice(1)}`, 'latin1'),
      'malformed',
    ],
    ['that is deeper than any stack', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'malformed'],
    ['that is empty', '', 'malformed'],
  ])('%s is answered with 200 and dropped', async (_what, body, why) => {
    const plaid = await listening()
    expect((await plaid.post(body)).status).toBe(200)
    expect(await plaid.pending()).toEqual([])
    expect(plaid.lines).toMatchObject([{ level: 'info', event: 'webhook.dropped', fields: { why } }])
  })

  it('of an Item that is connected in the other environment is dropped', async () => {
    const plaid = await listening({ environment: 'production' })
    expect((await plaid.post({ ...repaired, environment: 'production' })).status).toBe(200)
    expect(await plaid.pending()).toEqual([])
  })

  it('that hides names in its prototype says no more than what it says', async () => {
    const plaid = await listening()
    await plaid.post(`{"__proto__": ${JSON.stringify(repaired)}}`)
    expect(await plaid.pending()).toEqual([])
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('what is no webhook', () => {
  it.each<[string, number, Sending]>([
    ['another path', 404, { path: '/' }],
    ['another spelling of the path', 404, { path: '/plaid/%77ebhook' }],
    ['a detour to the path', 404, { path: '/x/../plaid/webhook' }],
    ['a slash more', 404, { path: '/plaid/webhook/' }],
    ['a whole URL as its path', 404, { path: 'http://127.0.0.1/plaid/webhook' }],
    ['another method', 405, { method: 'PUT' }],
    ['a GET', 405, { method: 'GET' }],
    ['a HEAD', 405, { method: 'HEAD' }],
    ['the question of a browser', 405, { method: 'OPTIONS' }],
    ['another Host', 403, { headers: { host: 'evil.example' } }],
    ['a Host that only begins like ours', 403, { headers: { host: '127.0.0.1.evil.example' } }],
    ['a Host that is another number', 403, { headers: { host: '0.0.0.0' } }],
    ['a Host that is none', 400, { headers: { host: 'a b' } }],
    ['no Host', 400, { headers: { host: null } }],
    ['two Hosts', 403, { headers: { host: ['127.0.0.1', 'evil.example'] } }],
    ['a web page', 403, { headers: { origin: 'https://evil.example' } }],
    ['a web page without a name', 403, { headers: { origin: 'null' } }],
    ['no type', 415, { headers: { 'content-type': null } }],
    ['text', 415, { headers: { 'content-type': 'text/plain' } }],
    ['a type beside ours', 415, { headers: { 'content-type': 'application/json, text/plain' } }],
    ['another charset', 415, { headers: { 'content-type': 'application/json; charset=utf-16' } }],
    ['packed', 415, { headers: { 'content-encoding': 'gzip' } }],
    ['packed twice in nothing', 415, { headers: { 'content-encoding': ['identity', 'identity'] } }],
    ['no proof', 401, { headers: { 'plaid-verification': null } }],
    ['an empty proof', 401, { headers: { 'plaid-verification': '' } }],
    ['two proofs', 401, { headers: { 'plaid-verification': ['a.b.c', 'a.b.c'] } }],
  ])('%s: %i %j', async (_what, status, sending) => {
    const plaid = await listening({ webhookUrl: 'https://tunnel.example/plaid/webhook' })
    expect((await plaid.post(repaired, sending)).status).toBe(status)
    expect(await plaid.pending()).toEqual([])
    expect(plaid.endpoint.asked).toEqual([])
  })

  it('a method that is not ours is told which is', async () => {
    const plaid = await listening()
    expect((await plaid.post(repaired, { method: 'PATCH' })).headers.allow).toBe('POST')
  })

  it('two good proofs are none', async () => {
    const plaid = await listening()
    const { headers } = await plaid.post(repaired)
    expect(headers).not.toHaveProperty('server')
    const one = plaid.sign(repaired)
    const answer = await plaid.post(repaired, { headers: { 'plaid-verification': [one, one] } })
    expect(answer.status).toBe(401)
  })
})

describe('the size of a body', () => {
  const about = JSON.stringify({ ...repaired, padding: '' })
  const padded = (bytes: number) => about.replace('""', `"${'x'.repeat(bytes - about.length)}"`)

  it.each([[false], [true]])('may be 64 KiB, chunked: %j', async (chunked) => {
    const plaid = await listening()
    expect((await plaid.post(padded(64 * 1024), { chunked })).status).toBe(200)
  })

  it.each([[false], [true]])('may not be a byte more, chunked: %j', async (chunked) => {
    const plaid = await listening()
    expect((await plaid.post(padded(64 * 1024 + 1), { chunked })).status).toBe(413)
    expect(await plaid.pending()).toEqual([])
  })

  it('is refused as soon as it is told, before any of it came', async () => {
    const plaid = await listening()
    const head = 'POST /plaid/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    expect(await spoken(plaid.port, `${head}Content-Length: 65537\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /)
  })

  it('is refused in the middle of a stream that has no end', async () => {
    const plaid = await listening()
    const head = 'POST /plaid/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    const chunk = `10000\r\n${big}\r\n`
    expect(await spoken(plaid.port, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`)).toMatch(
      /^HTTP\/1.1 413 /,
    )
  })

  it('is not read to its end: the line is cut soon after the refusal', async () => {
    const plaid = await listening()
    const head = 'POST /plaid/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    const socket = connect(plaid.port, '127.0.0.1').on('error', () => undefined)
    socket.resume().write(`${head}Transfer-Encoding: chunked\r\n\r\n`)
    const closed = new Promise((resolve) => socket.once('close', () => resolve('closed')))
    const pour = () => {
      while (!socket.destroyed && socket.write(`10000\r\n${big}\r\n`));
    }
    socket.on('drain', pour)
    pour()
    expect(await closed).toBe('closed')
    expect(socket.bytesWritten).toBeLessThan(20 * 1024 * 1024)
  })

  it('counts for nothing when the sender goes away in the middle', async () => {
    const plaid = await listening()
    const head = 'POST /plaid/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    const socket = connect(plaid.port, '127.0.0.1')
    socket.write(`${head}Content-Length: 100\r\n\r\n{`, () => socket.destroy())
    await until(() => plaid.lines.length > 0, 2000)
    expect(plaid.lines).toMatchObject([{ fields: { why: 'broken_off' } }])
    expect((await plaid.post(repaired)).status).toBe(200)
  })
})

describe('a body behind a key that too many wait for', () => {
  it('is not read: Plaid is to come again, while what has its key at hand gets in', async () => {
    const plaid = await listening()
    await plaid.post(repaired)
    const answer = Promise.withResolvers<WebhookKey>()
    plaid.endpoint.answer = () => answer.promise
    const stranger = newKey()
    const waiting = Array.from({ length: 64 }, () => plaid.post(repaired, { signedBy: stranger }))
    await until(() => plaid.endpoint.asked.length === 2)
    const head = `POST /plaid/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nPlaid-Verification: ${signed(stranger, bytesOf(repaired))}\r\n`
    await until(async () =>
      /^HTTP\/1.1 503 /.test(await spoken(plaid.port, `${head}Content-Length: 65536\r\n\r\n`)),
    )
    expect((await plaid.post({ ...repaired, news: 2 })).status).toBe(200)
    answer.reject(unknownKey())
    expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([401]))
  })
})

describe('every answer', () => {
  it.each<[string, Sending]>([
    ['200', {}],
    ['400', { headers: { host: 'a b' } }],
    ['401', { headers: { 'plaid-verification': 'x' } }],
    ['403', { headers: { host: 'evil.example' } }],
    ['404', { path: '/healthz' }],
    ['405', { method: 'GET' }],
    ['415', { headers: { 'content-type': 'text/html' } }],
  ])('%s tells browsers to keep out and names no program', async (_status, sending) => {
    const plaid = await listening()
    const { headers, body, status } = await plaid.post(repaired, sending)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['server']))
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-powered-by']))
    expect(body).toBe(status === 200 ? 'ok' : 'no')
  })

  it('of a refusal is the same whatever was wrong', async () => {
    const plaid = await listening()
    const wrongs: Sending[] = [
      { iat: 1 },
      { headers: { 'plaid-verification': 'x' } },
      { claims: { iat: Math.floor(Date.now() / 1000), request_body_sha256: '0'.repeat(64) } },
      { header: { alg: 'none', kid: plaid.key.kid } },
    ]
    const answers = []
    for (const wrong of wrongs) answers.push(await plaid.post(repaired, wrong))
    const seen = answers.map(({ status, body, headers: { date: _, ...headers } }) => ({
      status,
      body,
      headers,
    }))
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(seen[0]?.status).toBe(401)
  })
})

describe('the port', () => {
  it('says so when somebody else has it', async () => {
    const { port } = await listening()
    const other = startListener(
      {
        store: await storeWithItem(),
        plaid: keyEndpoint(),
        environment: 'sandbox',
        forwardSecret: null,
        trustForwarder: false,
        webhookUrl: null,
        now: Date.now,
        log: silentLog,
        onStored: () => undefined,
      },
      port,
    )
    const failure = await other.then(
      () => null,
      (error: unknown) => error,
    )
    expect(isCofferError(failure, 'PORT_TAKEN') && failure.fix).toContain('COFFER_PORT')
  })

  it('lets a webhook in while hundreds of senders say nothing', async () => {
    const plaid = await listening()
    const sockets = Array.from({ length: 500 }, () => connect(plaid.port, '127.0.0.1'))
    onTestFinished(() => sockets.forEach((socket) => void socket.destroy()))
    for (const socket of sockets) socket.on('error', () => undefined)
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
    sockets.forEach((socket) => void socket.write('POST /plaid/webhook HTTP/1.1\r\n'))
    const start = performance.now()
    expect((await plaid.post(repaired)).status).toBe(200)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

/** What is answered to these bytes, until it is answered. */
function spoken(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.once('data', (data) => resolve(data.toString()))
    socket.write(bytes)
  })
}

describe('a challenge of doctor', () => {
  const challenge = 'a'.repeat(32)
  const asked = (value: string) => ({ headers: { [challengeHeader]: value, 'plaid-verification': null } })

  it('is answered as only this database can, and changes nothing else of the answer', async () => {
    const plaid = await listening()
    const { status, body, headers } = await plaid.post('{}', asked(challenge))
    expect([status, body]).toEqual([401, 'no'])
    expect(headers[challengeAnswerHeader]).toBe(answerToChallenge(plaid.store.databaseId, challenge))
    expect(await plaid.pending()).toEqual([])
  })

  it.each(['', 'a', 'a'.repeat(33), 'A'.repeat(32)])('is not made of %j', async (value) => {
    const { headers } = await (await listening()).post('{}', asked(value))
    expect(headers[challengeAnswerHeader]).toBeUndefined()
  })

  it('is not answered to a web page', async () => {
    const page = { headers: { [challengeHeader]: challenge, origin: 'https://a.example' } }
    const { status, headers } = await (await listening()).post('{}', page)
    expect([status, headers[challengeAnswerHeader]]).toEqual([403, undefined])
  })
})
