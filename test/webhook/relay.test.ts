import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/secret.ts'
import { createRelayCheck } from '../../src/webhook/relay.ts'
import { listening } from './listening.ts'
import { newKey } from './signing.ts'

const secret = 'a-made-up-relay-secret'
const name = 'x-webhook-forward-secret'
const forwardSecret = new Secret(secret)
const body = {
  webhook_type: 'ITEM',
  webhook_code: 'LOGIN_REPAIRED',
  item_id: 'item-1',
  environment: 'sandbox',
}
const wrong: [string, string | string[] | null][] = [
  ['none', null],
  ['an empty one', ''],
  ['another', 'another-made-up-secret'],
  ['a part of it', secret.slice(0, -1)],
  ['more than it', `${secret}x`],
  ['it twice', [secret, secret]],
]

describe('a relay', () => {
  it("is believed with its secret and Plaid's signature", async () => {
    const plaid = await listening({ forwardSecret })
    expect((await plaid.post(body, { headers: { [name]: secret } })).status).toBe(200)
    expect(await plaid.pending()).toHaveLength(1)
  })

  it.each(wrong)('is not believed with %s, and no key is asked for', async (_what, given) => {
    const plaid = await listening({ forwardSecret })
    expect((await plaid.post(body, { headers: { [name]: given } })).status).toBe(401)
    expect(plaid.endpoint.asked).toEqual([])
    expect(JSON.stringify(plaid.lines)).not.toContain(secret)
  })

  it("is not believed without Plaid's signature", async () => {
    const plaid = await listening({ forwardSecret })
    const headers = { [name]: secret, 'plaid-verification': null }
    expect((await plaid.post(body, { headers })).status).toBe(401)
    expect((await plaid.post(body, { headers: { [name]: secret }, iat: 1 })).status).toBe(401)
  })

  it('is not asked for a secret where none was agreed on', async () => {
    const plaid = await listening()
    expect((await plaid.post(body, { headers: { [name]: 'anything' } })).status).toBe(200)
  })
})

describe('a relay that is trusted', () => {
  const trusted = { forwardSecret, trustForwarder: true }
  const now = Date.UTC(2026, 10, 21, 10)
  const at = now / 1000
  const sentAt = (seconds: number) => new Date(seconds * 1000).toISOString()

  it.each(wrong)('is not believed with %s', async (_what, given) => {
    const plaid = await listening(trusted)
    expect((await plaid.post(body, { headers: { [name]: given } })).status).toBe(401)
  })

  it.each<[string, number, object]>([
    ["at the time of Plaid's signature, however old", at - 7200, { iat: at - 7200 }],
    ['now, when it is signed for later', at, { iat: at + 1 }],
    [
      'now, when the signature is of other bytes',
      at,
      { claims: { iat: at - 9, request_body_sha256: '0'.repeat(64) } },
    ],
    ['now, when nothing of the signature came along', at, { headers: { 'plaid-verification': null } }],
    ['now, when it is no signature', at, { headers: { 'plaid-verification': 'x.y.z' } }],
  ])('sends %s', async (_when, seconds, sending) => {
    const plaid = await listening({ ...trusted, now: () => now })
    const headers = { [name]: secret, ...('headers' in sending ? (sending.headers as object) : {}) }
    const answer = await plaid.post(body, { signedBy: newKey(), ...sending, headers })
    expect(answer.status).toBe(200)
    expect(await plaid.pending()).toMatchObject([{ sentAt: sentAt(seconds) }])
    expect(plaid.endpoint.asked).toEqual([])
  })
})

it('an empty secret lets nobody in who sends none', () => {
  expect(createRelayCheck(new Secret(''))(null)).toBe(false)
})

it('nothing matches a secret but itself', () => {
  const check = createRelayCheck(forwardSecret)
  expect([null, '', '[secret]', secret.toUpperCase(), secret].map(check)).toEqual([
    false,
    false,
    false,
    false,
    true,
  ])
})
