import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'

type Position = Results['get_positions']['positions'][number]
let house: Household
let copy: Copy
let brokerageId: string
let bankId: string
let all: Results['get_positions']

beforeAll(async () => {
  house = await household()
  copy = await house.start()
  bankId = (await connectBank(copy, { institutionId: 'ins_109508' })).item_id
  const broker = await connectBank(copy, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
  brokerageId = broker.item_id
  all = await copy.call('get_positions', { limit: 100 })
})
afterAll(() => house[Symbol.asyncDispose]())

function worth(rows: readonly Position[], currency = 'USD'): number {
  const inCurrency = rows.filter((row) => row.currency === currency)
  return inCurrency.reduce((sum, { value }) => sum + Math.round((value ?? Number.NaN) * 100), 0)
}

describe('get_positions', () => {
  it('has every field that a holding can have', () => {
    expect(all.complete).toBe(true)
    expect(all.positions.length).toBeGreaterThan(5)
    for (const row of all.positions) {
      expect(row).toMatchObject({ item_id: brokerageId, institution: 'Houndstooth Bank' })
      for (const name of [
        'account_id',
        'account',
        'security_id',
        'name',
        'type',
        'quantity',
        'value',
        'weight',
      ])
        expect(row).toHaveProperty(name)
    }
    expect(all.positions.some(({ ticker, price }) => ticker !== undefined && price !== undefined)).toBe(true)
  })

  it('gains are what it is worth less what it cost', () => {
    const known = all.positions.filter((row) => row.cost_basis !== undefined)
    expect(known.length).toBeGreaterThan(0)
    for (const { value, cost_basis: cost, unrealized_gain: gain } of known)
      expect(Math.round((gain ?? Number.NaN) * 100)).toBe(
        Math.round((value ?? Number.NaN) * 100) - Math.round((cost ?? 0) * 100),
      )
    for (const row of all.positions)
      expect(row.unrealized_gain === undefined).toBe(row.cost_basis === undefined)
  })

  it.each(['security', 'type', 'account'] as const)('grouped by %s it is worth the same', async (by) => {
    const grouped = await copy.call('get_positions', { group_by: by, limit: 100 })
    expect(worth(grouped.positions)).toBe(worth(all.positions))
    expect(grouped.totals).toEqual(all.totals)
    const keyOf = (row: Position) =>
      ({ security: row.security_id, type: row.type, account: row.account_id })[by] ?? row.name
    const keys = grouped.positions.map((row) => `${row.currency} ${keyOf(row)}`)
    expect(new Set(keys).size).toBe(keys.length)
    expect(grouped.positions.length).toBeLessThanOrEqual(all.positions.length)
    const weights = grouped.positions.filter((row) => row.currency === 'USD').map((row) => row.weight ?? 0)
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2)
  })

  it('by type it is what the totals say', async () => {
    const { positions } = await copy.call('get_positions', { group_by: 'type' })
    const usd = positions.filter((row) => row.currency === 'USD')
    expect(Object.fromEntries(usd.map((row) => [row.type, row.value]))).toEqual(all.totals[0]?.by_type)
  })

  it('of one connection or one account has only that', async () => {
    const one = await copy.call('get_positions', { item_id: brokerageId, limit: 100 })
    expect(one.positions).toEqual(all.positions)
    expect(one.connections.map(({ item_id }) => item_id)).toEqual([brokerageId])
    const none = await copy.call('get_positions', { item_id: bankId })
    expect([none.positions, none.totals]).toEqual([[], []])
    const accountId = all.positions[0]?.account_id ?? ''
    const ofAccount = await copy.call('get_positions', { account_id: accountId, limit: 100 })
    expect(ofAccount.positions.map((row) => row.value)).toEqual(
      all.positions.filter((row) => row.account_id === accountId).map((row) => row.value),
    )
  })

  it('comes in pages that together are the whole, each with the same totals', async () => {
    const rows: Position[] = []
    let cursor: string | undefined
    do {
      const page = await copy.call('get_positions', { limit: 2, ...(cursor && { cursor }) })
      expect(page.positions.length).toBeLessThanOrEqual(2)
      expect(page.totals).toEqual(all.totals)
      rows.push(...page.positions)
      cursor = page.next_cursor
    } while (cursor !== undefined)
    expect(rows).toEqual(all.positions)
  })
})
