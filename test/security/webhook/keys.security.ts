import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { plaidError, type Reply } from '../../plaid/fake-plaid.ts'
import { recordingLog } from '../../webhook/listening.ts'
import { newKey, type SigningKey, signed } from '../../webhook/signing.ts'
import { say } from './report.ts'
import { speak } from './request.ts'
import { sender } from './sender.ts'
import { keyPath, type Target, target } from './target.ts'

const second = 1_000
const hour = 3_600 * second
const inSeconds = (ms: number) => Math.floor(ms / 1_000)

it('1,000 webhooks by three keys while two of them end: each key is asked for once a day', async () => {
  const start = Date.UTC(2026, 10, 21)
  const clock = { at: start }
  const plaid = await target({ now: () => clock.at })
  const [lasting, told, untold] = [plaid.keys.plaids, plaid.keys.second, plaid.keys.ended]
  // The end of one is known beforehand; that of the other Plaid tells only when it has come.
  const ends = new Map([
    [told.kid, start + 36 * hour],
    [untold.kid, start + 20 * hour],
  ])
  const fetched = new Map<string, number[]>()
  plaid.plaid.on(keyPath, ({ body: { key_id: kid } }) => {
    const key = [lasting, told, untold].find((one) => one.kid === kid)
    if (key === undefined) return plaidError('INVALID_WEBHOOK_VERIFICATION_KEY_ID')
    fetched.set(key.kid, [...(fetched.get(key.kid) ?? []), clock.at])
    const end = ends.get(key.kid)
    const isTold = end !== undefined && (key === told || end <= clock.at)
    return { json: { key: { ...key.jwk, expired_at: isTold ? inSeconds(end) : null }, request_id: 'r' } }
  })

  const send = sender(plaid.port)
  let [wronglyRefused, byToldEnd, latest, accepted] = [0, 0, 0, 0]
  for (let round = 0; round < 1_000; round += 1) {
    clock.at = start + (round * 72 * hour) / 1_000
    const key = [lasting, told, untold][round % 3] ?? lasting
    const body = plaid.body()
    const { status } = await send(plaid.request(body, signed(key, body, { iat: inSeconds(clock.at) })))
    const pastEnd = clock.at - (ends.get(key.kid) ?? Number.POSITIVE_INFINITY)
    if (status === 200) accepted += 1
    if (pastEnd < 0 && status !== 200) wronglyRefused += 1
    if (pastEnd < 0 || status !== 200) continue
    if (key === told) byToldEnd += 1
    else latest = Math.max(latest, pastEnd)
  }

  const gaps = [...fetched.values()].flatMap((times) =>
    times.slice(1).map((at, index) => at - (times[index] ?? 0)),
  )
  say(
    `rotation of 3 keys over 1,000 webhooks in 72 h: valid refused ${wronglyRefused} (target 0), by a key whose end was known ${byToldEnd} (target 0), last accepted ${(latest / hour).toFixed(1)} h after an end that was not told (target <= 24)`,
  )
  say(
    `rotation: look-ups ${[...fetched.values()].map(({ length }) => length).join(', ')}, never within ${(Math.min(...gaps) / hour).toFixed(1)} h (target >= 24)`,
  )
  expect({ wronglyRefused, byToldEnd }).toEqual({ wronglyRefused: 0, byToldEnd: 0 })
  expect(latest).toBeLessThanOrEqual(24 * hour)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(24 * hour)
  expect(await plaid.stored()).toBe(accepted)
})

type Bad = readonly [what: string, reply: (key: SigningKey) => Reply]
const keyWith =
  (changes: object): Bad[1] =>
  (key) => ({ json: { key: { ...key.jwk, ...changes }, request_id: 'r' } })
const bad: readonly Bad[] = [
  ['it answers 500', () => plaidError('INTERNAL_SERVER_ERROR', 500)],
  ['it answers 502 in HTML', () => ({ status: 502, text: '<h1>Bad Gateway</h1>' })],
  ['it answers 429', () => plaidError('RATE_LIMIT', 429)],
  ['it hangs', () => 'hang'],
  ['it drips', () => 'trickle'],
  ['it cuts the line', () => 'reset'],
  ['it stops in the middle', () => 'cut'],
  ['it answers in no JSON', () => ({ text: '{"key":' })],
  ['it answers without a key', () => ({ json: { request_id: 'r' } })],
  ['it refuses our secret', () => plaidError('INVALID_API_KEYS')],
  ['the key is of another curve', keyWith({ crv: 'P-384' })],
  ['the key is for RSA', keyWith({ kty: 'RSA', n: 'AQAB', e: 'AQAB' })],
  ['the key is for HMAC', keyWith({ kty: 'oct', k: 'c2VjcmV0' })],
  ['the key comes with its private half', keyWith({ d: 'A'.repeat(43) })],
  ['the key has another name', keyWith({ kid: newKey().kid })],
  ['the key is no point of the curve', keyWith({ x: 'A'.repeat(43) })],
  ['the key has no numbers', keyWith({ x: null, y: null })],
  ['the key says ES384', keyWith({ alg: 'ES384' })],
  ['the key is to encrypt', keyWith({ use: 'enc' })],
]

it(`a key endpoint that is bad in ${bad.length} ways is 503, and all is well soon after`, async () => {
  const found = await Promise.all(bad.map(([what, reply]) => throughTrouble(what, reply)))
  const slowest = Math.max(...found.map(({ ms }) => ms))
  say(
    `bad key endpoints: ${bad.length} (target >= 12), all 503, well again within ${(slowest / 1_000).toFixed(1)} s (target <= 30)`,
  )
  expect(found.map(({ what, status, stored }) => ({ what, status, stored }))).toEqual(
    bad.map(([what]) => ({ what, status: 503, stored: 0 })),
  )
  expect(slowest).toBeLessThanOrEqual(30_000)
})

/** The status while it is bad, and how long after it is well again the first webhook gets in. */
async function throughTrouble(what: string, reply: Bad[1]) {
  const plaid: Target = await target()
  const { plaids } = plaid.keys
  plaid.plaid.on(keyPath, reply(plaids))
  const { statuses } = await speak(plaid.port, plaid.request())
  const stored = await plaid.stored()
  plaid.plaid.on(keyPath, { json: { key: plaids.jwk, request_id: 'r' } })
  const back = performance.now()
  for (;;) {
    const answer = await speak(plaid.port, plaid.request())
    const ms = performance.now() - back
    if (answer.statuses[0] === 200 || ms > 40_000) return { what, status: statuses[0], stored, ms }
    await sleep(250)
  }
}

it('clocks that differ by ten minutes and less: accepted exactly from 300 s behind to 60 s ahead', async () => {
  const plaids = Date.UTC(2026, 10, 21)
  const steps = Array.from({ length: 41 }, (_, index) => (index - 20) * 30)
  const clock = { at: plaids }
  const { log, lines } = recordingLog()
  const plaid = await target({ now: () => clock.at, log })
  const seen = new Map<number, number | undefined>()
  for (const step of [...steps, -61, -59, 299, 301]) {
    clock.at = plaids + step * second
    const body = plaid.body()
    const { statuses } = await speak(
      plaid.port,
      plaid.request(body, plaid.sign(body, { iat: inSeconds(plaids) })),
    )
    seen.set(step, statuses[0])
  }
  const accepted = [...seen].filter(([, status]) => status === 200).map(([step]) => step)
  say(
    `clock steps: ${steps.length} from -600 to 600 s and 4 at the borders; accepted from ${Math.min(...accepted)} to ${Math.max(...accepted)} s (target -60 to 300)`,
  )
  for (const [step, status] of seen)
    expect([step, status]).toEqual([step, step >= -60 && step <= 300 ? 200 : 401])
  expect(await plaid.stored()).toBe(accepted.length)
  expect(lines.filter(({ event }) => event === 'webhook.out_of_time')).toHaveLength(1)
})
