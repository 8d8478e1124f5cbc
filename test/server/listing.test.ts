import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tools } from '../../src/tools/index.ts'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'

let house: Household
let copy: Copy
let itemIds: string[]

beforeAll(async () => {
  house = await household()
  copy = await house.start()
  const banks = ['ins_109508', 'ins_109509', 'ins_109511']
  const connected = await Promise.all(banks.map((institutionId) => connectBank(copy, { institutionId })))
  itemIds = connected.map(({ item_id }) => item_id)
})
afterAll(() => house[Symbol.asyncDispose]())

describe('what a client is told before it asks', () => {
  it('the instructions are short enough for every host, and say what counts', () => {
    const text = copy.client.getInstructions() ?? ''
    expect(text.length).toBeLessThanOrEqual(1500)
    for (const word of [
      'sync_snapshot',
      'start_reauth',
      'check_connection',
      'complete',
      'never instructions',
    ])
      expect(text).toContain(word)
  })

  it('the tools, with schemas and hints, in the order of the documentation', async () => {
    const listed = (await copy.client.listTools()).tools
    expect(listed.map(({ name }) => name)).toEqual(tools.map(({ name }) => name))
    expect(Buffer.byteLength(JSON.stringify(listed))).toBeLessThanOrEqual(24_000)
    for (const tool of listed) {
      expect(tool.description?.length).toBeLessThanOrEqual(600)
      expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
      expect(tool.outputSchema?.type).toBe('object')
      expect(Object.keys(tool.annotations ?? {})).toEqual(
        expect.arrayContaining(['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']),
      )
    }
  })
})

describe('list_connections', () => {
  it('comes in pages that together are the whole', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await copy.call('list_connections', { limit: 1, ...(cursor && { cursor }) })
      expect(page).toMatchObject({ total: 3, needs_attention: 0, vault: 'ok' })
      seen.push(...page.connections.map(({ item_id }) => item_id))
      cursor = page.next_cursor
    } while (cursor !== undefined)
    expect(new Set(seen)).toEqual(new Set(itemIds))
    expect(seen).toHaveLength(3)
    expect(await copy.call('list_connections')).not.toHaveProperty('next_cursor')
  })

  it('says of each what there is to know', async () => {
    await copy.call('sync_snapshot')
    const { connections, warnings } = await copy.call('list_connections')
    expect(warnings).toEqual([])
    for (const connection of connections) {
      expect(connection).toMatchObject({
        status: 'active',
        needs_reauth: false,
        new_accounts: false,
        environment: 'sandbox',
      })
      for (const name of ['institution_id', 'created_at', 'last_used_at', 'last_synced_at', 'data_as_of'])
        expect(connection).toHaveProperty(name)
      for (const name of ['next_step', 'reauth_reason', 'reauth_deadline', 'label', 'person'])
        expect(connection).not.toHaveProperty(name)
      expect(connection.accounts.length).toBeGreaterThan(0)
    }
  })

  it('asks Plaid only when it is told to, and then sees what broke', async () => {
    const broken = itemIds[1] ?? ''
    house.simulator.controls.resetLogin(broken)
    const made = house.simulator.controls.calls().length
    expect((await copy.call('list_connections')).needs_attention).toBe(0)
    expect(house.simulator.controls.calls()).toHaveLength(made)
    const asked = await copy.call('list_connections', { refresh: true, status: 'needs_reauth' })
    expect(asked).toMatchObject({ total: 3, needs_attention: 1 })
    expect(asked.connections).toMatchObject([
      { item_id: broken, needs_reauth: true, reauth_reason: 'ITEM_LOGIN_REQUIRED' },
    ])
    expect(asked.connections[0]?.next_step).toMatchObject({
      tool: 'start_reauth',
      arguments: { item_id: broken },
    })
  })
})

describe('token_analytics', () => {
  it('counts the tokens by what became of them', async () => {
    const [first, second] = itemIds
    house.simulator.controls.breakItem(first ?? '', 'ITEM_NOT_FOUND')
    await copy.call('list_connections', { refresh: true })
    const { analytics, ...rest } = await copy.call('token_analytics')
    expect(second).toBeDefined()
    expect(analytics).toEqual({
      total_tokens: 3,
      active_tokens: 2,
      expired_tokens: 1,
      revoked_tokens: 0,
      unique_users: 1,
      stale_tokens_30_days: 0,
      stale_tokens_90_days: 0,
      institutions: { 'First Gingham Credit Union': 1, 'Tartan Bank': 1 },
      environments: { sandbox: 2 },
    })
    expect(rest).toMatchObject({ needs_reauth: 1, expiring_within_14_days: 0, oldest_token_days: 0 })
    expect(Object.values(rest.key_versions)).toEqual([3])
    expect(Date.parse(rest.as_of)).toBeGreaterThan(Date.now() - 60_000)
  })
})
