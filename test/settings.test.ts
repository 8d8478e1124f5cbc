import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { CofferError } from '../src/errors.ts'
import { isPlaidHost, settings } from '../src/settings.ts'

const rows = Object.values(settings)
const base = { HOME: '/home/ana', COFFER_HOME: '/nowhere/coffer' }

function refusal(env: Record<string, string>): CofferError {
  try {
    readConfig({ flags: {}, env: { ...base, ...env } })
  } catch (error) {
    if (error instanceof CofferError) return error
  }
  throw new Error('nothing was refused')
}

describe('a value that cannot be used', () => {
  it.each([
    ['PLAID_ENV', 'development', 'shut down in June 2024'],
    ['PLAID_ENV', 'Production', 'must be one of sandbox, production'],
    ['PLAID_BASE_URL', 'https://example.com', 'must be an https URL under plaid.com, or a loopback URL'],
    ['PLAID_PRODUCTS', 'transactions,auth', 'must be one of transactions, investments, liabilities'],
    ['PLAID_PRODUCTS', ',', 'must name at least one product'],
    ['PLAID_COUNTRY_CODES', 'USA', 'must be country codes of two capital letters'],
    ['PLAID_COUNTRY_CODES', 'us', 'must be country codes of two capital letters'],
    ['PLAID_LANGUAGE', 'english', 'must be two small letters'],
    ['COFFER_KEY', 'file', 'must be keychain, env, or file: followed by an absolute path'],
    ['COFFER_KEY', 'file:keys/coffer.key', 'must be keychain, env, or file: followed by an absolute path'],
    ['COFFER_KEY', 'file:', 'must be keychain, env, or file: followed by an absolute path'],
    ['TOKEN_ENCRYPTION_KEY', 'too short', 'must have at least 16 characters'],
    ['COFFER_OPEN', 'no', 'must be on or off'],
    ['COFFER_CHECK_MINUTES', '0', 'must be a whole number from 1 to 10080'],
    ['COFFER_CHECK_MINUTES', '10081', 'must be a whole number from 1 to 10080'],
    ['COFFER_CHECK_MINUTES', '1.5', 'must be a whole number'],
    ['COFFER_CHECK_MINUTES', '-5', 'must be a whole number'],
    ['COFFER_CHECK_MINUTES', '1e3', 'must be a whole number'],
    ['COFFER_READ_ONLY', 'maybe', 'must be on or off'],
    ['COFFER_LOG_LEVEL', 'verbose', 'must be one of silent, error, warn, info, debug'],
  ])('%s=%s is refused with its name, what is wrong and an example', (variable, value, problem) => {
    const error = refusal({ [variable]: value })
    expect(error.code).toBe('BAD_SETTING')
    expect(error.message).toMatch(new RegExp(`^${variable} `))
    expect(error.message).toContain(problem)
    expect(error.fix).toBe(
      `Set it like this: ${variable}=${rows.find((row) => row.variable === variable)?.example}`,
    )
  })

  it('is not repeated when it is a secret', () => {
    const { message, fix } = refusal({ TOKEN_ENCRYPTION_KEY: 'short secret' })
    expect(`${message} ${fix}`).not.toContain('short secret')
  })
})

describe('the table of settings', () => {
  it.each(rows)('$variable: its fallback and its example can be used', ({ fallback, example, schema }) => {
    expect(schema.safeParse(example).success).toBe(true)
    expect(fallback === null || schema.safeParse(fallback).success).toBe(true)
  })

  it('has each variable and each flag once, and no flag for a secret', () => {
    const flags = rows.flatMap(({ flag }) => (flag === null ? [] : [flag]))
    expect(new Set(flags).size).toBe(flags.length)
    expect(new Set(rows.map(({ variable }) => variable)).size).toBe(rows.length)
    const secrets = ['PLAID_SECRET', 'TOKEN_ENCRYPTION_KEY', 'PLAID_CLIENT_ID']
    for (const row of rows.filter(({ variable }) => secrets.includes(variable))) expect(row.flag).toBeNull()
  })

  it.each([
    ['on', true],
    ['1', true],
    ['true', true],
    ['off', false],
    ['0', false],
    ['false', false],
  ])('a switch takes %s', (value, isOn) => {
    expect(readConfig({ flags: {}, env: { ...base, COFFER_READ_ONLY: value } }).readOnly).toBe(isOn)
  })

  it('a list may have spaces and stray commas', () => {
    const env = { ...base, PLAID_PRODUCTS: ' transactions , investments,', PLAID_COUNTRY_CODES: 'US, CA' }
    expect(readConfig({ flags: {}, env })).toMatchObject({
      products: ['transactions', 'investments'],
      countryCodes: ['US', 'CA'],
    })
  })
})

describe('hosts that may be sent the keys', () => {
  it.each([
    'https://sandbox.plaid.com',
    'https://production.plaid.com/',
    'https://plaid.com',
    'https://PRODUCTION.PLAID.COM',
    'http://127.0.0.1:8080',
    'http://localhost:1234',
    'http://[::1]:9',
    'https://localhost',
  ])('%s', (url) => {
    expect(isPlaidHost(new URL(url))).toBe(true)
  })

  it.each([
    'https://plaid.com.evil.com',
    'https://evilplaid.com',
    'https://plaid.com@evil.com',
    'https://sandbox.plaid.com:443@evil.com',
    'https://evil.com/sandbox.plaid.com',
    'https://evil.com#.plaid.com',
    'https://evil.com?.plaid.com',
    'https://user:pass@sandbox.plaid.com',
    'http://sandbox.plaid.com',
    'http://plaid.com',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'javascript:alert(1)//.plaid.com',
    'http://127.0.0.1.evil.com',
    'http://localhost.evil.com',
    'http://localhost@evil.com',
    'http://0.0.0.0:80',
    'http://192.168.0.1',
    'http://169.254.169.254',
    'https://sandbox.plaid.com.',
    'https://pl\u0430id.com',
  ])('never %s', (url) => {
    expect(isPlaidHost(new URL(url))).toBe(false)
    expect(refusal({ PLAID_BASE_URL: url }).message).toContain('PLAID_BASE_URL must be')
  })

  it.each(['not a url', '//sandbox.plaid.com', 'sandbox.plaid.com'])('nor what is no URL: %s', (text) => {
    expect(refusal({ PLAID_BASE_URL: text }).message).toContain('PLAID_BASE_URL must be')
  })
})
