import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'
import { lineTo } from '../support/line.ts'
import { say } from './report.ts'
import { freePort } from '../support/port.ts'

const asleepMs = 10_000
const otherBank = { institutionId: 'ins_109511' }

const leads = (copy: Copy) => copy.stderr().includes('leader.started')
const fetchNow = (copy: Copy) => copy.call('sync_snapshot', { max_age_minutes: 0 })

async function statusBy(copy: Copy, itemId: string): Promise<string | undefined> {
  const { connections } = await copy.call('list_connections')
  return connections.find((one) => one.item_id === itemId)?.status
}

async function msUntil(copy: Copy, itemId: string, wanted: string): Promise<number> {
  const start = performance.now()
  await until(async () => (await statusBy(copy, itemId)) === wanted)
  return performance.now() - start
}

/** Two copies; the first of them leads, and only webhooks tell it anything. */
async function twoCopies(house: Household, port: number, more: Record<string, string>) {
  const env = { COFFER_LOG_LEVEL: 'info', COFFER_CHECK_MINUTES: '1440', COFFER_PORT: String(port), ...more }
  const leader = await house.start(env)
  await until(() => leader.stderr().includes('webhook.listening'))
  return { leader, other: await house.start(env) }
}

it('a network that is cut and comes back leaves no copy and no connection stuck', async () => {
  await using house = await household({ timedWebhooks: false, webhookClock: 'machine' })
  const { controls } = house.simulator
  const port = await freePort()
  await using toPlaid = await lineTo(house.simulator.port)
  await using toUs = await lineTo(port)
  const { leader, other } = await twoCopies(house, port, {
    PLAID_BASE_URL: `http://127.0.0.1:${toPlaid.port}`,
    COFFER_WEBHOOK_URL: `http://127.0.0.1:${toUs.port}/plaid/webhook`,
  })
  const both = [leader, other]
  const { item_id: broken } = await connectBank(other)
  const { item_id: healthy } = await connectBank(other, otherBank)
  await fetchNow(other)

  await Promise.all([toPlaid.cut(), toUs.cut()])
  controls.resetLogin(broken)
  await controls.webhooksSettled()
  const start = performance.now()
  const answers = await Promise.all(both.map(fetchNow))
  const answeredMs = performance.now() - start
  // Somebody asks again meanwhile.
  await Promise.all(both.map(fetchNow))
  const codes = answers.flatMap(({ connections }) => connections.map(({ error }) => error?.code))
  expect(codes).toEqual(Array.from({ length: 4 }, () => 'PLAID_UNREACHABLE'))
  expect(answers.map(({ complete }) => complete)).toEqual([false, false])
  expect(await Promise.all(both.map((copy) => statusBy(copy, broken)))).not.toContain('needs_reauth')

  await Promise.all([toPlaid.mend(), toUs.mend()])
  const back = performance.now()
  // Plaid comes again half a minute later, by its own clock.
  controls.advance(31_000)
  const toldMs = Math.max(...(await Promise.all(both.map((copy) => msUntil(copy, broken, 'needs_reauth')))))
  controls.repairItem(broken)
  for (const copy of both) for (const id of [broken, healthy]) await msUntil(copy, id, 'active')
  for (const copy of both) await until(async () => (await fetchNow(copy)).complete, 90_000)
  const backMs = performance.now() - back
  expect([leads(leader), leads(other)]).toEqual([true, false])
  say(
    `network cut: both copies answered in ${answeredMs.toFixed(0)} ms (target <= 20000); back again, ` +
      `the broken login was known after ${toldMs.toFixed(0)} ms (target <= 2000), ` +
      `and everything active and fresh after ${backMs.toFixed(0)} ms; left stuck 0 (target 0)`,
  )
  expect(answeredMs).toBeLessThanOrEqual(20_000)
  expect(toldMs).toBeLessThanOrEqual(2_000)
})

it('a leader that sleeps keeps the lead, and nothing that was sent meanwhile is lost', async () => {
  await using house = await household({
    timedWebhooks: false,
    webhookClock: 'machine',
    webhookTimeoutMs: 2_000,
  })
  const { controls } = house.simulator
  const port = await freePort()
  const { leader, other } = await twoCopies(house, port, {
    COFFER_WEBHOOK_URL: `http://127.0.0.1:${port}/plaid/webhook`,
  })
  const { item_id: itemId } = await connectBank(other)
  await fetchNow(other)
  const attempts = () => controls.deliveries().filter((one) => one.itemId === itemId && one.code === 'ERROR')

  process.kill(leader.pid, 'SIGSTOP')
  try {
    controls.resetLogin(itemId)
    const end = performance.now() + asleepMs
    while (performance.now() < end) {
      expect(leads(other)).toBe(false)
      expect(await statusBy(other, itemId)).toBe('active')
      await sleep(250)
    }
    expect(attempts().map(({ failure }) => failure)).toEqual(['timeout'])
  } finally {
    process.kill(leader.pid, 'SIGCONT')
  }
  // What was under way when it fell asleep fails as it wakes, and for some seconds Plaid is asked for no key then.
  await sleep(4_000)
  // Plaid comes again half a minute later, by its own clock, and is as patient as it really is.
  controls.set({ webhookTimeoutMs: 10_000 })
  controls.advance(31_000)
  await controls.webhooksSettled()
  expect(attempts().map(({ status }) => status)).toEqual([null, 200])
  const ms = await msUntil(other, itemId, 'needs_reauth')
  controls.repairItem(itemId)
  await msUntil(other, itemId, 'active')
  expect([leads(leader), leads(other)]).toEqual([true, false])
  say(
    `asleep: the leader stood still for ${asleepMs} ms, others that led meanwhile 0 (target 0); ` +
      `what was sent meanwhile was known ${ms.toFixed(0)} ms after it was answered (target <= 2000)`,
  )
  expect(ms).toBeLessThanOrEqual(2_000)
})
