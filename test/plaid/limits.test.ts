import { describe, expect, it } from 'vitest'
import { endpoints } from '../../src/plaid/endpoints.ts'
import { budgetOf, takeRoom } from '../../src/plaid/limits.ts'
import { oneAccount, plaidOn, startFake } from './fake-plaid.ts'

const never = new AbortController().signal
const some = [{ key: 'k', perMinute: 1 }]

/** A budget that gives these waits in turn, then room. */
function budgetWith(...waits: number[]) {
  const taken: unknown[] = []
  return {
    taken,
    take: async (limits: unknown) => {
      taken.push(limits)
      return waits.shift() ?? 0
    },
  }
}

describe('budgetOf', () => {
  it.each([
    ['/accounts/balance/get', 'production', 2, 600],
    ['/accounts/balance/get', 'sandbox', 12, 50],
    ['/accounts/get', 'production', 7, 7500],
    ['/item/get', 'production', 7, 2500],
    ['/item/get', 'sandbox', 20, 2500],
    ['/transactions/get', 'production', 15, 10_000],
    ['/transactions/get', 'sandbox', 40, 500],
    ['/transactions/sync', 'production', 25, 1250],
    ['/transactions/sync', 'sandbox', 25, 500],
    ['/investments/holdings/get', 'production', 7, 1000],
    ['/investments/transactions/get', 'production', 15, 10_000],
  ] as const)('is half of what Plaid allows: %s in %s', (endpoint, environment, item, client) => {
    expect(budgetOf(endpoint, environment, 'item1')).toEqual([
      { key: `item1 ${endpoint}`, perMinute: item },
      { key: `${environment} ${endpoint}`, perMinute: client },
    ])
  })

  it('counts only the client where there is no item', () => {
    expect(budgetOf('/institutions/get_by_id', 'sandbox', null)).toEqual([
      { key: 'sandbox /institutions/get_by_id', perMinute: 200 },
    ])
  })

  it('leaves some of the calls about an Item to those who need them more', () => {
    const [item] = budgetOf('/item/get', 'production', 'item1')
    const [others] = budgetOf('/item/get', 'production', 'item1', 2)
    expect(others).toEqual({ key: item?.key, perMinute: (item?.perMinute ?? 0) - 2 })
    expect(budgetOf('/item/get', 'production', 'item1', 99)[0]?.perMinute).toBe(1)
  })

  it('never goes over half of any limit, and never below one', () => {
    for (const [endpoint, { limits }] of Object.entries(endpoints)) {
      for (const [environment, { item, client }] of Object.entries<{ item?: number; client?: number }>(
        limits,
      )) {
        const published = [item, client].filter((limit) => limit !== undefined)
        const taken = budgetOf(endpoint as '/item/get', environment as 'sandbox', 'i').map(
          (row) => row.perMinute,
        )
        expect(taken).toEqual(published.map((limit) => Math.max(1, Math.floor(limit / 2))))
      }
    }
  })
})

describe('takeRoom', () => {
  it('asks once when there is room', async () => {
    const budget = budgetWith()
    await takeRoom(budget, { limits: some, billed: null }, 5000, never)
    expect(budget.taken).toEqual([some])
  })

  it('waits while the wait is short, and asks again', async () => {
    const budget = budgetWith(2, 2)
    await takeRoom(budget, { limits: some, billed: null }, 5, never)
    expect(budget.taken).toHaveLength(3)
  })

  it('does not wait longer than it may in all, and says how long', async () => {
    await expect(takeRoom(budgetWith(3, 3), { limits: some, billed: null }, 5, never)).rejects.toMatchObject({
      code: 'PLAID_RATE_LIMITED',
    })
    await expect(
      takeRoom(budgetWith(41_200), { limits: some, billed: null }, 5000, never),
    ).rejects.toMatchObject({
      code: 'PLAID_RATE_LIMITED',
      retryable: true,
      message: expect.stringContaining('42 seconds'),
    })
  })

  it('stops waiting when the caller does', async () => {
    const stop = new AbortController()
    const waiting = takeRoom(budgetWith(4000), { limits: some, billed: null }, 5000, stop.signal)
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('asks nothing where Plaid publishes no limit', async () => {
    const budget = budgetWith()
    await takeRoom(budget, { limits: [], billed: null }, 5000, never)
    expect(budget.taken).toEqual([])
  })
})

describe('a call', () => {
  it('is not made when this minute is used up, and costs nothing then', async () => {
    await using fake = await startFake()
    const { plaid, reports } = plaidOn(fake, { budget: budgetWith(30_000) })
    await expect(plaid.liveBalances('item1')).rejects.toMatchObject({ code: 'PLAID_RATE_LIMITED' })
    expect([fake.requests, reports]).toEqual([[], []])
  })

  it('is counted each time it goes out, retries too', async () => {
    await using fake = await startFake()
    const budget = budgetWith()
    fake.on('/accounts/get', 'reset', { json: { accounts: [oneAccount] } })
    await plaidOn(fake, { budget }).plaid.accounts('item1')
    expect(budget.taken).toHaveLength(2)
  })

  it('is told of what it costs: each call, the month from the first on, or nothing', async () => {
    await using fake = await startFake()
    const costs: unknown[] = []
    const take = async (_limits: unknown, billed: unknown) => {
      costs.push(billed)
      return 0
    }
    fake.on('/accounts/get', { json: { accounts: [oneAccount] } })
    fake.on('/accounts/balance/get', { json: { accounts: [oneAccount] } })
    fake.on('/liabilities/get', { json: { accounts: [], liabilities: {} } })
    const { plaid } = plaidOn(fake, { budget: { take } })
    await plaid.accounts('item1')
    await plaid.liveBalances('item1')
    await plaid.liabilities('item1')
    expect(costs).toEqual([
      null,
      { itemId: 'item1', endpoint: '/accounts/balance/get', per: 'call' },
      { itemId: 'item1', endpoint: '/liabilities/get', per: 'month' },
    ])
  })
})
