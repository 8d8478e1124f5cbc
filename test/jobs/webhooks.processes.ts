import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { freePort } from '../support/port.ts'
import { until } from '../support/until.ts'

const talking = { COFFER_LOG_LEVEL: 'info' }

let house: Household
let leader: Copy
let other: Copy
let url: string
let itemId: string
beforeAll(async () => {
  house = await household()
  const port = await freePort()
  url = `http://127.0.0.1:${port}/plaid/webhook`
  const env = { ...talking, COFFER_PORT: String(port), COFFER_WEBHOOK_URL: url }
  leader = await house.start(env)
  await until(() => leader.stderr().includes('webhook.listening'))
  other = await house.start(env)
  ;({ item_id: itemId } = await connectBank(other))
})
afterAll(() => house[Symbol.asyncDispose]())

/** The status as the copy that does not lead lists it, without asking Plaid. */
async function status() {
  return (await other.call('list_connections')).connections[0]?.status
}

async function msUntil(wanted: string): Promise<number> {
  const start = performance.now()
  await until(async () => (await status()) === wanted)
  return performance.now() - start
}

describe('a webhook that the simulator sends', () => {
  it('tells every copy within 2 s that a login broke, and that it was mended elsewhere', async () => {
    expect(house.simulator.controls.items()[0]?.webhook).toBe(url)
    await msUntil('active')
    // Several times within a second, so that some webhooks are the same to the letter.
    for (let round = 0; round < 3; round += 1) {
      house.simulator.controls.resetLogin(itemId)
      expect(await msUntil('needs_reauth')).toBeLessThan(2_000)
      house.simulator.controls.repairItem(itemId)
      expect(await msUntil('active')).toBeLessThan(2_000)
    }
  })

  it('is known as soon when Plaid itself is slow to answer, and is confirmed when it does', async () => {
    const slow = { kind: 'slow', ms: 3_000 } as const
    const calls = () => house.simulator.controls.calls().filter(({ path }) => path === '/item/get').length
    const before = calls()
    house.simulator.controls.failNext('/item/get', slow, { itemId })
    house.simulator.controls.resetLogin(itemId)
    expect(await msUntil('needs_reauth')).toBeLessThan(2_000)
    await until(() => calls() > before)
  })

  it('is heard by the copy that took over when the leader was killed before the answer', async () => {
    house.simulator.controls.repairItem(itemId)
    await msUntil('active')
    process.kill(leader.pid, 'SIGKILL')
    house.simulator.controls.resetLogin(itemId)
    // One that nobody took is sent again, by Plaid's clock half a minute later.
    await until(() => other.stderr().includes('webhook.listening'))
    house.simulator.controls.advance(31_000)
    expect(await msUntil('needs_reauth')).toBeLessThan(2_000)
  })
})
