import { describe, expect, it, onTestFinished } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import type { WebhookKey } from '../../src/plaid/operations.ts'
import type { Store } from '../../src/store/index.ts'
import { createWebhookKeys, type WebhookKeysDeps } from '../../src/webhook/keys.ts'
import { plaidError, plaidOn, type Reply, startFake } from '../plaid/fake-plaid.ts'
import { freshStore } from '../store/fixtures.ts'
import { keyEndpoint, listening, unknownKey } from './listening.ts'
import { newKey, type SigningKey } from './signing.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const down = () => new CofferError('PLAID_UNREACHABLE', 'Plaid did not answer.', { retryable: true })
const kidOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`

/** Keys by a clock of their own; the budget of all processes is never used up unless a store is given. */
function keysOf(known: readonly SigningKey[], more: Partial<WebhookKeysDeps> = {}) {
  const endpoint = keyEndpoint(...known)
  const clock = { at: Date.UTC(2026, 10, 21) }
  const usual = { plaid: endpoint, calls: { take: async () => 0 }, patienceMs: 5 * second }
  const keys = createWebhookKeys({ ...usual, now: () => clock.at, ...more })
  const outcome = async (kid: string) => {
    try {
      const found = await keys.find(kid)
      return found === 'unknown_key' ? found : found.hasExpired ? 'expired' : 'found'
    } catch (error) {
      return error instanceof CofferError ? error.code : error
    }
  }
  return { endpoint, clock, keys, outcome }
}

describe('a key', () => {
  const key = newKey()

  it('is fetched once for all who wait for it, and kept for a day', async () => {
    const { endpoint, clock, outcome } = keysOf([key])
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(key.kid)))
    expect(new Set(outcomes)).toEqual(new Set(['found']))
    clock.at += 24 * hour - 1
    await outcome(key.kid)
    expect(endpoint.asked).toHaveLength(1)
    clock.at += 1
    expect(await outcome(key.kid)).toBe('found')
    expect(endpoint.asked).toHaveLength(2)
  })

  it('is fetched again when the clock was set back', async () => {
    const { endpoint, clock, outcome } = keysOf([key])
    await outcome(key.kid)
    clock.at -= 25 * hour
    expect(await outcome(key.kid)).toBe('found')
    expect(endpoint.asked).toHaveLength(2)
  })

  it('is over when Plaid said when, to the second', async () => {
    const { endpoint, clock, outcome } = keysOf([key])
    const expiredAt = clock.at / 1000 + 60
    endpoint.answer = async () => ({ jwk: key.jwk, expiredAt })
    expect(await outcome(key.kid)).toBe('found')
    clock.at += minute - 1
    expect(await outcome(key.kid)).toBe('found')
    clock.at += 1
    expect(await outcome(key.kid)).toBe('expired')
    expect(endpoint.asked).toHaveLength(1)
  })

  it.each([
    ['its use', { use: undefined }],
    ['its algorithm', { alg: undefined }],
    ['both, by null', { use: null, alg: null }],
    ['neither, and more than Plaid does', { key_ops: ['verify'] }],
  ])('may leave unsaid %s', async (_what, unsaid) => {
    const { endpoint, outcome } = keysOf([key])
    endpoint.answer = async () => ({ jwk: { ...key.jwk, ...unsaid }, expiredAt: null })
    expect(await outcome(key.kid)).toBe('found')
  })

  it('that ended meanwhile is noticed within a day', async () => {
    const { endpoint, clock, outcome } = keysOf([key])
    await outcome(key.kid)
    endpoint.answer = async () => ({ jwk: key.jwk, expiredAt: clock.at / 1000 - hour })
    clock.at += 24 * hour
    expect(await outcome(key.kid)).toBe('expired')
  })

  it('that Plaid no longer knows is none', async () => {
    const { endpoint, clock, keys, outcome } = keysOf([key])
    await outcome(key.kid)
    endpoint.answer = () => Promise.reject(unknownKey())
    clock.at += 24 * hour
    expect(await outcome(key.kid)).toBe('unknown_key')
    expect(keys.known(key.kid)).toBeNull()
  })

  it('stands beside others', async () => {
    const all = [newKey(), newKey(), newKey()]
    const { endpoint, outcome } = keysOf(all)
    for (let round = 0; round < 100; round += 1)
      expect(await outcome(all[round % 3]?.kid ?? '')).toBe('found')
    expect(endpoint.asked).toHaveLength(3)
  })
})

describe('a key that Plaid does not know', () => {
  it('is asked for once in five minutes', async () => {
    const { endpoint, clock, outcome } = keysOf([])
    const outcomes = [await outcome(kidOf(1)), await outcome(kidOf(1)), await outcome(kidOf(1))]
    expect(new Set(outcomes)).toEqual(new Set(['unknown_key']))
    clock.at += 5 * minute - 1
    await outcome(kidOf(1))
    expect(endpoint.asked).toHaveLength(1)
    clock.at += 1
    await outcome(kidOf(1))
    expect(endpoint.asked).toHaveLength(2)
  })

  it('causes six look-ups a minute however many are made up, and keys at hand do not suffer', async () => {
    const key = newKey()
    const { endpoint, clock, outcome } = keysOf([key])
    await outcome(key.kid)
    clock.at += minute
    for (let second = 0; second < 180; second += 1) {
      for (let index = 0; index < 20; index += 1) await outcome(kidOf(second * 20 + index))
      expect(await outcome(key.kid)).toBe('found')
      clock.at += 1000
    }
    expect(endpoint.asked).toHaveLength(1 + 3 * 6)
  })

  it('is 503 and not 401 once they are used up', async () => {
    const { outcome } = keysOf([])
    const outcomes = []
    for (let index = 0; index < 8; index += 1) outcomes.push(await outcome(kidOf(index)))
    expect(outcomes.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => 'unknown_key'))
    expect(outcomes.slice(6)).toEqual(['PLAID_RATE_LIMITED', 'PLAID_RATE_LIMITED'])
  })

  it('is counted over all processes, and one that is refused does not ask the store again', async () => {
    const store = await freshStore()
    let takes = 0
    const calls: Store['calls'] = {
      take: (limits, now) => {
        takes += 1
        return store.calls.take(limits, now)
      },
    }
    const [one, other] = [keysOf([], { calls }), keysOf([], { calls })]
    for (let index = 0; index < 4; index += 1) await one.outcome(kidOf(index))
    const outcomes = []
    for (let index = 4; index < 30; index += 1) outcomes.push(await other.outcome(kidOf(index)))
    expect(outcomes.filter((outcome) => outcome === 'unknown_key')).toHaveLength(2)
    expect(takes).toBe(7)
    other.clock.at += minute
    expect(await other.outcome(kidOf(99))).toBe('unknown_key')
  })

  const key = newKey()

  it('lets 64 wait for it, so that others have connections too', async () => {
    const { endpoint, keys, outcome } = keysOf([key])
    await outcome(key.kid)
    const answer = Promise.withResolvers<WebhookKey>()
    endpoint.answer = () => answer.promise
    const outcomes = Array.from({ length: 63 }, () => outcome(kidOf(1)))
    expect(keys.hasRoomFor(kidOf(1))).toBe(true)
    outcomes.push(...[1, 2, 3].map(() => outcome(kidOf(1))))
    expect(await Promise.race(outcomes)).toBe('PLAID_RATE_LIMITED')
    expect([keys.hasRoomFor(kidOf(1)), keys.hasRoomFor(key.kid)]).toEqual([false, true])
    answer.reject(unknownKey())
    expect((await Promise.all(outcomes)).filter((one) => one === 'unknown_key')).toHaveLength(64)
    expect(await outcome(kidOf(2))).toBe('unknown_key')
  })

  it('leaves room for a known key that is to be looked at again', async () => {
    const key = newKey()
    const { clock, outcome } = keysOf([key])
    await outcome(key.kid)
    clock.at += 24 * hour
    for (let index = 0; index < 8; index += 1) await outcome(kidOf(index))
    expect(await outcome(key.kid)).toBe('found')
  })
})

/** Keys behind our own client of Plaid's, which knows one key and answers like this about every other. */
async function keysBehindClient(key: SigningKey, reply: Reply) {
  const fake = await startFake()
  onTestFinished(() => fake[Symbol.asyncDispose]())
  fake.on('/webhook_verification_key/get', ({ body }) =>
    body.key_id === key.kid ? { json: { key: key.jwk, request_id: 'r' } } : reply,
  )
  return keysOf([], { plaid: plaidOn(fake).plaid })
}

describe('a refusal of a key by our own client of Plaid', () => {
  const key = newKey()

  it.each<[string, Reply]>([
    ['by the code for it', plaidError('INVALID_WEBHOOK_VERIFICATION_KEY_ID')],
    ['by another code', plaidError('INVALID_FIELD')],
    ['by a code that nobody has heard of', plaidError('KEY_OF_NEXT_YEAR', 404)],
    ['by a status alone', { status: 400, json: { error: 'no' } }],
  ])('%s says that there is none, and holds up no other', async (_how, reply) => {
    const { outcome } = await keysBehindClient(key, reply)
    expect(await outcome(kidOf(1))).toBe('unknown_key')
    expect(await outcome(key.kid)).toBe('found')
  })

  it.each<[string, Reply]>([
    ['for the sake of our secret', plaidError('INVALID_API_KEYS')],
    ['for the sake of our team', plaidError('UNAUTHORIZED_ENVIRONMENT')],
    ['for the sake of our plan', plaidError('CREDITS_EXHAUSTED')],
    ['since it is too busy', plaidError('RATE_LIMIT_EXCEEDED', 429)],
    ['since it is too busy, by status 400', plaidError('RATE_LIMIT_EXCEEDED')],
    ['by a proxy that lets nobody through', { status: 403, text: '<h1>Forbidden</h1>' }],
    ['while it is broken', plaidError('INVALID_FIELD', 500)],
  ])('%s says nothing of the key', async (_how, reply) => {
    const { outcome } = await keysBehindClient(key, reply)
    expect(await outcome(kidOf(1))).toMatch(/^[A-Z]\w+_[A-Z]/)
    expect(await outcome(key.kid)).toBe('PLAID_RATE_LIMITED')
  })
})

describe('a key endpoint that fails', () => {
  it.each<[string, () => CofferError]>([
    ['is down', down],
    ['is out of calls', () => new CofferError('PLAID_RATE_LIMITED', 'Too many calls.')],
    ['has no keys of ours', () => new CofferError('PLAID_KEYS_REJECTED', 'Plaid refused the secret.')],
  ])('%s: nothing is said of the key, and soon after it is back all is well', async (_how, failure) => {
    const key = newKey()
    const { endpoint, clock, outcome } = keysOf([key])
    const { answer } = endpoint
    endpoint.answer = () => Promise.reject(failure())
    expect(await outcome(key.kid)).toBe(failure().code)
    for (let passed = 0; passed < 190; passed += 1) {
      clock.at += second
      await outcome(key.kid)
    }
    expect(endpoint.asked.length).toBeGreaterThan(6)
    expect(endpoint.asked.length).toBeLessThanOrEqual(4 * 6)
    endpoint.answer = answer
    const back = clock.at
    while ((await outcome(key.kid)) !== 'found') clock.at += second
    expect(clock.at - back).toBeLessThanOrEqual(30 * second)
    endpoint.answer = () => Promise.reject(failure())
    clock.at += minute
    expect(await outcome(kidOf(1))).toBe(failure().code)
    endpoint.answer = answer
    clock.at += 2 * second
    expect(await outcome(kidOf(1))).toBe('unknown_key')
  })

  it('does not take a key that is at hand away before its day', async () => {
    const key = newKey()
    const { endpoint, clock, outcome } = keysOf([key])
    await outcome(key.kid)
    endpoint.answer = () => Promise.reject(down())
    clock.at += 23 * hour
    expect(await outcome(key.kid)).toBe('found')
    clock.at += hour
    expect(await outcome(key.kid)).toBe('PLAID_UNREACHABLE')
  })

  it('is given up when it takes too long, and nothing is said of the key', async () => {
    const key = newKey()
    const { endpoint, clock, outcome } = keysOf([key], { patienceMs: 20 })
    const { answer } = endpoint
    endpoint.answer = (_kid, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new CofferError('CANCELLED', 'It was stopped.')))
      })
    expect(await outcome(key.kid)).toBe('CANCELLED')
    endpoint.answer = answer
    clock.at += 2 * second
    expect(await outcome(key.kid)).toBe('found')
  })

  const key = newKey()
  const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB', alg: 'RS256' }
  const offCurve = { x: 'A'.repeat(43), y: 'A'.repeat(43) }
  it.each<[string, Record<string, unknown>]>([
    ['no key', { kty: undefined }],
    ['an RSA key', rsa],
    ['another curve', { crv: 'P-384' }],
    ['another algorithm', { alg: 'ES384' }],
    ['a key to encrypt with', { use: 'enc' }],
    ['a key for anything but to verify', { use: undefined, alg: undefined, key_ops: ['encrypt'] }],
    ['its private half', { d: 'A'.repeat(43) }],
    ['the key of another name', { kid: kidOf(7) }],
    ['no name', { kid: undefined }],
    ['no x', { x: undefined }],
    ['an x of another length', { x: 'AAAA' }],
    ['an x that is a number', { x: 7 }],
    ['a point that is on no curve', offCurve],
    ['an end in words', { expired_at: 'soon' }],
  ])('by giving %s is one that is down, and it recovers', async (_what, wrong) => {
    const { endpoint, clock, outcome } = keysOf([key])
    const { answer } = endpoint
    endpoint.answer = async () => ({ jwk: { ...key.jwk, ...wrong }, expiredAt: null })
    expect(await outcome(key.kid)).toBe('PLAID_DOWN')
    endpoint.answer = answer
    clock.at += 2 * second
    expect(await outcome(key.kid)).toBe('found')
  })
})

describe('over HTTP', () => {
  const body = {
    webhook_type: 'ITEM',
    webhook_code: 'LOGIN_REPAIRED',
    item_id: 'item-1',
    environment: 'sandbox',
  }

  it('a key endpoint that is down is 503, and a key that is unknown or over is 401', async () => {
    const plaid = await listening()
    const expired: WebhookKey = { jwk: plaid.key.jwk, expiredAt: 1_790_000_000 }
    plaid.endpoint.answer = () => Promise.reject(unknownKey())
    expect((await plaid.post(body, { signedBy: newKey() })).status).toBe(401)
    plaid.endpoint.answer = async () => expired
    expect((await plaid.post(body)).status).toBe(401)
    plaid.endpoint.answer = () => Promise.reject(down())
    expect((await plaid.post(body, { signedBy: newKey() })).status).toBe(503)
    expect(await plaid.pending()).toEqual([])
  })

  it('made-up keys are 503 once the look-ups are used up, and good webhooks go on', async () => {
    const plaid = await listening()
    await plaid.post(body)
    const statuses = []
    for (let index = 0; index < 10; index += 1)
      statuses.push((await plaid.post(body, { signedBy: { ...plaid.key, kid: kidOf(index) } })).status)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 503, 503, 503, 503, 503])
    expect((await plaid.post({ ...body, user_id: 'usr_1' })).status).toBe(200)
  })
})
