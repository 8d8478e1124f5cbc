import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { start } from '../cli/process.ts'
import { household } from '../support/coffer.ts'
import { openerIn } from '../support/opener.ts'
import { until } from '../support/until.ts'
import { aBrowser, noiseOf, unlessInstalled } from './chromium.ts'

describe.skipIf(unlessInstalled)(`the file that a browser is started with${unlessInstalled}`, () => {
  const browser = aBrowser()

  it('leads to the pages by itself', async () => {
    await using house = await household()
    const opener = openerIn(house.home)
    start(['open'], { ...house.env, ...opener.env, COFFER_PAGES_PORT: '0' })
    await until(() => opener.opened().length === 1)
    const file = pathToFileURL(opener.opened()[0] ?? '').href
    const page = await browser().newPage()
    const noise = noiseOf(page)
    await page.goto(file)
    await page.getByRole('heading', { name: 'Connections' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/connections')
    expect(noise).toEqual([`asked ${file}`])
    await page.close()
  })
})
