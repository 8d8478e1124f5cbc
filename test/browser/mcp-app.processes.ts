import type { Browser, Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'
import { showInHost } from './app-host.ts'
import { barriersOn } from './axe.ts'
import { launch, unlessInstalled } from './chromium.ts'

/** The machine may be busy. */
const patience = { timeout: 15_000 }

describe.skipIf(unlessInstalled)(`the views in a host of MCP${unlessInstalled}`, () => {
  let browser: Browser
  let house: Household
  let chat: Copy

  beforeAll(async () => {
    browser = await launch()
    house = await household()
    chat = await house.start({ COFFER_LISTEN: 'off', COFFER_PAGES_PORT: '0' })
    await connectBank(chat, {}, { label: '<img src=x onerror=parent.postMessage(1)>' })
    await connectBank(chat, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
    await chat.call('sync_snapshot', { max_age_minutes: 0 })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await house[Symbol.asyncDispose]()
  })

  it('repair a login: the button, the page that the host opens, and the news', async () => {
    const [item] = house.simulator.controls.items()
    house.simulator.controls.resetLogin(item?.itemId ?? '')
    await using shown = await showInHost(browser, chat, 'list_connections', { refresh: true })
    const { page, view, opened, called, noise } = shown
    await view.getByText('Needs a new login', { exact: true }).waitFor()
    expect(await barriersOn(frameOf(page))).toEqual([])
    await view.getByRole('button', { name: /^Re-authenticate/ }).click()
    await until(() => opened.length === 1)
    expect(opened[0]?.startsWith(house.simulator.url)).toBe(true)
    // Whoever has closed that page finds the button ready.
    await expect.poll(() => view.getByRole('button', { name: /^Re-authenticate/ }).isEnabled()).toBe(true)
    await finishLink(opened[0] ?? '', 'cancel')
    await view.getByText('The login was left before its end.').waitFor()
    await finishLink(opened[0] ?? '', 'success', { username: 'user_good', password: 'pass_good' })
    await view.getByText('2 connections; none needs you.').waitFor()
    expect(await view.getByRole('status').textContent()).toContain('Plaid has confirmed it')
    expect([...new Set(called.map(({ name }) => name))]).toEqual([
      'start_reauth',
      'check_connection',
      'list_connections',
    ])
    // What a stranger wrote is text.
    expect(await view.locator('img').count()).toBe(0)
    expect(await view.getByText('onerror').first().textContent()).toContain('onerror')
    expect(noise).toEqual([])
  }, 60_000)

  it('show the snapshot, fetch it anew, and wear the colours of the host', async () => {
    await using shown = await showInHost(browser, chat, 'sync_snapshot')
    const { page, view, called, noise } = shown
    await view.getByText('Complete: every bank is fresh.').waitFor()
    await view.getByText('Net worth', { exact: true }).waitFor()
    expect(await barriersOn(frameOf(page))).toEqual([])
    await view.locator('html[data-theme=dark]').waitFor()
    await page.evaluate("changeTheme('light')")
    await view.locator('html[data-theme=light]').waitFor()
    await view.getByRole('button', { name: 'Fetch now' }).click()
    await view.getByText('fetched just now').first().waitFor()
    expect(called).toEqual([{ name: 'sync_snapshot', arguments: { max_age_minutes: 0 } }])
    // The frame is as high as what it shows.
    await until(async () => (await page.locator('iframe').boundingBox())?.height !== 150)
    expect(noise).toEqual([])
  }, 60_000)

  it('show the positions', async () => {
    await using shown = await showInHost(browser, chat, 'get_positions')
    await shown.view.getByRole('table', { name: 'Positions, the largest first' }).waitFor()
    expect(shown.noise).toEqual([])
  }, 60_000)

  it('are made of the text where the host hands over no more, and wait for no call that was stopped', async () => {
    await using text = await showInHost(browser, chat, 'get_positions', {}, (result) => ({
      content: 'content' in result ? result.content : [],
    }))
    await text.view.getByRole('table', { name: 'Positions, the largest first' }).waitFor()
    await using stopped = await showInHost(browser, chat, 'get_positions', {}, () => null)
    await stopped.view.getByText('The call was stopped').waitFor()
    expect(await stopped.view.getByText('Waiting for the figures.').count()).toBe(0)
  }, 60_000)

  it('say what a tool refused, in its words', async () => {
    await using shown = await showInHost(browser, chat, 'list_connections')
    await shown.view.getByText('2 connections').waitFor()
    await shown.view.getByRole('button', { name: /^Disconnect Houndstooth/ }).click()
    await expect
      .poll(() => shown.view.getByRole('status').textContent(), patience)
      .toBe('Nothing was done yet; the page that asks you is open in the browser.')
    expect(shown.opened).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/confirm\/[\w-]{43}$/)])
    expect(shown.noise).toEqual([])
  }, 60_000)
})

function frameOf(page: Page): Frame {
  const [, frame] = page.frames()
  if (frame === undefined) throw new Error('nothing is shown')
  return frame
}
