import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { mayAskPlaid, platformHome, readConfig, userHome } from '../src/config.ts'
import { CofferError } from '../src/errors.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'coffer-test-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

type Strings = Record<string, string>

function read(env: Strings = {}, flags: Strings = {}, more: { demo?: boolean } = {}) {
  return readConfig({
    flags,
    env: { HOME: '/home/ana', COFFER_HOME: home, ...env },
    platform: 'linux',
    ...more,
  })
}

function refusal(env: Strings, flags: Strings = {}): CofferError {
  try {
    read(env, flags)
  } catch (error) {
    if (error instanceof CofferError) return error
  }
  throw new Error('nothing was refused')
}

function configFile(content: string): void {
  writeFileSync(join(home, 'config.json'), content)
}

describe('where a setting comes from', () => {
  it('the default, where nothing is set', () => {
    expect(read()).toMatchObject({
      home,
      keys: null,
      environment: 'sandbox',
      baseUrl: null,
      products: ['transactions', 'investments', 'liabilities'],
      countryCodes: ['US'],
      language: 'en',
      key: { source: 'keychain' },
      openBrowser: true,
      checkMinutes: 60,
      syncCron: '0 6 * * *',
      ledger: false,
      retentionDays: 730,
      readOnly: false,
      logLevel: 'silent',
      logFile: null,
    })
  })

  it('config.json before the default, the environment before that, a flag before all', () => {
    configFile(JSON.stringify({ COFFER_CHECK_MINUTES: 5 }))
    expect(read().checkMinutes).toBe(5)
    expect(read({ COFFER_CHECK_MINUTES: '6' }).checkMinutes).toBe(6)
    expect(read({ COFFER_CHECK_MINUTES: '6' }, { 'check-minutes': '7' }).checkMinutes).toBe(7)
  })

  it('an empty value is none, as hosts pass what their user left empty', () => {
    configFile(JSON.stringify({ PLAID_LANGUAGE: 'fr', PLAID_ENV: '', PLAID_BASE_URL: null }))
    const config = read({ PLAID_LANGUAGE: '', PLAID_ENV: '  ', PLAID_CLIENT_ID: ' ' }, { language: '' })
    expect(config).toMatchObject({ language: 'fr', environment: 'sandbox', keys: null, baseUrl: null })
  })

  it('the home of a flag decides whose config.json counts', () => {
    const other = join(home, 'other')
    mkdirSync(other)
    writeFileSync(join(other, 'config.json'), JSON.stringify({ PLAID_LANGUAGE: 'es' }))
    expect(read({}, { home: other })).toMatchObject({ home: other, language: 'es' })
  })

  it.each(['{', '', '{"a":1,}'])('a config.json that is no JSON is refused by its name: %j', (content) => {
    configFile(content)
    expect(refusal({})).toMatchObject({
      code: 'BAD_SETTING',
      message: `${join(home, 'config.json')} is not valid JSON.`,
    })
  })

  it('a config.json may begin with a byte order mark, as editors on Windows write it', () => {
    configFile('\uFEFF{"PLAID_LANGUAGE":"es"}')
    expect(read().language).toBe('es')
  })

  it('a config.json that cannot be read is not passed over', () => {
    mkdirSync(join(home, 'config.json'))
    expect(refusal({}).message).toBe(`${join(home, 'config.json')} cannot be read.`)
  })

  it('is frozen, and surrounding spaces count for nothing', () => {
    const config = read({ COFFER_READ_ONLY: ' 1 ' })
    expect(config.readOnly).toBe(true)
    expect(Object.isFrozen(config)).toBe(true)
  })
})

describe("Plaid's keys", () => {
  it('count only together, and the secret does not print', () => {
    expect(read({ PLAID_CLIENT_ID: 'id' }).keys).toBeNull()
    expect(read({ PLAID_SECRET: 'hidden' }).keys).toBeNull()
    const { keys } = read({ PLAID_CLIENT_ID: 'id', PLAID_SECRET: 'hidden' })
    expect(keys?.clientId).toBe('id')
    expect(JSON.stringify(keys)).not.toContain('hidden')
    expect(keys?.secret.open()).toBe('hidden')
  })

  it('are in the keychain where setup has noted so, and those of the environment win', () => {
    expect(mayAskPlaid(read())).toBe(false)
    configFile('{"COFFER_PLAID_KEYS":"keychain"}')
    const kept = read({ PLAID_CLIENT_ID: 'alone' })
    expect(kept).toMatchObject({ keys: null, keysInKeychain: true })
    expect(mayAskPlaid(kept)).toBe(true)
    expect(read({ PLAID_CLIENT_ID: 'id', PLAID_SECRET: 'hidden' }).keys).toMatchObject({ clientId: 'id' })
  })

  it('are no flags, since flags show in process lists', () => {
    const flags = { 'client-id': 'id', secret: 'hidden', PLAID_SECRET: 'hidden', passphrase: 'a'.repeat(20) }
    expect(read({}, flags)).toMatchObject({ keys: null, key: { source: 'keychain' } })
  })
})

describe('the key that seals', () => {
  const passphrase = 'correct horse battery'
  it.each([
    [{}, { source: 'keychain' }],
    [{ COFFER_KEY: 'keychain', TOKEN_ENCRYPTION_KEY: passphrase }, { source: 'keychain' }],
    [{ TOKEN_ENCRYPTION_KEY: passphrase }, { source: 'env' }],
    [{ COFFER_KEY: 'env', TOKEN_ENCRYPTION_KEY: passphrase }, { source: 'env' }],
    [{ COFFER_KEY: 'file:/keys/coffer.key' }, { source: 'file', path: '/keys/coffer.key' }],
    [{ COFFER_KEY: 'file:~/coffer.key' }, { source: 'file', path: '/home/ana/coffer.key' }],
    [{ COFFER_KEY: 'file:/keys/a:b c' }, { source: 'file', path: '/keys/a:b c' }],
  ])('of %j is %j', (env: Strings, key) => {
    expect(read(env).key).toMatchObject(key)
  })

  it('of a passphrase does not print', () => {
    expect(JSON.stringify(read({ TOKEN_ENCRYPTION_KEY: passphrase }))).not.toContain(passphrase)
  })

  it('env without a passphrase is refused with both choices', () => {
    const error = refusal({ COFFER_KEY: 'env' })
    expect(error.message).toContain('TOKEN_ENCRYPTION_KEY is not set')
    expect(error.fix).toContain('COFFER_KEY=keychain')
  })
})

describe('the data directory', () => {
  it.each([
    ['linux', { HOME: '/home/ana' }, '/home/ana/.local/share/coffer-mcp'],
    ['linux', { HOME: '/home/ana', XDG_DATA_HOME: '/data' }, '/data/coffer-mcp'],
    ['linux', { HOME: '/home/ana', XDG_DATA_HOME: '' }, '/home/ana/.local/share/coffer-mcp'],
    ['darwin', { HOME: '/Users/ana' }, '/Users/ana/Library/Application Support/coffer-mcp'],
    ['win32', { USERPROFILE: '/u/ana', LOCALAPPDATA: '/u/ana/local' }, '/u/ana/local/coffer-mcp'],
    ['win32', { USERPROFILE: '/u/ana' }, '/u/ana/AppData/Local/coffer-mcp'],
  ] as const)('on %s with %j is %s', (platform, env, path) => {
    expect(platformHome(platform, env)).toBe(path)
    expect(readConfig({ flags: {}, env, platform }).home).toBe(path)
  })

  it('is below the home of this user where HOME is empty, and not where the program was started', () => {
    vi.stubEnv('HOME', '')
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(userHome({ HOME: '' })).toBe(userInfo().homedir)
    const { home } = readConfig({ flags: {}, env: { HOME: '' }, platform: 'linux' })
    expect(home).toBe(join(userInfo().homedir, '.local/share/coffer-mcp'))
  })

  it('may be given with ~, which no shell expands in a host, or by a relative path', () => {
    expect(readConfig({ flags: {}, env: { HOME: '/home/ana', COFFER_HOME: '~/money' } }).home).toBe(
      '/home/ana/money',
    )
    expect(read({}, { home: 'money' }).home).toBe(join(process.cwd(), 'money'))
    expect(read({ COFFER_LOG_FILE: '~/coffer.log' }).logFile).toBe('/home/ana/coffer.log')
  })

  it('of the demo is one of its own, with a key file of its own, in the sandbox', () => {
    const env = { PLAID_ENV: 'production', COFFER_KEY: 'file:/keys/real', PLAID_CLIENT_ID: 'id' }
    expect(read(env, {}, { demo: true })).toMatchObject({
      demo: true,
      home: join(home, 'demo'),
      environment: 'sandbox',
      key: { source: 'file', path: join(home, 'demo', 'demo.key') },
    })
  })

  it('of the demo has no relay before it, whose secret the simulator does not know', () => {
    const env = {
      PLAID_WEBHOOK_FORWARD_SHARED_SECRET: 'a made-up relay secret',
      COFFER_TRUST_FORWARDER: '1',
      COFFER_PORT: '9000',
    }
    expect(read(env, {}, { demo: true }).listener).toEqual({
      port: 0,
      forwardSecret: null,
      trustForwarder: false,
    })
  })
})
