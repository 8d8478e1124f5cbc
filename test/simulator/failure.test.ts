import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isPlaidErrorCode, plaidFailure } from '../../src/simulator/failure.ts'

const file = join(import.meta.dirname, '../../../shared/plaid/error-table.txt')
const hasTable = existsSync(file)

/** What this simulator never says: it has to do with other products and other ways in. */
const elsewhere =
  /AUDIT|DEPOSIT|PROCESSOR|STRIPE|USER_TOKEN|PROFILE|INSTANT_MATCH|MANUAL_VERIFICATION|IMPORT|TRANSFER|OAUTH_ERROR|RECAPTCHA/

const documented = (hasTable ? readFileSync(file, 'utf8') : '').split('\n').flatMap((line) => {
  const [, status, type, code] = /^(\d+) (\w+) (\w+) \|/.exec(line) ?? []
  if (status === undefined || type === undefined || code === undefined) return []
  return elsewhere.test(`${type} ${code}`) ? [] : [{ status, type, code }]
})

describe.skipIf(!hasTable)(
  `Plaid's documented errors${hasTable ? '' : ' (skipped: no ../shared/plaid)'}`,
  () => {
    it.each(documented)('$code is $type, $status', ({ code, type, status }) => {
      if (!isPlaidErrorCode(code)) throw new Error(`${code} is missing`)
      const failure = plaidFailure(code)
      expect([failure.body.error_type, String(failure.status)]).toEqual([type, status])
      expect(failure.body.error_message).not.toBe('')
    })
  },
)

it('says what the request was about, where that is told', () => {
  const failure = plaidFailure('INVALID_FIELD', { message: 'count must be at most 500' })
  expect(failure.body).toEqual({
    error_type: 'INVALID_REQUEST',
    error_code: 'INVALID_FIELD',
    error_message: 'count must be at most 500',
    display_message: null,
  })
  expect(failure.message).toBe('INVALID_FIELD: count must be at most 500')
})
