import type { Frame, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { until } from '../support/until.ts'
import { showInHost } from './app-host.ts'
import { barriersOn } from './axe.ts'
import { unlessInstalled } from './chromium.ts'
import { setStage } from './stage.ts'
import { tablesTooWide } from './width.ts'

/** The machine may be busy. */
const patience = { timeout: 15_000 }

describe.skipIf(unlessInstalled)(`the views in a host of MCP${unlessInstalled}`, () => {
  const stage = setStage('<img src=x onerror=parent.postMessage(1)>')

  it('repair a login: the button, the page that the host opens, and the news', async () => {
    stage().breakBank()
    await using shown = await showInHost(stage(), 'list_connections', { args: { refresh: true } })
    const { page, view, opened, called, noise } = shown
    await view.getByText('Needs a new login', { exact: true }).waitFor()
    expect(await barriersOn(frameOf(page))).toEqual([])
    await view.getByRole('button', { name: /^Re-authenticate/ }).click()
    await until(() => opened.length === 1)
    expect(opened[0]?.startsWith(stage().house.simulator.url)).toBe(true)
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
    await using shown = await showInHost(stage(), 'sync_snapshot')
    const { page, view, called, noise } = shown
    await view.getByText('Complete: every bank is fresh.').waitFor()
    await view.getByText('Net worth', { exact: true }).waitFor()
    await view.getByRole('heading', { name: 'Net worth over time' }).waitFor()
    await view.getByRole('img', { name: /^Income and expenses in USD/ }).waitFor()
    expect(await barriersOn(frameOf(page))).toEqual([])
    await view.locator('html[data-theme=dark]').waitFor()
    await page.evaluate("changeTheme('light')")
    await view.locator('html[data-theme=light]').waitFor()
    await view.getByRole('button', { name: 'Fetch now' }).click()
    await view.getByText('fetched just now').first().waitFor()
    const drawings = [
      { name: 'get_history', arguments: { metric: 'net_worth' } },
      { name: 'get_cash_flow', arguments: { group_by: 'month' } },
    ]
    expect(called.slice(0, 3)).toEqual([
      ...drawings,
      { name: 'sync_snapshot', arguments: { max_age_minutes: 0 } },
    ])
    // The frame is as high as what it shows.
    await until(async () => (await page.locator('iframe').boundingBox())?.height !== 150)
    expect(noise).toEqual([])
  }, 60_000)

  it.each(['refused', 'unknown'] as const)(
    'show the snapshot without its drawings where calls are %s, and say nothing of it',
    async (calls) => {
      await using shown = await showInHost(stage(), 'sync_snapshot', { calls })
      await shown.view.getByText('Complete: every bank is fresh.').waitFor()
      await until(() => shown.called.length === (calls === 'refused' ? 2 : 0))
      await shown.page.waitForTimeout(200)
      expect(await shown.view.getByRole('img').count()).toBe(0)
      expect(await shown.view.getByRole('status').isHidden()).toBe(true)
      expect(shown.noise).toEqual([])
    },
    60_000,
  )

  it('show the positions, in a narrow chat too', async () => {
    await using shown = await showInHost(stage(), 'get_positions')
    const { page, view, noise } = shown
    const positions = view.getByRole('table', { name: 'Positions, the largest first' })
    await positions.waitFor()
    await page.evaluate("document.querySelector('iframe').width = 360")
    await expect.poll(() => tablesTooWide(frameOf(page))).toEqual([])
    // They are a table to whoever does not see them, whatever they look like.
    expect(await positions.getByRole('columnheader', { name: 'Gain' }).count()).toBe(1)
    expect(await barriersOn(frameOf(page))).toEqual([])
    expect(noise).toEqual([])
  }, 60_000)

  it('are made of the text where the host hands over no more, and wait for no call that was stopped', async () => {
    await using text = await showInHost(stage(), 'get_positions', {
      handed: (result) => ({ content: 'content' in result ? result.content : [] }),
    })
    await text.view.getByRole('table', { name: 'Positions, the largest first' }).waitFor()
    await using stopped = await showInHost(stage(), 'get_positions', { handed: () => null })
    await stopped.view.getByText('The call was stopped').waitFor()
    expect(await stopped.view.getByText('Waiting for the figures.').count()).toBe(0)
  }, 60_000)

  it('say what a tool refused, in its words, and that the host has', async () => {
    const refusal = { kind: 'error', code: 'INVALID_FIELD' } as const
    stage().house.simulator.controls.failNext('/link/token/create', refusal)
    await using shown = await showInHost(stage(), 'list_connections')
    await shown.view.getByRole('button', { name: 'Connect a bank' }).click()
    await shown.view
      .getByRole('status')
      .getByText(/^[A-Z_]+: .*Plaid/)
      .waitFor()
    await using refusing = await showInHost(stage(), 'list_connections', { calls: 'refused' })
    await refusing.view.getByRole('button', { name: 'Connect a bank' }).click()
    await refusing.view.getByRole('status').getByText('The person said no.').waitFor()
    for (const { noise } of [shown, refusing]) expect(noise).toEqual([])
  }, 60_000)

  it('lead to the page that asks before anything is removed', async () => {
    await using shown = await showInHost(stage(), 'list_connections')
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
