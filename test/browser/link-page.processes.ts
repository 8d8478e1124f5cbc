import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Copy, type Household, household } from '../support/coffer.ts'
import { aBrowser, noiseOf, unlessInstalled } from './chromium.ts'

describe.skipIf(unlessInstalled)(`the Link page in a real browser${unlessInstalled}`, () => {
  const browser = aBrowser()
  let house: Household
  let copy: Copy
  let page: Page
  let noise: string[]

  beforeAll(async () => {
    house = await household()
    copy = await house.start()
    page = await browser().newPage()
    noise = noiseOf(page)
  }, 60_000)

  afterAll(async () => {
    await house[Symbol.asyncDispose]()
  })

  const outcomeOf = async (linkId: string) =>
    (await copy.call('check_connection', { link_id: linkId, wait_seconds: 10 })).outcome

  it('connects a bank after a wrong password and a second thought', async () => {
    const link = await copy.call('connect_bank')
    await page.goto(link.url)
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(await outcomeOf(link.link_id)).toBe('exited')

    await page.goto(link.url)
    await page.getByRole('button', { name: 'Log in with a wrong password' }).click()
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('credentials')

    await page.getByLabel('Bank').selectOption({ label: 'First Platypus Bank' })
    await page.getByLabel('User name').fill('user_good')
    await page.getByLabel('Password').fill('pass_good')
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    expect(await outcomeOf(link.link_id)).toBe('connected')
  }, 60_000)

  it('repairs a login that broke', async () => {
    const [item] = house.simulator.controls.items()
    house.simulator.controls.resetLogin(item?.itemId ?? '')
    const link = await copy.call('start_reauth', { item_id: item?.itemId ?? '' })
    await page.goto(link.url ?? '')
    expect(await page.getByRole('heading').textContent()).toBe('Log in to your bank again')
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    expect(await outcomeOf(link.link_id ?? '')).toBe('repaired')
  }, 60_000)

  it('says nothing on the console, and asks no other host', () => {
    expect(noise).toEqual([])
  })
})
