import { createHmac, createPublicKey } from 'node:crypto'
import { expect, it } from 'vitest'
import { tamperings } from '../../../src/simulator/delivery/parcel.ts'
import { openPlaid, start } from '../harness.ts'
import { decoded, verdictOn } from './checker.ts'
import { openPair, type Received, unchecked } from './receiver.ts'

const cases = [
  ['body_changed', 'another body'],
  ['minified', 'another body'],
  ['wrong_hash', 'another body'],
  ['alg_none', 'algorithm none'],
  ['alg_hs256', 'algorithm HS256'],
  ['der_signature', 'a signature that is not r||s'],
  ['old_iat', 'too old'],
  ['future_iat', 'of the future'],
  ['unknown_kid', 'unknown key'],
  ['expired_key', 'expired key'],
  ['other_environment', 'unknown key'],
  ['missing_header', 'no header'],
  ['two_headers', 'two headers'],
] as const

it('every kind of tampering has its case', () => {
  expect(cases.map(([how]) => how)).toEqual(tamperings)
})

it.each(cases)('%s is refused as %s, and the next webhook is good', async (how, verdict) => {
  await using pair = await openPair()
  pair.controls.tamperNext(how)
  await pair.send('FORGED')
  await pair.send('GENUINE')
  const [forged, genuine] = pair.receiver.received
  expect(await verdictOn(pair.plaid, forged!)).toBe(verdict)
  expect(await verdictOn(pair.plaid, genuine!)).toBe('valid')
  expect(pair.controls.deliveries().map(({ tampering }) => tampering)).toEqual([how, null])
  expect(genuine?.body['environment']).toBe('sandbox')
})

it('a body that was changed or minified still reads as JSON', async () => {
  await using pair = await openPair()
  pair.controls.tamperNext('body_changed')
  pair.controls.tamperNext('minified')
  pair.controls.tamperNext('other_environment')
  for (const code of ['A', 'B', 'C']) await pair.send(code)
  const [changed, minified, elsewhere] = pair.receiver.received
  expect(changed?.body['webhook_code']).toBe('NOT_A')
  expect(minified?.text).toBe(JSON.stringify(pair.controls.webhooks()[1]?.payload))
  expect(elsewhere?.body['environment']).toBe('production')
})

it('HS256 is signed with what a careless receiver would take for the secret', async () => {
  await using pair = await openPair()
  pair.controls.tamperNext('alg_hs256')
  await pair.send()
  const [head = '', payload = '', signature] = pair.receiver.received[0]?.signatures[0]?.split('.') ?? []
  const { data } = await pair.plaid.sdk.webhookVerificationKeyGet({ key_id: String(decoded(head)['kid']) })
  const secret = createPublicKey({ format: 'jwk', key: { ...data.key } }).export({
    type: 'spki',
    format: 'pem',
  })
  const made = createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url')
  expect(signature).toBe(made)
})

it('what was forged stays forged when it is sent again', async () => {
  await using pair = await openPair({ reply: 401 })
  pair.controls.tamperNext('der_signature', 2)
  await pair.send()
  await pair.advance(30_000)
  const verdicts = await Promise.all(pair.receiver.received.map((one) => verdictOn(pair.plaid, one)))
  expect(verdicts).toEqual(Array.from({ length: 2 }, () => 'a signature that is not r||s'))
})

it('what is no kind of tampering is refused', async () => {
  await using pair = await openPair()
  const response = await fetch(`${pair.plaid.url}/_simulator/tamperNext`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ args: ['rot13'] }),
  })
  expect(await response.json()).toEqual({ error: expect.stringContaining('body_changed') })
})

function kidOf(received: Received | undefined): unknown {
  return decoded(received?.signatures[0]?.split('.')[0] ?? '')['kid']
}

it('a new key signs while the old one stays good, until it is made to expire', async () => {
  await using pair = await openPair()
  await pair.send()
  const [old = ''] = pair.controls.webhookKeyIds()
  const fresh = pair.controls.rotateWebhookKey()
  await pair.send()
  const [first, second] = pair.receiver.received
  expect([kidOf(first), kidOf(second)]).toEqual([old, fresh])
  expect(pair.controls.webhookKeyIds()).toEqual([old, fresh])
  expect(await verdictOn(pair.plaid, first!)).toBe('valid')

  pair.controls.expireWebhookKey(old)
  const { data } = await pair.plaid.sdk.webhookVerificationKeyGet({ key_id: old })
  expect(data.key.expired_at).toBe(start / 1_000)
  expect(await verdictOn(pair.plaid, first!)).toBe('expired key')
  expect(await verdictOn(pair.plaid, second!)).toBe('valid')
})

it('there is always one that signs', async () => {
  await using pair = await openPair()
  for (const kid of pair.controls.webhookKeyIds()) pair.controls.expireWebhookKey(kid)
  await pair.send()
  expect(await verdictOn(pair.plaid, pair.receiver.received[0]!)).toBe('valid')
  expect(() => pair.controls.expireWebhookKey('nobody')).toThrow('no webhook key nobody')
})

it('each environment has its own', async () => {
  await using sandbox = await openPlaid({ onExchange: unchecked })
  await using production = await openPlaid({ onExchange: unchecked, environment: 'production' })
  const [kid = ''] = sandbox.controls.webhookKeyIds()
  expect(kid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(production.controls.webhookKeyIds()).not.toContain(kid)
  const path = '/webhook_verification_key/get'
  expect(await sandbox.codeOf(path, { key_id: kid })).toBe('OK')
  expect(await production.codeOf(path, { key_id: kid })).toBe('INVALID_WEBHOOK_VERIFICATION_KEY_ID')
})
