import { describe, expect, it } from 'vitest'
import {
  hasPlaidSchema,
  plaidPaths,
  schemaNote,
  validateRequest,
  validateResponse,
  validateSchema,
} from './plaid-schema.ts'

describe.skipIf(!hasPlaidSchema)(`Plaid's published schemas${schemaNote}`, () => {
  it('compiles every path in both directions', () => {
    for (const path of plaidPaths()) {
      expect(() => validateRequest(path, {})).not.toThrow()
      expect(() => validateResponse(path, 200, {})).not.toThrow()
      expect(() => validateResponse(path, 400, {})).not.toThrow()
    }
  })

  it('finds what is missing, wrong or too much', () => {
    expect(validateRequest('/item/get', { access_token: 'a' })).toEqual([])
    expect(validateRequest('/item/get', {})).not.toEqual([])
    expect(validateRequest('/item/get', { access_token: 'a', extra: 1 })).not.toEqual([])
    expect(validateRequest('/transactions/sync', { access_token: 'a', count: 501 })).not.toEqual([])
    expect(validateResponse('/item/remove', 200, {})).not.toEqual([])
    expect(validateResponse('/item/remove', 200, { request_id: 'r', more: 1 })).toEqual([])
  })

  it('takes null where Plaid does, and only there', () => {
    const balances = { available: null, current: 1, limit: null, iso_currency_code: 'USD' }
    expect(validateSchema('AccountBalance', { ...balances, unofficial_currency_code: null })).toEqual([])
    expect(validateSchema('RemovedTransaction', { transaction_id: null, account_id: 'a' })).not.toEqual([])
  })
})
