import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { start } from '../cli/process.ts'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'
import { launch, noiseOf, unlessInstalled } from './chromium.ts'

/** From a change, by whichever process, to its being seen on the page. */
const promisedMs = 2_000

describe.skipIf(unlessInstalled)(`the local pages in a real browser${unlessInstalled}`, () => {
  let browser: Browser
  let house: Household
  let chat: Copy

  beforeAll(async () => {
    browser = await launch()
    house = await household()
    chat = await house.start({ COFFER_LISTEN: 'off', COFFER_PAGES_PORT: '0' })
    await connectBank(chat)
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await house[Symbol.asyncDispose]()
  })

  /** What `coffer-mcp open` opens, in a browser of its own. */
  async function openPages(): Promise<{ page: Page; noise: string[] }> {
    const running = start(['open', '--json'], { ...house.env, COFFER_PAGES_PORT: '0' })
    await until(() => running.stdout().includes('}'))
    const context = await browser.newContext()
    onTestFinished(() => context.close())
    const page = await context.newPage()
    const noise = noiseOf(page)
    const { url } = JSON.parse(running.stdout()) as { url: string }
    await page.goto(url)
    await page.getByRole('heading', { name: 'Connections' }).waitFor()
    return { page, noise }
  }

  it('show a login that breaks within two seconds, and repair it by their buttons', async () => {
    const { page, noise } = await openPages()
    await page.getByText('One connection; none needs you.').waitFor()
    const [item] = house.simulator.controls.items()
    house.simulator.controls.resetLogin(item?.itemId ?? '')
    // Another process finds out.
    await chat.call('list_connections', { refresh: true })
    await page.getByText('Needs a new login', { exact: true }).waitFor({ timeout: promisedMs })

    await page.getByRole('button', { name: 'Re-authenticate First Platypus Bank' }).click()
    await page.waitForURL('**/links/*')
    const [bank] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: /^Log in at First Platypus Bank/ }).click(),
    ])
    await bank.getByRole('button', { name: 'Log in', exact: true }).click()
    await bank.waitForURL('**/done/**')
    await page.locator('main').getByText('First Platypus Bank works again').waitFor({ timeout: promisedMs })
    await page.getByRole('link', { name: 'All connections' }).click()
    await page.getByText('One connection; none needs you.').waitFor()
    expect(noise).toEqual([])
  }, 60_000)
})
