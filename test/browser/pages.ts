import type { BrowserContextOptions, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { start } from '../cli/process.ts'
import { until } from '../support/until.ts'
import { noiseOf } from './chromium.ts'
import type { Stage } from './stage.ts'

export interface Opened {
  readonly page: Page
  /** Where the pages are, without a slash at the end. */
  readonly address: string
  readonly noise: string[]
  /** Ends `coffer-mcp open`. */
  readonly stop: () => void
}

/** What `coffer-mcp open` opens, in a browser of its own. Both end with the test. */
export async function openPages(
  { browser, house }: Pick<Stage, 'browser' | 'house'>,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const running = start(['open', '--json'], { ...house.env, COFFER_PAGES_PORT: '0' })
  await until(() => running.stdout().includes('}'))
  const { url } = JSON.parse(running.stdout()) as { url: string }
  const context = await browser.newContext(options)
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const noise = noiseOf(page)
  await page.goto(url)
  await page.getByRole('heading', { name: 'Connections' }).waitFor()
  return { page, noise, address: new URL(url).origin, stop: () => void running.child.kill() }
}
