import { expect, it } from 'vitest'
import { openPlaid, start } from '../harness.ts'
import { decoded, verdictOn } from './checker.ts'
import { openPair, type Received } from './receiver.ts'

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
  await using sandbox = await openPlaid()
  await using production = await openPlaid({ environment: 'production' })
  const [kid = ''] = sandbox.controls.webhookKeyIds()
  expect(kid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(production.controls.webhookKeyIds()).not.toContain(kid)
  const path = '/webhook_verification_key/get'
  expect(await sandbox.codeOf(path, { key_id: kid })).toBe('OK')
  expect(await production.codeOf(path, { key_id: kid })).toBe('INVALID_WEBHOOK_VERIFICATION_KEY_ID')
})
