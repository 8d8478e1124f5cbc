import { expect, it } from 'vitest'
import { Secret } from '../../../src/secret.ts'
import type { ListenerDeps } from '../../../src/webhook/index.ts'
import type { Attack, Attacks } from './attacks/attack.ts'
import { bodyAttacks } from './attacks/body.ts'
import { claimAttacks } from './attacks/claims.ts'
import { headerAttacks, keyAttacks } from './attacks/header.ts'
import { hostAttacks } from './attacks/host.ts'
import { httpAttacks, slowAttacks } from './attacks/http.ts'
import { n, numbers, numbersOf, withSignature } from './attacks/pieces.ts'
import { relayAttacks, relaySecret, trustedRelayAttacks, unprovedRelayAttacks } from './attacks/relay.ts'
import { signatureAttacks } from './attacks/signature.ts'
import { say } from './report.ts'
import { having, type HttpRequest, speak } from './request.ts'
import { type Target, target } from './target.ts'

const forwardSecret = new Secret(relaySecret)
const relayed = (request: HttpRequest) => having(request, 'X-Webhook-Forward-Secret', relaySecret)
const asItIs = (request: HttpRequest) => request

const tables: readonly (readonly [string, Attacks, Partial<ListenerDeps>, typeof asItIs])[] = [
  ['signature', signatureAttacks, {}, asItIs],
  ['header of the JWS', headerAttacks, {}, asItIs],
  ['key', keyAttacks, {}, asItIs],
  ['claims', claimAttacks, {}, asItIs],
  ['body', bodyAttacks, {}, asItIs],
  ['HTTP', httpAttacks, {}, asItIs],
  ['Host and Origin', hostAttacks, {}, asItIs],
  ['relay', [...relayAttacks, ...unprovedRelayAttacks], { forwardSecret }, relayed],
  ['trusted relay', trustedRelayAttacks, { forwardSecret, trustForwarder: true }, relayed],
]

it.each(tables)('no attack by %s gets in', async (about, attacks, options, control) => {
  const plaid = await target(options)
  await mustPass(plaid, control)
  const seen = []
  for (const attack of attacks) seen.push(await attacked(plaid, attack))
  await mustPass(plaid, control)
  sayHowMany(about, attacks, seen)
  expect(seen).toEqual(attacks.map(expected))
})

it('no attack that keeps the listener waiting gets in', async () => {
  const plaid = await target()
  await mustPass(plaid, asItIs)
  const before = await plaid.stored()
  const answers = await Promise.all(slowAttacks.map(({ make }) => speak(plaid.port, make(plaid))))
  expect(answers.map(({ statuses }) => statuses[0])).toEqual(slowAttacks.map(({ status }) => status))
  expect((await plaid.stored()) - before).toBe(0)
  await mustPass(plaid, asItIs)
  say(`attacks by waiting: ${slowAttacks.length}, accepted 0 (target 0)`)
})

it('one webhook is stored once, however it is spelt and sent again', async () => {
  const plaid = await target()
  const body = plaid.body()
  const jws = plaid.sign(body)
  const other = withSignature(jws, (signature) => {
    const { r, s } = numbersOf(signature)
    return numbers(r, n - s)
  })
  for (const proof of [jws, other, jws, other]) {
    expect((await speak(plaid.port, plaid.request(body, proof))).statuses).toEqual([200])
    expect(await plaid.stored()).toBe(1)
  }
  const [entry] = await plaid.store.inbox.pending(1)
  await plaid.store.inbox.done([entry?.id ?? 0], new Date().toISOString())
  // Once it took effect it may do so again, under a new number: it is the same row, and older than the last answer.
  for (const proof of [other, jws]) {
    expect((await speak(plaid.port, plaid.request(body, proof))).statuses).toEqual([200])
    expect(await plaid.stored()).toBe(1)
  }
})

it('the tables are long enough, and no attack is in them twice', () => {
  const all = tables.flatMap(([about, attacks]) => attacks.map(({ name }) => `${about}: ${name}`))
  const harmful = tables.flatMap(([, attacks]) => attacks.filter(({ stored = 0 }) => stored === 0))
  expect(new Set(all).size).toBe(all.length)
  expect(harmful.length).toBeGreaterThanOrEqual(80)
  say(
    `named attacks: ${harmful.length + slowAttacks.length} (target >= 80), beside ${all.length - harmful.length} harmless spellings that must pass`,
  )
})

interface Outcome {
  readonly name: string
  readonly status: number
  readonly stored: number
}

async function attacked(plaid: Target, { name, make }: Attack): Promise<Outcome> {
  const before = await plaid.stored()
  const { statuses } = await speak(plaid.port, make(plaid))
  return { name, status: statuses[0] ?? 0, stored: (await plaid.stored()) - before }
}

function expected({ name, status, stored = 0 }: Attack): Outcome {
  return { name, status, stored }
}

/** What every attack is made from gets in, so that a table in which nothing does can fail. */
async function mustPass(plaid: Target, control: typeof asItIs): Promise<void> {
  const { status, stored } = await attacked(plaid, {
    name: 'control',
    status: 200,
    why: 'nothing is wrong with it',
    make: () => control(plaid.request()),
  })
  expect({ status, stored }).toEqual({ status: 200, stored: 1 })
}

function sayHowMany(about: string, attacks: Attacks, seen: readonly Outcome[]): void {
  const harmful = attacks.map(({ stored = 0 }) => stored === 0)
  const accepted = seen.filter(({ stored }, at) => harmful[at] === true && stored > 0)
  say(`attacks by ${about}: ${harmful.filter(Boolean).length}, accepted ${accepted.length} (target 0)`)
}
