import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import { errorTable } from '../../src/plaid/error-table.ts'
import { classOf, translateCode } from '../../src/plaid/errors.ts'
import { translate } from '../../src/plaid/failure.ts'

const documented = join(import.meta.dirname, '../../../shared/plaid/error-table.txt')

// What this program never does: identity, payments, processors, users of Plaid's own, OAuth in an embedded Link.
const elsewhere =
  /^(RECAPTCHA_|INCORRECT_|OAUTH_|INVALID_(AUDIT_COPY_TOKEN|PROCESSOR_TOKEN|STRIPE_ACCOUNT|USER_(ID|TOKEN)|ACCOUNT_NUMBER)|PROFILE_|TOO_MANY_VER|INSTANT_MATCH|MANUAL_VER|PLAID_DIRECT|SANDBOX_TRANSFER|USER_NOT_FOUND)/

describe('the error table', () => {
  it.each([
    ['ITEM_LOGIN_REQUIRED', 'reauth', 'ITEM_LOGIN_REQUIRED', false],
    ['INVALID_MFA', 'reauth', 'ITEM_LOGIN_REQUIRED', false],
    ['NO_ACCOUNTS', 'account_selection', 'ITEM_LOGIN_REQUIRED', false],
    ['INVALID_ACCOUNT_ID', 'account_selection', 'UNKNOWN_ACCOUNT', false],
    ['ADDITIONAL_CONSENT_REQUIRED', 'consent', 'CONSENT_REQUIRED', false],
    ['ITEM_LOCKED', 'bank_side', 'BANK_ACTION_REQUIRED', false],
    ['ITEM_NOT_FOUND', 'terminal', 'CONNECTION_ENDED', false],
    ['USER_PERMISSION_REVOKED', 'terminal', 'CONNECTION_ENDED', false],
    ['NO_INVESTMENT_ACCOUNTS', 'product_gap', 'PRODUCT_UNAVAILABLE', false],
    ['PRODUCT_NOT_READY', 'retry_soon', 'NOT_READY', true],
    ['INTERNAL_SERVER_ERROR', 'retry_soon', 'PLAID_DOWN', true],
    ['TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION', 'retry_soon', 'SYNC_MUTATED', true],
    ['INSTITUTION_DOWN', 'retry_later', 'BANK_DOWN', true],
    ['PLANNED_MAINTENANCE', 'retry_later', 'PLAID_DOWN', true],
    ['BALANCE_LIMIT', 'retry_later', 'PLAID_RATE_LIMITED', true],
    ['LAST_UPDATED_DATETIME_OUT_OF_RANGE', 'retry_later', 'PRODUCT_UNAVAILABLE', true],
    ['CREDITS_EXHAUSTED', 'configuration', 'PLAID_CREDITS_EXHAUSTED', false],
    ['INVALID_API_KEYS', 'configuration', 'PLAID_KEYS_REJECTED', false],
    ['INVALID_PRODUCT', 'configuration', 'PLAID_MISCONFIGURED', false],
    ['A_CODE_OF_NEXT_YEAR', 'unknown', 'PLAID_REJECTED', false],
  ])('%s is %s and becomes %s', (plaidCode, errorClass, code, retryable) => {
    expect(classOf(plaidCode)).toBe(errorClass)
    expect(translateCode(plaidCode)).toMatchObject({ code, plaidCode, retryable })
  })

  it('says in whole sentences what happened and what to do', () => {
    for (const [plaidCode, { text, fix }] of errorTable) {
      expect(`${plaidCode}: ${text}`).toMatch(/: [A-Z].*\.$/)
      expect(`${plaidCode}: ${fix}`).toMatch(/: [A-Z].*\.$/)
      expect(text).not.toContain(plaidCode)
    }
  })

  it("names Plaid's code and request id for a code that is not in it", () => {
    const error = translateCode('A_CODE_OF_NEXT_YEAR', { requestId: 'abc123' })
    expect(error.message).toContain('A_CODE_OF_NEXT_YEAR')
    expect(error.message).toContain('abc123')
    expect(error.requestId).toBe('abc123')
  })

  it.each([' ', 'constructor', '__proto__', 'lower_case', 'A CODE', 'A'.repeat(70), 'access-sandbox-1'])(
    'does not repeat %j, which is no code',
    (text) => {
      const error = translateCode(text)
      expect(error).toMatchObject({ code: 'PLAID_REJECTED', plaidCode: 'UNKNOWN' })
      expect(error.message).not.toContain(` ${text}`)
    },
  )

  it('names the environment in which the keys were refused', () => {
    expect(translateCode('INVALID_API_KEYS', { environment: 'production' }).message).toContain('production')
  })

  it.skipIf(!existsSync(documented))(
    'has every documented code that can concern us (needs the shared folder)',
    () => {
      const codes = [...readFileSync(documented, 'utf8').matchAll(/^\d{3} \w+ (\w+) \|/gm)].map(
        ([, code = '']) => code,
      )
      expect(codes.length).toBeGreaterThan(80)
      expect(codes.filter((code) => classOf(code) === 'unknown' && !elsewhere.test(code))).toEqual([])
    },
  )
})

describe('translate', () => {
  it('leaves an error of ours as it is', () => {
    const error = new CofferError('VAULT_LOCKED', 'locked')
    expect(translate(error)).toBe(error)
  })

  it.each([new Error('access-sandbox-1'), 'access-sandbox-1', null, undefined, { code: 'ECONNRESET' }])(
    'says nothing of what was unforeseen: %s',
    (thrown) => {
      expect(translate(thrown)).toMatchObject({
        code: 'INTERNAL',
        message: expect.not.stringContaining('access-'),
      })
    },
  )

  it.each([
    [{ isAxiosError: true, code: 'ECONNREFUSED' }, 'PLAID_UNREACHABLE'],
    [{ isAxiosError: true }, 'PLAID_UNREACHABLE'],
    [{ isAxiosError: true, code: 'ERR_BAD_RESPONSE' }, 'PLAID_UNREACHABLE'],
    [{ isAxiosError: true, response: { status: 502, data: '<html>' } }, 'PLAID_DOWN'],
    [{ isAxiosError: true, response: { status: 503, data: null } }, 'PLAID_DOWN'],
    [{ isAxiosError: true, response: { status: 302, data: '' } }, 'PLAID_DOWN'],
    [{ isAxiosError: true, response: { status: 429, data: 'slow down' } }, 'PLAID_RATE_LIMITED'],
    [
      { isAxiosError: true, response: { status: 429, data: { error_code: 'NEW_LIMIT' } } },
      'PLAID_RATE_LIMITED',
    ],
    [{ isAxiosError: true, response: { status: 500, data: { error_code: 'NEW_FAULT' } } }, 'PLAID_DOWN'],
    [{ isAxiosError: true, response: { status: 400, data: { error_code: 7 } } }, 'PLAID_DOWN'],
    [
      { isAxiosError: true, response: { status: 400, data: { error_code: 'NEW_REFUSAL' } } },
      'PLAID_REJECTED',
    ],
  ])('%j is %s', (thrown, code) => {
    expect(translate(thrown)).toMatchObject({ code })
  })

  it.each([
    ['EAI_AGAIN', /DNS/],
    ['CERT_NOT_YET_VALID', /set the clock/],
    ['CERT_HAS_EXPIRED', /set the clock/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /NODE_EXTRA_CA_CERTS/],
    ['ENETUNREACH', /network connection/],
  ])('%s has its own way out', (code, fix) => {
    expect(translate({ isAxiosError: true, code }).fix).toMatch(fix)
  })
})
