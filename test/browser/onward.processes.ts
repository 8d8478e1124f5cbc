import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { until } from '../support/until.ts'
import { type Shown, showInHost } from './app-host.ts'
import { barriersOn } from './axe.ts'
import { unlessInstalled } from './chromium.ts'
import { openPages } from './pages.ts'
import { setStage, type Stage } from './stage.ts'

const user = { username: 'user_good', password: 'pass_good' }
/** From the first day of a household's history on. */
const sixMonths = /^Income and expenses in USD of 6 months/

describe.skipIf(unlessInstalled)(`a login that does not come to its end${unlessInstalled}`, () => {
  const stage = setStage()

  it('goes on by the buttons of the pages, and so do the figures', async () => {
    const { page, address, noise } = await openPages(stage())
    const main = page.locator('main')
    const press = (name: string) => page.getByRole('button', { name }).click()
    const itemIds = bothItems(stage())

    failing(stage(), itemIds.bank, 'ITEM_LOCKED')
    await press('Check now')
    await press('Log in again First Platypus Bank')
    await page.waitForURL('**/links/*')
    await main.getByText('This link has expired.').waitFor()
    expect(await barriersOn(page)).toEqual([])
    await press('Make a new link')
    await logIn(page)
    await main.getByText('First Platypus Bank works again. Plaid has confirmed it.').waitFor()

    await page.goto(`${address}/connections`)
    await press('Connect a bank')
    await logIn(page, 'First Platypus Bank')
    await main.getByText('This login is connected already').waitFor()
    expect(await barriersOn(page)).toEqual([])
    await press('Connect it a second time')
    await main.getByText('First Platypus Bank is connected.').waitFor()
    await page.getByRole('link', { name: 'All connections' }).click()
    await page.getByText('3 connections; none needs you.').waitFor()

    stage().house.simulator.controls.breakItem(itemIds.brokerage, 'ITEM_NOT_FOUND')
    await press('Check now')
    await press('Connect again Houndstooth Bank')
    await logIn(page, 'Houndstooth Bank')
    await main.getByText('Houndstooth Bank is connected.').waitFor()

    await page.goto(`${address}/snapshot`)
    await press('Fetch these months')
    await page.getByText('These months were fetched.').waitFor()
    expect(await page.getByRole('img', { name: sixMonths }).count()).toBe(1)
    expect(noise).toEqual([])
  }, 120_000)

  it('goes on by the buttons of the view in a host, and so do the figures', async () => {
    const itemIds = bothItems(stage())
    failing(stage(), itemIds.bank, 'ITEM_LOCKED')
    await using shown = await showInHost(stage(), 'list_connections', { args: { refresh: true } })
    const { view, noise } = shown
    const told = view.getByRole('status')
    const press = (name: string | RegExp) => view.getByRole('button', { name }).click()

    await press('Log in again First Platypus Bank')
    await told.getByText('This link has expired.').waitFor()
    await finishNext(shown, () => press('Make a new link'))
    await told.getByText('First Platypus Bank works again. Plaid has confirmed it.').waitFor()

    await finishNext(shown, () => press('Connect a bank'), 'ins_109508')
    await told.getByText('This login is connected already').waitFor()
    await press('Connect it a second time')
    await told.getByText('First Platypus Bank is connected.').waitFor()
    const { total } = await stage().chat.call('list_connections')
    await view.getByText(`${total} connections; none needs you.`).waitFor()

    stage().house.simulator.controls.breakItem(itemIds.brokerage, 'ITEM_NOT_FOUND')
    await press('Check now')
    await finishNext(shown, () => press('Connect again Houndstooth Bank'), 'ins_109512')
    await told.getByText('Houndstooth Bank is connected.').waitFor()
    expect(noise).toEqual([])

    await using figures = await showInHost(stage(), 'sync_snapshot')
    await figures.view.getByRole('button', { name: 'Fetch these months' }).click()
    await figures.view.getByRole('img', { name: sixMonths }).waitFor()
    expect(figures.noise).toEqual([])
  }, 120_000)
})

/** The newest of each; stories before may have made others. */
function bothItems({ house }: Stage): { bank: string; brokerage: string } {
  const newest = (institution: string) =>
    house.simulator.controls.items().findLast(({ institutionId }) => institutionId === institution)?.itemId ??
    ''
  return { bank: newest('ins_109508'), brokerage: newest('ins_109512') }
}

/** A bank that refuses, and the next link is one that Plaid knows no more: as though its time were over. */
function failing({ house }: Stage, itemId: string, code: 'ITEM_LOCKED'): void {
  const { controls } = house.simulator
  controls.breakItem(itemId, code)
  controls.failNext('/link/token/get', { kind: 'error', code: 'INVALID_LINK_TOKEN' })
}

/** What a person does on the page of the bank that opens; `bank`: chosen there, where it is not fixed. */
async function logIn(page: Page, bank?: string): Promise<void> {
  const [opened] = await Promise.all([page.waitForEvent('popup'), page.locator('#login').click()])
  if (bank !== undefined) {
    await opened.getByLabel('Bank').selectOption({ label: bank })
    await opened.getByLabel('User name').fill(user.username)
    await opened.getByLabel('Password').fill(user.password)
  }
  await opened.getByRole('button', { name: 'Log in', exact: true }).click()
  await opened.waitForURL('**/done/**')
  await opened.close()
}

/** The same on the page that the view has the host open by this. */
async function finishNext({ opened }: Shown, press: () => Promise<void>, institutionId?: string) {
  const before = opened.length
  await press()
  await until(() => opened.length > before)
  const bank = institutionId === undefined ? {} : { institutionId }
  await finishLink(opened.at(-1) ?? '', 'success', { ...bank, ...user })
}
