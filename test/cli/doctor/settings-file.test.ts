import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { settingsFileOf } from '../../../src/cli/doctor/settings-file.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'coffer-settings-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const write = (settings: object) => writeFileSync(join(home, 'config.json'), JSON.stringify(settings))

it('a settings file that has settings alone is nothing to speak of, and so is one that is not there', () => {
  expect(settingsFileOf({ home })).toEqual([])
  write({ COFFER_LEDGER: 'on', COFFER_RETENTION_DAYS: 90 })
  expect(settingsFileOf({ home })).toEqual([])
})

it('a name that nobody reads is told, and a secret by its name alone', () => {
  write({ COFFER_LEDGR: 'on', PLAID_SECRET: 'do-not-show-this', TOKEN_ENCRYPTION_KEY: 'nor this one' })
  const found = settingsFileOf({ home })
  expect(found).toMatchObject([
    { ok: false, says: expect.stringMatching(/no setting: COFFER_LEDGR$/) },
    { ok: false, says: expect.stringMatching(/holds PLAID_SECRET, TOKEN_ENCRYPTION_KEY in plain text$/) },
  ])
  expect(JSON.stringify(found)).not.toMatch(/do-not-show-this|nor this one/)
})
