import { describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { barriersOn } from './axe.ts'
import { unlessInstalled } from './chromium.ts'
import { openPages } from './pages.ts'
import { setStage } from './stage.ts'
import { tablesTooWide } from './width.ts'

/** From a change, by whichever process, to its being seen on the page. */
const promisedMs = 2_000
const ended =
  'Coffer has ended, and this page is no longer kept up to date. To open it again: coffer-mcp open'
const paths = ['/connections', '/snapshot', '/upcoming', '/upkeep']

/** The machine may be busy. */
const patience = { timeout: 15_000 }

describe.skipIf(unlessInstalled)(`the local pages in a real browser${unlessInstalled}`, () => {
  const stage = setStage()

  it('show a login that breaks within two seconds, and repair it by their buttons', async () => {
    const { page, noise } = await openPages(stage())
    await page.getByText('2 connections; none needs you.').waitFor()
    stage().breakBank()
    // Another process finds out.
    await stage().chat.call('list_connections', { refresh: true })
    await page.getByText('Needs a new login', { exact: true }).waitFor({ timeout: promisedMs })
    expect(await page.locator('#news').textContent()).toBe('2 connections; one needs you.')

    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByText('Plaid was asked about every login.').waitFor()
    expect(await barriersOn(page)).toEqual([])
    await page.getByRole('button', { name: 'Re-authenticate First Platypus Bank' }).click()
    await page.waitForURL('**/links/*')
    expect(await barriersOn(page)).toEqual([])
    const [bank] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: /^Log in at First Platypus Bank/ }).click(),
    ])
    await bank.getByRole('button', { name: 'Log in', exact: true }).click()
    await bank.waitForURL('**/done/**')
    await page.locator('main').getByText('First Platypus Bank works again').waitFor({ timeout: promisedMs })
    await page.getByRole('link', { name: 'All connections' }).click()
    await page.getByText('2 connections; none needs you.').waitFor()
    expect(noise).toEqual([])
  }, 60_000)

  it.for([
    ['light', 1000],
    ['dark', 1000],
    ['light', 320],
  ] as const)(
    'keep nobody out: %s, %i pixels wide, with everything that can be on them',
    async ([colorScheme, width]) => {
      const { chat, breakBank } = stage()
      breakBank()
      await chat.call('list_connections', { refresh: true })
      const { page, address, noise } = await openPages(stage(), {
        colorScheme,
        viewport: { width, height: 700 },
      })
      for (const path of paths) {
        await page.goto(`${address}${path}`)
        expect({ path, barriers: await barriersOn(page) }).toEqual({ path, barriers: [] })
        // On a phone nothing sticks out, and no table has to be moved.
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        expect(await tablesTooWide(page)).toEqual([])
      }
      expect(noise).toEqual([])
      // What a browser itself says of their status is no fault of theirs.
      const stranger = await stage().browser.newPage({ colorScheme, viewport: { width, height: 700 } })
      for (const path of ['/connections', '/enter/none', '/done/none', '/confirm/none', '/nothing']) {
        await stranger.goto(`${address}${path}`)
        expect({ path, barriers: await barriersOn(stranger) }).toEqual({ path, barriers: [] })
        expect(await stranger.evaluate('document.documentElement.scrollWidth')).toBe(width)
      }
      await stranger.close()
    },
  )

  it('work without a script, by reloading them', async () => {
    const { page, noise } = await openPages(stage(), { javaScriptEnabled: false })
    stage().breakBank()
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByText('Plaid was asked about every login.').waitFor()
    await page.getByRole('button', { name: 'Re-authenticate First Platypus Bank' }).click()
    const [bank] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: /^Log in at/ }).click(),
    ])
    // The page of the simulator has no script either.
    await bank.getByRole('button', { name: 'Log in', exact: true }).click()
    await bank.waitForURL('**/done/**')
    await expect
      .poll(async () => {
        await page.reload()
        return await page.locator('main').textContent()
      }, patience)
      .toContain('First Platypus Bank works again')
    expect(noise).toEqual([])
  }, 60_000)

  it('connect a bank, and disconnect it after a question', async () => {
    const { page, noise } = await openPages(stage())
    await page.getByRole('button', { name: 'Connect a bank' }).click()
    const [bank] = await Promise.all([page.waitForEvent('popup'), page.locator('#login').click()])
    await bank.getByLabel('Bank').selectOption({ label: 'Tartan Bank' })
    await bank.getByLabel('User name').fill('user_good')
    await bank.getByLabel('Password').fill('pass_good')
    await bank.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.locator('main').getByText('Tartan Bank is connected.').waitFor()
    await page.getByRole('link', { name: 'All connections' }).click()

    await page.getByRole('button', { name: 'Disconnect Tartan Bank' }).click()
    expect(await barriersOn(page)).toEqual([])
    await page.getByRole('button', { name: 'No, leave everything as it is' }).click()
    await page.getByRole('link', { name: 'Back to the pages' }).click()
    await page.getByRole('button', { name: 'Disconnect Tartan Bank' }).click()
    await page.getByRole('button', { name: 'Yes, do it' }).click()
    await page.getByText('Tartan Bank: removed').waitFor()
    await page.getByRole('link', { name: 'Back to the pages' }).click()
    await page.getByText('2 connections').waitFor()
    expect(noise).toEqual([])
  }, 60_000)

  it('are used by keyboard alone, and keep the focus when they are made anew', async () => {
    const { page } = await openPages(stage())
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(new URL(page.url()).hash).toBe('#main')
    await page.getByRole('button', { name: 'Check now' }).focus()
    await stage().chat.call('sync_snapshot', { max_age_minutes: 0 })
    const focused = () => page.evaluate('document.activeElement.textContent.trim()')
    await page.waitForResponse((response) => response.url().endsWith('/connections'))
    await expect.poll(focused, patience).toBe('Check now')
  }, 60_000)

  it('leave what is open, where one is and the focus as they are when they are made anew', async () => {
    const { page, address } = await openPages(stage(), {
      viewport: { width: 320, height: 700 },
      bypassCSP: true,
    })
    await page.goto(`${address}/snapshot`)
    // By themselves no table of theirs is too wide for a phone.
    await page.addStyleTag({ content: 'table { min-width: 40rem }' })
    const summary = page.locator('summary').first()
    await summary.click()
    const table = page.getByRole('region', { name: 'Positions, the largest first' })
    await table.evaluate((element) => element.scrollBy(40, 0))
    expect(await table.evaluate((element) => element.scrollLeft)).toBe(40)
    stage().breakBank()
    // The stories before may have used up what may be asked of this bank in a minute.
    const isKnown = async () =>
      (await stage().chat.call('list_connections', { refresh: true })).needs_attention
    await expect.poll(isKnown, { timeout: 70_000, interval: 3_000 }).toBe(1)
    await page.getByText('First Platypus Bank needs a new login.').first().waitFor()
    expect(await page.locator('details').first().getAttribute('open')).toBe('')
    expect(await table.evaluate((element) => element.scrollLeft)).toBe(40)
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')
  }, 120_000)

  it('outlast a server that breaks or is away for a while', async () => {
    const { page } = await openPages(stage())
    let asked = 0
    await page.route('**/version', (route) => {
      asked += 1
      return route.fulfill({ status: 500 })
    })
    await until(() => asked > 4)
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.unroute('**/version')
    await page.route('**/version', (route) => route.abort())
    await page.getByRole('alert').waitFor()
    await page.unroute('**/version')
    await page.getByRole('alert').waitFor({ state: 'detached' })
  }, 60_000)

  it('say that they have ended when the command has', async () => {
    const { page, stop } = await openPages(stage())
    stop()
    await expect.poll(() => page.getByRole('alert').allTextContents(), patience).toEqual([ended])
  }, 60_000)
})
