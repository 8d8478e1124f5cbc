import { describe, expect, it } from 'vitest'
import { connectBank, household } from '../support/coffer.ts'
import { aBrowser, noiseOf, unlessInstalled } from './chromium.ts'

describe.skipIf(unlessInstalled)(`a page that asks a person${unlessInstalled}`, () => {
  const browser = aBrowser()

  it('is answered by its buttons, in a browser as it comes, by keyboard too', async () => {
    await using house = await household()
    const chat = await house.start({ COFFER_LISTEN: 'off', COFFER_PAGES_PORT: '0' })
    const { item_id } = await connectBank(chat)
    const ask = async () => {
      const { next_step } = await chat.call('revoke_connection', { item_id })
      return /http:\S+/.exec(next_step?.text ?? '')?.[0] ?? ''
    }
    const page = await browser().newPage()
    const noise = noiseOf(page)

    await page.goto(await ask())
    expect(await page.getByRole('heading').textContent()).toBe('Do you want this?')
    await page.getByRole('button', { name: 'No, leave everything as it is' }).click()
    expect(await page.getByRole('heading').textContent()).toBe('Nothing was done')
    expect((await chat.call('list_connections')).total).toBe(1)

    await page.goto(await ask())
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('First Platypus Bank: removed').waitFor()
    expect((await chat.call('list_connections')).total).toBe(0)
    expect(noise).toEqual([])
  }, 60_000)
})
