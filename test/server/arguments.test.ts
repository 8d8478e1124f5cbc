import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tools } from '../../src/tools/index.ts'
import { type Copy, type Household, household } from '../support/coffer.ts'

let house: Household
let copy: Copy
beforeAll(async () => {
  house = await household()
  copy = await house.start()
})
afterAll(() => house[Symbol.asyncDispose]())

describe('an argument that no tool knows', () => {
  it.each(tools.map(({ name, input }) => [name, Object.keys(input.shape)] as const))(
    'is refused by %s with the right ones',
    async (name, right) => {
      const text = await copy.failure(name, { colour: 'red' })
      expect(text).toMatch(/^INVALID_ARGUMENTS: .*unknown argument "colour"/)
      for (const argument of right) expect(text).toContain(argument)
      expect(right.length > 0 || text.includes('takes no arguments')).toBe(true)
    },
  )

  it('never comes back in full, since it may be anything', async () => {
    const text = await copy.failure('token_analytics', { ['x'.repeat(5000)]: 1 })
    expect(text.length).toBeLessThan(300)
  })
})

describe('an argument of the wrong kind', () => {
  it.each<[tool: string, args: object, names: string]>([
    ['list_connections', { limit: 0 }, 'limit'],
    ['list_connections', { limit: 101 }, 'limit'],
    ['list_connections', { limit: '5' }, 'limit'],
    ['list_connections', { limit: 2.5 }, 'limit'],
    ['list_connections', { status: 'broken' }, 'status'],
    ['list_connections', { refresh: 'yes' }, 'refresh'],
    ['list_connections', { cursor: 'bm90IG91cnM' }, 'cursor'],
    ['connect_bank', { kind: 'crypto' }, 'kind'],
    ['connect_bank', { days: 5 }, 'days'],
    ['connect_bank', { days: 731 }, 'days'],
    ['connect_bank', { label: '' }, 'label'],
    ['start_reauth', { item_id: 7 }, 'item_id'],
    ['start_reauth', { add_products: ['auth'] }, 'add_products'],
    ['start_reauth', { add_products: 'investments' }, 'add_products'],
    ['check_connection', {}, 'item_id'],
    ['check_connection', { link_id: 'x', wait_seconds: 16 }, 'wait_seconds'],
    ['check_connection', { link_id: 'x', wait_seconds: -1 }, 'wait_seconds'],
    ['sync_snapshot', { max_age_minutes: -2 }, 'max_age_minutes'],
    ['sync_snapshot', { days: 0 }, 'days'],
    ['sync_snapshot', { days: 731 }, 'days'],
    ['sync_snapshot', { live_balances: 1 }, 'live_balances'],
    ['sync_snapshot', { days: null }, 'days'],
    ['get_positions', { group_by: 'colour' }, 'group_by'],
    ['get_upcoming', { days: 91 }, 'days'],
    ['get_positions', { cursor: 'p1' }, 'cursor'],
    ['search_transactions', { min: 'a lot' }, 'min'],
    ['search_transactions', { min: 5, max: -5 }, 'min'],
    ['search_transactions', { from: '2026-13-01' }, 'from'],
    ['search_transactions', { cursor: 'p1' }, 'cursor'],
    ['get_cash_flow', { group_by: 'colour' }, 'group_by'],
    ['get_cash_flow', { from: '1 May' }, 'from'],
    ['set_rule', { kind: 'ignore' }, 'match'],
  ])('%s %j: the argument is named', async (name, args, argument) => {
    const text = await copy.failure(name, args)
    expect(text).toMatch(/^INVALID_ARGUMENTS: /)
    expect(text).toContain(argument)
  })

  it('tells all that is wrong at once', async () => {
    const text = await copy.failure('sync_snapshot', { days: 0, max_age_minutes: 'now', colour: 'red' })
    for (const name of ['days', 'max_age_minutes', 'colour']) expect(text).toContain(name)
  })

  it('leaves no link behind', async () => {
    await copy.failure('connect_bank', { days: 5 })
    const paths = house.simulator.controls.calls().map(({ path }) => path)
    expect(paths).not.toContain('/link/token/create')
  })
})

describe('what is not there', () => {
  it.each<[tool: string, args: object, code: string]>([
    ['start_reauth', { item_id: 'nobody' }, 'UNKNOWN_CONNECTION'],
    ['check_connection', { item_id: 'nobody' }, 'UNKNOWN_CONNECTION'],
    ['get_positions', { item_id: 'nobody' }, 'UNKNOWN_CONNECTION'],
    ['get_positions', { account_id: 'nobody' }, 'UNKNOWN_ACCOUNT'],
    ['check_connection', { link_id: 'nobody' }, 'UNKNOWN_LINK'],
    ['start_reauth', {}, 'ITEM_ID_NEEDED'],
  ])('%s %j: %s, and where to look', async (name, args, code) => {
    const text = await copy.failure(name, args)
    expect(text).toMatch(new RegExp(`^${code}: `))
    expect(text).toMatch(/list_connections|connect_bank/)
  })

  it('an unknown tool is refused with the list of tools', async () => {
    const text = await copy.failure('transfer_money', { amount: 1 })
    expect(text).toMatch(/^UNKNOWN_TOOL: /)
    for (const { name } of tools) expect(text).toContain(name)
  })

  it('arguments may be left out altogether', async () => {
    const result = await copy.client.callTool({ name: 'list_connections' })
    expect(result.structuredContent).toMatchObject({ connections: [], total: 0 })
  })
})
