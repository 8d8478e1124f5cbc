import { createHmac, createPublicKey, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createWebhookKeys } from '../../src/webhook/keys.ts'
import { createVerifier } from '../../src/webhook/verify.ts'
import { keyEndpoint } from './listening.ts'
import { newKey, sha256, type Spelling, signed } from './signing.ts'

const body = Buffer.from('{\n  "webhook_type": "ITEM"\n}')
const at = 1_795_000_000
const key = newKey()
const right = { iat: at, request_body_sha256: sha256(body) }

function verifier(now = () => at * 1000) {
  const endpoint = keyEndpoint(key)
  const calls = { take: async () => 0 }
  const verify = createVerifier({ keys: createWebhookKeys({ plaid: endpoint, calls, now }), now })
  return { endpoint, verify }
}

const jws = (spelling: Spelling = {}) => signed(key, body, { iat: at, ...spelling })

describe('a signature of Plaid', () => {
  it('is believed', async () => {
    const { verify } = verifier()
    expect(await verify(jws(), body)).toEqual({
      ok: true,
      proof: { kid: key.kid, iat: at, bodyHash: sha256(body) },
    })
  })

  it.each([
    ['without its type', { header: { alg: 'ES256', kid: key.kid } }],
    ['with white space in its header', { header: `{ "alg": "ES256",\n "kid": "${key.kid}" }` }],
    ['with a claim more', { claims: { ...right, iss: 'plaid' } }],
  ])('is believed %s', async (_how, spelling) => {
    expect(await verifier().verify(jws(spelling), body)).toMatchObject({ ok: true })
  })

  it('is believed when its s is the other one of two', async () => {
    const [header, payload, signature = ''] = jws().split('.')
    const bytes = Buffer.from(signature, 'base64url')
    const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const s = n - BigInt(`0x${bytes.subarray(32).toString('hex')}`)
    const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
    const verdict = await verifier().verify(`${header}.${payload}.${other.toString('base64url')}`, body)
    expect(verdict).toMatchObject({ ok: true, proof: { kid: key.kid } })
  })

  it.each([-300, -299, -1, 0, 1, 30, 60])('is believed when it is %i s away', async (seconds) => {
    expect(await verifier().verify(jws({ iat: at + seconds }), body)).toMatchObject({ ok: true })
  })

  it.each([
    [-301, 'too_old'],
    [-31_536_000, 'too_old'],
    [61, 'too_new'],
    [315_360_000, 'too_new'],
  ])('is not believed when it is %i s away', async (seconds, why) => {
    const { verify, endpoint } = verifier()
    expect(await verify(jws({ iat: at + seconds }), body)).toEqual({ ok: false, why, byPlaid: false })
    expect(endpoint.asked).toEqual([])
  })

  it('is not believed when it has become too old while its key was looked up', async () => {
    let now = at * 1000
    const { verify, endpoint } = verifier(() => now)
    const { answer } = endpoint
    endpoint.answer = (kid) => {
      now += 6000
      return answer(kid)
    }
    const verdict = await verify(jws({ iat: at - 298 }), body)
    expect(verdict).toEqual({ ok: false, why: 'too_old', byPlaid: true })
  })

  it('is not believed for other bytes, of the same JSON or not', async () => {
    const { verify, endpoint } = verifier()
    for (const other of ['{"webhook_type":"ITEM"}', `${body.toString()} `, '']) {
      expect(await verify(jws(), Buffer.from(other))).toMatchObject({ ok: false, why: 'other_body' })
    }
    expect(endpoint.asked).toEqual([])
  })

  it('is known for one of Plaid although it came too late, once the key is at hand', async () => {
    const { verify } = verifier()
    await verify(jws(), body)
    expect(await verify(jws({ iat: at - 999 }), body)).toEqual({ ok: false, why: 'too_old', byPlaid: true })
    const forged = signed({ ...newKey(), kid: key.kid }, body, { iat: at - 999 })
    expect(await verify(forged, body)).toEqual({ ok: false, why: 'too_old', byPlaid: false })
  })
})

describe('what nobody signed for us', () => {
  const [header, payload, signature] = jws().split('.')
  const input = `${header}.${payload}`
  const withSignature = (bytes: Buffer) => `${input}.${bytes.toString('base64url')}`
  const hmac = (secret: string, alg: string) => {
    const head = Buffer.from(JSON.stringify({ alg, kid: key.kid })).toString('base64url')
    const mac = createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url')
    return `${head}.${payload}.${mac}`
  }
  const pem = createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' }).toString()
  const head = (value: object | string) => jws({ header: value })
  const claims = (value: object | string) => jws({ claims: value })

  it.each([
    ['nothing', ''],
    ['one part', 'x'],
    ['two parts', input],
    ['four parts', `${jws()}.${signature}`],
    ['two in one header', `${jws()}, ${jws()}`],
    ['a space in the signature', jws().replace(/.$/, ' $&')],
    ['padding', `${jws()}==`],
    ['the other alphabet', withSignature(Buffer.alloc(64, 0xff)).replaceAll('_', '/')],
    ['a line more', `${jws()}\n`],
    ['no signature', `${input}.`],
    ['a short signature', withSignature(Buffer.alloc(63, 1))],
    ['a DER signature', withSignature(sign('sha256', Buffer.from(input), key.privateKey))],
    ['a signature with spare bits set', `${input}.${'A'.repeat(85)}B`],
    ['alg none', head({ alg: 'none', kid: key.kid })],
    ['alg None', head({ alg: 'None', kid: key.kid })],
    ['alg in small letters', head({ alg: 'es256', kid: key.kid })],
    ['no alg', head({ kid: key.kid })],
    ['an HMAC by the public key', hmac(pem, 'HS256')],
    ['an HMAC by the public key that says ES256', hmac(pem, 'ES256')],
    ['a key of its own', head({ alg: 'ES256', kid: key.kid, jwk: key.jwk })],
    ['an address of a key', head({ alg: 'ES256', kid: key.kid, jku: 'https://evil.example' })],
    ['a crit that nobody knows', head({ alg: 'ES256', kid: key.kid, crit: ['x'], x: 1 })],
    ['a crit of b64', head({ alg: 'ES256', kid: key.kid, crit: ['b64'], b64: true })],
    ['another typ', head({ alg: 'ES256', kid: key.kid, typ: 'JWE' })],
    ['an alg twice', head(`{"alg":"none","alg":"ES256","kid":"${key.kid}"}`)],
    ['an alg spelt in escapes', head(`{"alg":"none","\\u0061lg":"ES256","kid":"${key.kid}"}`)],
    ['a name spelt in escapes', head(`{"\\u0061lg":"ES256","kid":"${key.kid}"}`)],
    ['a kid that is no UUID', head({ alg: 'ES256', kid: '../../etc/passwd' })],
    ['a kid that is a list', head({ alg: 'ES256', kid: [key.kid] })],
    ['no kid', head({ alg: 'ES256' })],
    ['a header that is a list', head('[]')],
    ['a header that is no JSON', head('{')],
    ['a long header', head({ alg: 'ES256', kid: key.kid, typ: 'x'.repeat(600) })],
    ['no iat', claims({ request_body_sha256: right.request_body_sha256 })],
    ['an iat in words', claims({ ...right, iat: String(at) })],
    ['an iat between two seconds', claims({ ...right, iat: at + 0.5 })],
    ['an iat that is no number', claims(`{"iat":1e999,"request_body_sha256":"${sha256(body)}"}`)],
    ['an iat before time began', claims({ ...right, iat: -1 })],
    ['no hash', claims({ iat: at })],
    ['a short hash', claims({ iat: at, request_body_sha256: sha256(body).slice(1) })],
    ['a hash in a list', claims({ iat: at, request_body_sha256: [sha256(body)] })],
    ['claims that are null', claims('null')],
  ])('%s is malformed, and no key is asked for', async (_what, text) => {
    const { verify, endpoint } = verifier()
    expect(await verify(text, body)).toMatchObject({ ok: false, why: expect.stringMatching(/malformed/) })
    expect(endpoint.asked).toEqual([])
  })

  it.each([
    ['zeros', withSignature(Buffer.alloc(64))],
    ['ones', withSignature(Buffer.alloc(64, 1))],
    ['an r and s of the order itself', withSignature(Buffer.alloc(64, 0xff))],
    ['the signature of somebody else', signed({ ...newKey(), kid: key.kid }, body, { iat: at })],
    ['the signature of other claims', `${header}.${jws({ iat: at - 1 }).split('.')[1]}.${signature}`],
    ['an end that has passed', claims({ ...right, exp: at - 3600 })],
    ['a start that is to come', claims({ ...right, nbf: at + 3600 })],
  ])('%s: a bad signature', async (_what, text) => {
    expect(await verifier().verify(text, body)).toMatchObject({ ok: false, why: 'bad_signature' })
  })

  it('a key that Plaid does not know', async () => {
    const { verify, endpoint } = verifier()
    const stranger = newKey()
    const verdict = await verify(signed(stranger, body, { iat: at }), body)
    expect(verdict).toEqual({ ok: false, why: 'unknown_key', byPlaid: false })
    expect(endpoint.asked).toEqual([stranger.kid])
  })

  it('nothing is taken out of 2,000 changes of one character', async () => {
    const { verify } = verifier()
    const good = jws()
    let accepted = 0
    for (let index = 0; index < 2000; index += 1) {
      const place = index % good.length
      const other = String.fromCharCode(33 + ((good.charCodeAt(place) + 1 + index) % 94))
      const changed = good.slice(0, place) + other + good.slice(place + 1)
      const verdict = await verify(changed, body).catch(() => null)
      if (changed !== good && verdict?.ok === true) accepted += 1
    }
    expect(accepted).toBe(0)
  })
})
