import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'

const executablePath = '/usr/bin/chromium'

/** What is said of tests that are skipped for want of a browser; empty when there is one. */
export const unlessInstalled = existsSync(executablePath)
  ? ''
  : ` (skipped: ${executablePath} is not installed)`

/** One for all stories of a file. */
export function aBrowser(): () => Browser {
  let browser: Browser | null = null
  beforeAll(async () => {
    browser = await launch()
  }, 60_000)
  afterAll(() => browser?.close())
  return () => {
    if (browser === null) throw new Error('no browser runs before the first story')
    return browser
  }
}

async function launch(): Promise<Browser> {
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ]
  return await chromium.launch({ executablePath, args: quiet })
}

/** What a page should never do, from now on: say something, break, or ask another machine. */
export function noiseOf(page: Page): string[] {
  const noise: string[] = []
  page.on('console', (message) => noise.push(message.text()))
  page.on('pageerror', (error) => noise.push(error.message))
  page.on('request', (request) => noise.push(...elsewhere(request.url())))
  return noise
}

/** What is said of a request that leaves this machine. */
function elsewhere(url: string): string[] {
  return new URL(url).hostname === '127.0.0.1' ? [] : [`asked ${url}`]
}
