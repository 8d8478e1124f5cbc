import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  CofferError,
  errorCodes,
  ignoreKnown,
  isCofferError,
  isErrorCode,
  notConfigured,
} from '../src/errors.ts'

describe('a failure that has a code', () => {
  it('says what happened and what to do', () => {
    const error = new CofferError('BANK_DOWN', 'The bank does not answer.', {
      fix: 'Try again later.',
      retryable: true,
      plaidCode: 'INSTITUTION_DOWN',
      requestId: 'abc',
    })
    expect(error).toMatchObject({
      name: 'CofferError',
      code: 'BANK_DOWN',
      message: 'The bank does not answer.',
      fix: 'Try again later.',
      retryable: true,
      plaidCode: 'INSTITUTION_DOWN',
      requestId: 'abc',
    })
    expect(error).toBeInstanceOf(Error)
  })

  it('is not retryable unless it says so, and has no cause that could carry a secret', () => {
    const error = new CofferError('INTERNAL', 'broke')
    expect(error.retryable).toBe(false)
    expect(error.fix).toBeUndefined()
    expect(inspect(error)).not.toContain('cause')
  })

  it('is told apart by its code, never by its message', () => {
    const error = new CofferError('BANK_DOWN', 'PLAID_DOWN')
    expect(isCofferError(error)).toBe(true)
    expect(isCofferError(error, 'BANK_DOWN')).toBe(true)
    expect(isCofferError(error, 'PLAID_DOWN')).toBe(false)
    expect(isCofferError(new Error('BANK_DOWN'))).toBe(false)
    expect(isCofferError({ code: 'BANK_DOWN' }, 'BANK_DOWN')).toBe(false)
  })

  it('may be ignored by who has no use for it; anything unforeseen goes on', () => {
    expect(ignoreKnown(new CofferError('BANK_DOWN', 'down'))).toBeUndefined()
    expect(() => ignoreKnown(new TypeError('oops'))).toThrow('oops')
  })
})

describe('the codes', () => {
  it.each(Object.entries(errorCodes))('%s is one plain sentence', (code, text) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
    expect(text).toMatch(/^[A-Z].+\.$/)
  })

  it.each([
    ['BANK_DOWN', true],
    ['bank_down', false],
    ['', false],
    ['toString', false],
    ['__proto__', false],
  ])('%j is one of them: %s', (text, isOne) => {
    expect(isErrorCode(text)).toBe(isOne)
  })

  it('NOT_CONFIGURED names both keys, where to get them, and the way without', () => {
    const { code, message, fix } = notConfigured()
    expect(code).toBe('NOT_CONFIGURED')
    expect(message).toMatch(/PLAID_CLIENT_ID.*PLAID_SECRET/)
    expect(fix).toMatch(/dashboard.*--demo/)
  })
})
