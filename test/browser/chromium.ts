import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

/** What is said of tests that are skipped for want of a browser; empty when there is one. */
export const unlessInstalled = existsSync(executablePath)
  ? ''
  : ` (skipped: ${executablePath} is not installed)`

export async function launch(): Promise<Browser> {
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

/** What is said of a request that leaves this machine. */
export function elsewhere(url: string): string[] {
  return new URL(url).hostname === '127.0.0.1' ? [] : [`asked ${url}`]
}
