import { Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { createLimiter } from '../../src/simulator/limits.ts'
import { minute, openPlaid } from './harness.ts'

/** How many calls get through in one minute. */
function allowed(path: string, itemId: string | null, column: 'sandbox' | 'production'): number {
  const limiter = createLimiter(() => 0)
  for (let count = 0; ; count += 1) {
    try {
      limiter.count(path, itemId, column)
    } catch {
      return count
    }
  }
}

describe('calls a minute', () => {
  it.each([
    ['/accounts/balance/get', 'item', 25, 5],
    ['/accounts/get', 'item', 100, 15],
    ['/item/get', 'item', 40, 15],
    ['/item/remove', 'item', 100, 30],
    ['/transactions/sync', 'item', 50, 50],
    ['/transactions/get', 'item', 80, 30],
    ['/transactions/refresh', 'item', 2, 2],
    ['/investments/holdings/get', 'item', 100, 15],
    ['/investments/transactions/get', 'item', 100, 30],
    ['/liabilities/get', 'item', 10, 15],
    ['/institutions/get_by_id', null, 400, 400],
    ['/institutions/get', null, 10, 50],
  ])('%s', (path, itemId, sandbox, production) => {
    expect(allowed(path, itemId, 'sandbox')).toBe(sandbox)
    expect(allowed(path, itemId, 'production')).toBe(production)
  })

  it("are counted for each Item and for the client's Items together", async () => {
    await using plaid = await openPlaid()
    const items = []
    for (let n = 0; n < 5; n++) items.push(await plaid.connect())
    const codes = new Map<string, number>()
    for (const { access_token } of items) {
      for (let n = 0; n < 26; n++) {
        const code = await plaid.codeOf('/accounts/balance/get', { access_token })
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }
    }
    expect(Object.fromEntries(codes)).toEqual({ OK: 100, BALANCE_LIMIT: 4, ACCOUNTS_BALANCE_GET_LIMIT: 26 })
  })

  it('begin anew a minute after each call, with status 429 until then', async () => {
    await using plaid = await openPlaid({ productionLimits: true })
    const { access_token } = await plaid.connect([Products.Transactions])
    for (let n = 0; n < 5; n++) {
      expect(await plaid.codeOf('/accounts/balance/get', { access_token })).toBe('OK')
      plaid.controls.advance(1_000)
    }
    const refused = await plaid.call('/accounts/balance/get', { access_token })
    expect(refused).toMatchObject({ status: 429, body: { error_type: 'RATE_LIMIT_EXCEEDED' } })
    plaid.controls.advance(minute - 5_000)
    const codes = []
    for (let n = 0; n < 2; n++) codes.push(await plaid.codeOf('/accounts/balance/get', { access_token }))
    expect(codes).toEqual(['OK', 'BALANCE_LIMIT'])
  })
})
