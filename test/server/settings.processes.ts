import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { clickLink } from '../../src/simulator/click.ts'
import { tools } from '../../src/tools/index.ts'
import { baseEnv, connectBank, type Copy, emptyHome, household, startCopy } from '../support/coffer.ts'
import { runCommand } from '../support/command.ts'
import { until } from '../support/until.ts'

const names = tools.map(({ name }) => name)
const homes: string[] = []

function envOfItsOwn(more: Record<string, string> = {}): Record<string, string> {
  const home = emptyHome()
  homes.push(home)
  return { ...baseEnv(home), ...more }
}

afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true })
})

async function failuresOfAll(copy: Copy): Promise<string[]> {
  return await Promise.all(names.map((name) => copy.failure(name)))
}

describe('without Plaid keys', () => {
  it('starts, lists its tools, and each says what to set', async () => {
    const copy = await startCopy(envOfItsOwn())
    expect((await copy.client.listTools()).tools.map(({ name }) => name)).toEqual(names)
    for (const text of await failuresOfAll(copy)) {
      expect(text).toMatch(/^NOT_CONFIGURED: .*PLAID_CLIENT_ID.*PLAID_SECRET/)
      expect(text).toContain('--demo')
    }
    await copy.close()
  })

  it('takes an empty value for none, as hosts pass what their user left out', async () => {
    const env = envOfItsOwn({ PLAID_CLIENT_ID: '', PLAID_SECRET: ' ', PLAID_ENV: '', COFFER_READ_ONLY: '' })
    const copy = await startCopy(env)
    expect(await copy.failure('list_connections')).toMatch(/^NOT_CONFIGURED: /)
    await copy.close()
  })

  it('needs no restart once setup has settled them, and leads from then on', async () => {
    await using house = await household()
    const { PLAID_CLIENT_ID, PLAID_SECRET, ...env } = house.env
    const copy = await startCopy(env)
    await copy.client.listTools()
    expect(await copy.failure('list_connections')).toMatch(/^NOT_CONFIGURED: /)
    mkdirSync(join(house.home, 'data'), { mode: 0o700 })
    writeFileSync(join(house.home, 'data', 'config.json'), JSON.stringify({ PLAID_CLIENT_ID, PLAID_SECRET }))
    expect(await copy.call('list_connections')).toMatchObject({ connections: [] })
    await until(async () => (await copy.call('sync_schedule')).leader?.here === true)
    await copy.close()
  })

  it('a command says the same and ends with 78', async () => {
    const ended = await runCommand(['sync'], envOfItsOwn())
    expect(ended).toMatchObject({ code: 78, stdout: '' })
    expect(ended.stderr).toMatch(/^NOT_CONFIGURED: .*PLAID_CLIENT_ID/)
  })
})

const keys = { PLAID_CLIENT_ID: 'some-client', PLAID_SECRET: 'some-secret' }

describe('a setting that cannot be used', () => {
  const cases: [variable: string, value: string, says: RegExp][] = [
    ['PLAID_ENV', 'development', /PLAID_ENV .*shut down in June 2024.*PLAID_ENV=sandbox/],
    ['PLAID_ENV', 'prod', /PLAID_ENV must be one of sandbox, production/],
    ['PLAID_BASE_URL', 'https://plaid.com.example', /PLAID_BASE_URL must be .*plaid\.com/],
    ['PLAID_PRODUCTS', 'transactions,auth', /PLAID_PRODUCTS must be one of/],
    ['COFFER_KEY', 'vault', /COFFER_KEY must be keychain, env, or file:/],
    ['COFFER_CHECK_MINUTES', '0', /COFFER_CHECK_MINUTES must be a whole number/],
    ['COFFER_READ_ONLY', 'perhaps', /COFFER_READ_ONLY must be on or off/],
    ['COFFER_LOG_LEVEL', 'loud', /COFFER_LOG_LEVEL must be one of/],
  ]

  it.each(cases)('%s=%s: the server starts and every tool says why', async (variable, value, says) => {
    const copy = await startCopy(envOfItsOwn({ ...keys, [variable]: value }))
    expect((await copy.client.listTools()).tools).not.toHaveLength(0)
    for (const text of await failuresOfAll(copy)) expect(text).toMatch(new RegExp(`^BAD_SETTING: .*`))
    expect(await copy.failure('list_connections')).toMatch(says)
    await copy.close()
  })

  it('a command stops with 78, the variable, the problem and an example', async () => {
    const ended = await runCommand(['list'], envOfItsOwn({ ...keys, PLAID_ENV: 'development' }))
    expect(ended).toMatchObject({ code: 78, stdout: '' })
    expect(ended.stderr).toMatch(/PLAID_ENV .*June 2024/)
    expect(ended.stderr).toContain('PLAID_ENV=sandbox')
  })

  it('a short passphrase is refused by its name and never shown', async () => {
    const env = envOfItsOwn({ ...keys, COFFER_KEY: 'env', TOKEN_ENCRYPTION_KEY: 'tooshort-1' })
    const copy = await startCopy(env)
    const text = await copy.failure('connect_bank')
    expect(text).toMatch(/^BAD_SETTING: TOKEN_ENCRYPTION_KEY .*16/)
    expect(text).not.toContain('tooshort-1')
    await copy.close()
  })
})

describe('wrong keys', () => {
  it('are called wrong by every tool that asks Plaid, and no link is made', async () => {
    await using house = await household()
    const copy = await house.start({ PLAID_SECRET: 'of-another-team' })
    const text = await copy.failure('connect_bank')
    expect(text).toMatch(/^PLAID_KEYS_REJECTED: .*PLAID_ENV/)
    expect(text).not.toContain('of-another-team')
  })

  it('leave the stored figures readable, with the reason beside them', async () => {
    await using house = await household()
    const copy = await house.start()
    await connectBank(copy)
    const before = await copy.call('sync_snapshot')
    await copy.close()
    const wrong = await house.start({ PLAID_SECRET: 'of-another-team' })
    const after = await wrong.call('sync_snapshot', { max_age_minutes: 0 })
    expect(after).toMatchObject({ complete: false, totals: before.totals })
    expect(after.connections).toMatchObject([
      { status: 'active', source: 'cached', error: { code: 'PLAID_KEYS_REJECTED' } },
    ])
    const ended = await runCommand(['connect'], { ...house.env, PLAID_SECRET: 'of-another-team' })
    expect(ended).toMatchObject({ code: 77, stderr: expect.stringMatching(/^PLAID_KEYS_REJECTED: /) })
  })

  it('make no difference once they are right', async () => {
    await using house = await household()
    const wrong = await house.start({ PLAID_SECRET: 'of-another-team' })
    await wrong.failure('connect_bank')
    await wrong.close()
    const copy = await house.start()
    const { url } = await copy.call('connect_bank')
    expect((await clickLink(url, 'cancel')).refusal).toBeNull()
  })
})
