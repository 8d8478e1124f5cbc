import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { freePort } from '../support/port.ts'
import { until } from '../support/until.ts'
import { aBrowser, noiseOf, unlessInstalled } from './chromium.ts'

/** From the break to the chat knowing, and from the last click to the repair being known. */
const promisedMs = 2_000

describe.skipIf(unlessInstalled)(`a login that breaks${unlessInstalled}`, () => {
  const browser = aBrowser()

  it('is noticed by a webhook, and repaired in the browser', async () => {
    const port = await freePort()
    await using house = await household()
    const webhooks = {
      COFFER_PORT: String(port),
      COFFER_PAGES_PORT: '0',
      COFFER_WEBHOOK_URL: `http://127.0.0.1:${port}/plaid/webhook`,
    }
    const leader = await house.start({ ...webhooks, COFFER_LOG_LEVEL: 'info' })
    // A port that was free may be somebody else's for a while.
    await until(() => leader.stderr().includes('webhook.listening'))
    const chat = await house.start(webhooks)
    const { item_id } = await connectBank(chat)
    await until(() => house.simulator.controls.items().every(({ webhook }) => webhook !== null))
    await until(async () => (await statusOf(chat)) === 'active')

    house.simulator.controls.resetLogin(item_id)
    const broken = await timed(() => until(async () => (await statusOf(chat)) === 'needs_reauth'))
    expect(broken).toBeLessThan(promisedMs)
    await repairedInBrowser(house, chat, await browser().newPage())
  }, 60_000)

  it('is noticed without webhooks by whatever is asked next, and repaired in the browser', async () => {
    await using house = await household()
    const chat = await house.start({ COFFER_LISTEN: 'off', COFFER_PAGES_PORT: '0' })
    const { item_id } = await connectBank(chat)
    await until(async () => (await statusOf(chat)) === 'active')

    house.simulator.controls.resetLogin(item_id)
    const snapshot = await chat.call('sync_snapshot', { max_age_minutes: 0 })
    expect(snapshot).toMatchObject({ complete: false, connections: [{ status: 'needs_reauth' }] })
    expect(snapshot.connections[0]?.next_step).toMatchObject({ tool: 'start_reauth', arguments: { item_id } })
    await repairedInBrowser(house, chat, await browser().newPage())
  }, 60_000)
})

async function statusOf(copy: Copy): Promise<string | undefined> {
  return (await copy.call('list_connections')).connections[0]?.status
}

/** What the person does, and what the chat says of it. */
async function repairedInBrowser(house: Household, chat: Copy, page: Page): Promise<void> {
  const noise = noiseOf(page)

  const link = await chat.call('start_reauth')
  expect(link).toMatchObject({ already_active: false, url: expect.stringContaining(house.simulator.url) })
  await page.goto(link.url ?? '')
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.waitForURL('**/done/**')
  const known = await timed(() =>
    until(
      async () =>
        (await chat.call('check_connection', { link_id: link.link_id ?? '' })).outcome === 'repaired',
    ),
  )
  expect(known).toBeLessThan(promisedMs)
  expect(await page.getByRole('heading').textContent()).toContain('chat')
  expect(await statusOf(chat)).toBe('active')
  expect(noise).toEqual([])
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
