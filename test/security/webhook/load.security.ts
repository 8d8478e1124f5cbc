import { expect, it } from 'vitest'
import { percentile, say } from './report.ts'
import { rounds, sender } from './sender.ts'
import { mustPass, spawnListener } from './spawned.ts'

const [webhooks, senders] = [5_000, 64]

it('5,000 webhooks of 64 senders while Plaid takes 30 s to answer: each is answered at once, and none is lost', async () => {
  const coffer = await spawnListener()
  coffer.plaid.delays.set('/item/get', 30_000)
  const before = coffer.stored()
  const repaired = { webhook_type: 'ITEM', webhook_code: 'LOGIN_REPAIRED' }
  // Every other one makes the worker ask Plaid.
  const requests = Array.from({ length: webhooks }, (_, at) =>
    coffer.request(coffer.body(at % 2 === 0 ? {} : repaired)),
  )
  const send = sender(coffer.port, senders)
  const times: number[] = []
  const refused: number[] = []
  const asked = coffer.plaid.asked.length
  const start = performance.now()
  await rounds(webhooks, senders, async (round) => {
    const { status, ms } = await send(requests[round] ?? coffer.request())
    times.push(ms)
    if (status !== 200) refused.push(status)
  })
  const seconds = (performance.now() - start) / 1_000
  const lost = webhooks - (coffer.stored() - before)
  const [p50, p99, max] = [percentile(times, 0.5), percentile(times, 0.99), percentile(times, 1)]
  say(
    `load: ${webhooks} webhooks of ${senders} senders in ${seconds.toFixed(1)} s, Plaid answers after 30 s: p50 ${p50} ms, p99 ${p99} ms (target <= 250), max ${max} ms (target <= 2000), lost ${lost} (target 0)`,
  )
  expect({ refused, lost }).toEqual({ refused: [], lost: 0 })
  expect(coffer.plaid.asked.slice(asked)).toContain('/item/get')
  expect(p99).toBeLessThanOrEqual(250)
  expect(max).toBeLessThanOrEqual(2_000)
  await mustPass(coffer)
})
