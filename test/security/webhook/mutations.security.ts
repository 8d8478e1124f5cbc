import { expect, it, onTestFinished } from 'vitest'
import { chanceOf } from '../../../src/simulator/chance.ts'
import { createWebhookKeys } from '../../../src/webhook/keys.ts'
import { createVerifier } from '../../../src/webhook/verify.ts'
import { plaidOn, startFake } from '../../plaid/fake-plaid.ts'
import { spoilt, spoiltRequest, type Webhook } from './mutating.ts'
import { say } from './report.ts'
import { speak } from './request.ts'
import { answerFor, type Forge, keyPath, newForge, target } from './target.ts'

const seed = process.env.COFFER_MUTATION_SEED ?? String(Date.now())
const [inProof, inRequests] = [9_500, 500]

it(`no mutation of proof or body is believed with another meaning, of ${inProof}`, async () => {
  const chance = chanceOf('proof', seed)
  const forge = newForge()
  const verify = await verifierFor(forge)
  const first = webhookOf(forge)
  expect(await verify(first.jws, first.body)).toMatchObject({ ok: true })
  const wrong: Webhook[] = []
  let believed = 0
  for (let round = 0; round < inProof; round += 1) {
    const [right, other] = [webhookOf(forge), webhookOf(forge)]
    const now = spoilt(right, other, chance)
    const verdict = await verify(now.jws, now.body)
    if (!verdict.ok) continue
    believed += 1
    // The bytes, the time and the key that are believed are those that were signed.
    const meant = [right, other].find(({ body }) => body.equals(now.body))
    const same =
      meant !== undefined && JSON.stringify(await verify(meant.jws, meant.body)) === JSON.stringify(verdict)
    if (!same) wrong.push(now)
  }
  const figures = `${believed} changed nothing of what was signed, with another meaning ${wrong.length} (target 0)`
  say(`seed ${seed}, ${inProof} mutations of proof and body: ${figures}`)
  expect(wrong).toEqual([])
  expect(await verify(first.jws, first.body)).toMatchObject({ ok: true })
})

it(`no mutation of a whole request leaves more than what was signed, of ${inRequests}`, async () => {
  const chance = chanceOf('request', seed)
  const plaid = await target()
  const at = Math.floor(Date.now() / 1000)
  const meant = new Map<string, string>()
  const requests = Array.from({ length: inRequests }, (_, round) => {
    const [code, iat] = [`MADE_UP_${round}`, at - (round % 200)]
    const body = plaid.body({ webhook_type: 'ITEM', webhook_code: 'ERROR', error: { error_code: code } })
    meant.set(code, new Date(iat * 1000).toISOString())
    return spoiltRequest(plaid.request(body, plaid.sign(body, { iat })), chance)
  })
  let answered = 0
  const sender = async () => {
    for (let next = requests.pop(); next !== undefined; next = requests.pop())
      if ((await speak(plaid.port, next, 1_000)).statuses.length > 0) answered += 1
  }
  await Promise.all(Array.from({ length: 24 }, sender))

  const stored = await plaid.store.inbox.pending(1_000_000)
  const codes = stored.map(({ event }) => (event.type === 'error' ? event.plaidCode : event.type))
  const strange = stored.filter(
    (entry, index) => entry.itemId !== 'item-1' || meant.get(codes[index] ?? '') !== entry.sentAt,
  )
  const figures = `${answered} answered, ${stored.length} harmless, with another meaning ${strange.length} (target 0)`
  say(`seed ${seed}, ${inRequests} mutations of whole requests: ${figures}`)
  expect(strange).toEqual([])
  expect(new Set(codes).size).toBe(codes.length)
  expect(stored.length).toBeLessThan(inRequests / 2)
  expect((await speak(plaid.port, plaid.request())).statuses).toEqual([200])
  expect(await plaid.stored()).toBe(stored.length + 1)
})

function webhookOf({ body: newBody, sign }: Forge): Webhook {
  const body = newBody()
  return { body, jws: sign(body) }
}

/** Our verifier and our client, before Plaid's key endpoint; for once, nobody counts the look-ups. */
async function verifierFor({ keys }: Forge) {
  const plaid = await startFake()
  onTestFinished(() => plaid[Symbol.asyncDispose]())
  plaid.on(keyPath, answerFor(keys))
  const webhookKeys = createWebhookKeys({
    plaid: plaidOn(plaid).plaid,
    calls: { take: async () => 0 },
    now: Date.now,
  })
  const verify = createVerifier({ keys: webhookKeys, now: Date.now })
  return async (jws: string, body: Buffer) =>
    await verify(jws, body).catch(() => ({ ok: false as const, why: 'no key', byPlaid: false }))
}
