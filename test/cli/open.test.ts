import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLater } from '../../src/cli/open.ts'

const keys = { PLAID_CLIENT_ID: 'client', PLAID_SECRET: 'secret' }
let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'coffer-open-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function openedWith(env: Readonly<Record<string, string>>) {
  return openLater({
    flags: {},
    env: { COFFER_HOME: home, COFFER_KEY: `file:${join(home, 'test.key')}`, ...env },
  })
}

describe('the program behind a door', () => {
  it('is opened once, with the settings of that moment', async () => {
    const opened = openedWith(keys)
    const app = await opened.app()
    writeFileSync(join(home, 'config.json'), 'no JSON')
    expect(await opened.app()).toBe(app)
    await opened.close()
  })

  it('wants keys, also when it was opened without them to look at what is there', async () => {
    const opened = openedWith({})
    await opened.appWithoutKeys()
    await expect(opened.app()).rejects.toMatchObject({ code: 'NOT_CONFIGURED' })
    await expect(opened.app()).rejects.toMatchObject({ code: 'NOT_CONFIGURED' })
    await opened.close()
  })

  it('reads its settings again after an opening that failed', async () => {
    writeFileSync(join(home, 'config.json'), 'no JSON')
    const opened = openedWith(keys)
    await expect(opened.app()).rejects.toMatchObject({ code: 'BAD_SETTING' })
    writeFileSync(join(home, 'config.json'), '{}')
    await expect(opened.app()).resolves.toBeDefined()
    await opened.close()
  })
})
