import { describe, expect, it } from 'vitest'
import { createTokenReport } from '../../src/jobs/token-report.ts'
import type { Connection } from '../../src/model.ts'
import { silentLog } from '../../src/log.ts'
import type { Core } from '../../src/tools/context.ts'
import { invoke } from '../../src/tools/run.ts'
import { tokenAnalytics } from '../../src/tools/token-analytics.ts'
import { connection } from '../store/rows.ts'
import { noteRun } from '../store/runs.ts'
import { freshStore } from '../store/fixtures.ts'
import type { Store } from '../../src/store/index.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const ago = (days: number) => new Date(now - days * 86_400_000).toISOString()
const young = { createdAt: ago(1), lastUsedAt: null, deadline: null } as const

async function analyticsOf(...rows: Partial<Connection>[]) {
  const store = await freshStore()
  for (const [index, row] of rows.entries()) {
    const itemId = `item-${index}`
    await store.connections.insert(connection({ ...young, ...row, itemId }), `v1.key-${index % 2}.sealed`)
  }
  return await analyticsIn(store, now)
}

async function analyticsIn(store: Store, at: number) {
  // The tool looks at nothing else.
  const core = async () => ({ store, now: () => at }) as Core
  const { signal } = new AbortController()
  return await invoke(tokenAnalytics, {}, { core, log: silentLog, signal, progress: () => undefined })
}

describe('token analytics', () => {
  it('of nothing are noughts', async () => {
    const { analytics, ...rest } = await analyticsOf()
    expect(analytics).toMatchObject({ total_tokens: 0, active_tokens: 0, unique_users: 0, institutions: {} })
    expect(rest).toMatchObject({ needs_reauth: 0, oldest_token_days: 0, key_versions: {} })
  })

  it('count every token once: active, expired or revoked', async () => {
    const statuses = [
      'active',
      'preparing',
      'needs_reauth',
      'bank_issue',
      'expiring',
      'removing',
      'expired',
      'revoked',
    ] as const
    const { analytics, needs_reauth } = await analyticsOf(...statuses.map((status) => ({ status })))
    expect(analytics).toMatchObject({
      total_tokens: 8,
      active_tokens: 6,
      expired_tokens: 1,
      revoked_tokens: 1,
    })
    expect(needs_reauth).toBe(1)
  })

  it('tell people apart, those without a name being one', async () => {
    const { analytics } = await analyticsOf(
      { person: 'Ana' },
      { person: 'Ana' },
      { person: 'Bo' },
      { person: null },
      { person: null },
    )
    expect(analytics.unique_users).toBe(3)
  })

  it('call a living token stale by its last use, or by its making when it was never used', async () => {
    const { analytics } = await analyticsOf(
      { createdAt: ago(400), lastUsedAt: ago(29) },
      { createdAt: ago(400), lastUsedAt: ago(30) },
      { createdAt: ago(400), lastUsedAt: ago(89) },
      { createdAt: ago(400), lastUsedAt: ago(90) },
      { createdAt: ago(120), lastUsedAt: null },
      { createdAt: ago(400), lastUsedAt: ago(300), status: 'expired' },
    )
    expect(analytics).toMatchObject({ stale_tokens_30_days: 2, stale_tokens_90_days: 2 })
  })

  it('list banks and environments of living tokens', async () => {
    const { analytics } = await analyticsOf(
      { institution: 'Tartan' },
      { institution: 'Tartan', environment: 'production' },
      { institution: '__proto__' },
      { institution: 'Gone', status: 'expired' },
    )
    expect(analytics.environments).toEqual({ sandbox: 2, production: 1 })
    expect(Object.entries(analytics.institutions)).toContainEqual(['Tartan', 2])
    expect(Object.keys(analytics.institutions)).not.toContain('Gone')
  })

  it('tell the trend against the report of a week ago, and none without one', async () => {
    const store = await freshStore()
    let time = now
    const analytics = () => analyticsIn(store, time)
    const report = createTokenReport(store, () => time)
    await store.connections.insert(connection({ ...young, itemId: 'one' }), 'v1.key.sealed')
    await report()
    expect(await analytics()).not.toHaveProperty('trend')
    time += 7 * 86_400_000
    for (const itemId of ['two', 'three'])
      await store.connections.insert(connection({ ...young, itemId, status: 'expired' }), 'v1.key.sealed')
    await report()
    expect((await analytics()).trend).toEqual({
      since: new Date(now).toISOString(),
      total_tokens: 2,
      active_tokens: 0,
      expired_tokens: 2,
      revoked_tokens: 0,
      failing: 0,
      billed_calls: 0,
    })
  })

  it('count those of which only a tombstone is left as revoked', async () => {
    const store = await freshStore()
    await store.connections.insert(connection(young), 'v1.key.sealed')
    await store.connections.beginRemoval('item-1', 'asked', ago(0))
    const stone = {
      tombstoneId: 't',
      environment: 'sandbox',
      connectedAt: ago(1),
      removedAt: ago(0),
    } as const
    await store.connections.erase('item-1', { ...stone, reason: 'asked' })
    expect((await analyticsIn(store, now)).analytics).toMatchObject({
      total_tokens: 1,
      active_tokens: 0,
      revoked_tokens: 1,
      institutions: {},
    })
  })

  it('know what expires soon, the oldest token and the keys', async () => {
    const result = await analyticsOf(
      { status: 'expiring', deadline: ago(-14) },
      { status: 'expiring', deadline: ago(-15) },
      { createdAt: ago(77.9) },
    )
    expect(result).toMatchObject({
      expiring_within_14_days: 1,
      oldest_token_days: 77,
      key_versions: { 'key-0': 2, 'key-1': 1 },
      as_of: '2026-03-10T12:00:00.000Z',
    })
    expect(JSON.stringify(result)).not.toContain('sealed')
  })

  it('name those whose fetches keep failing, with the last code and since when', async () => {
    const store = await freshStore()
    const [failing, whole, gone] = ['failing', 'whole', 'gone']
    for (const itemId of [failing, whole, gone])
      await store.connections.insert(
        connection({ ...young, itemId, syncError: 'BANK_DOWN' }),
        'v1.key.sealed',
      )
    await store.connections.change(whole, (row) => ({ ...row, syncError: null }))
    await store.connections.change(gone, (row) => ({ ...row, status: 'revoked' }))
    const codes = [null, 'BANK_DOWN', 'CANCELLED', 'PLAID_DOWN'] as const
    for (const [index, code] of codes.entries())
      for (const itemId of [failing, whole, gone]) {
        const at = ago(4 - index)
        await noteRun(store, { itemId, startedAt: at, endedAt: at, code, cause: 'schedule' })
      }
    const { error_streaks, failing: count } = await analyticsIn(store, now)
    expect(count).toBe(1)
    expect(error_streaks).toEqual([
      expect.objectContaining({ item_id: failing, code: 'PLAID_DOWN', failures: 2, since: ago(3) }),
    ])
  })

  it('count what Plaid bills: by connection and month where each call costs, else connections of this month', async () => {
    const store = await freshStore()
    for (const itemId of ['one', 'two'])
      await store.connections.insert(connection({ ...young, itemId }), 'v1.key.sealed')
    const limits = [{ key: 'k', perMinute: 1000 }]
    const call = async (itemId: string, per: 'call' | 'month', at = now) => {
      const endpoint = per === 'call' ? '/accounts/balance/get' : '/transactions/get'
      await store.calls.take(limits, at, { itemId, endpoint, per })
    }
    await call('one', 'call')
    await call('one', 'call')
    await call('two', 'call', Date.parse('2026-02-28T23:59:59Z'))
    await call('two', 'call', Date.parse('2026-01-31T23:59:59Z'))
    for (const itemId of ['one', 'two', 'two']) await call(itemId, 'month')
    await call('one', 'month', Date.parse('2026-02-01T00:00:00Z'))
    // Of one that was removed meanwhile there is nobody to count it for.
    await call('gone', 'call')
    const found = await analyticsIn(store, now)
    expect(found.billed_calls.map(({ item_id, month, calls }) => [item_id, month, calls])).toEqual([
      ['one', '2026-03', 2],
      ['two', '2026-02', 1],
    ])
    expect(found.subscriptions).toEqual([{ endpoint: '/transactions/get', connections: 2 }])

    await createTokenReport(store, () => now)()
    await call('one', 'call')
    await store.connections.change('one', (row) => ({ ...row, syncError: 'BANK_DOWN' }))
    const later = await analyticsIn(store, now + 7 * 86_400_000)
    expect(later.trend).toMatchObject({ billed_calls: 1, failing: 1 })

    await store.connections.remove('one')
    expect((await analyticsIn(store, now)).billed_calls).toMatchObject([{ item_id: 'two' }])
  })

  it('of many banks name those with most tokens, and count the others together', async () => {
    const store = await freshStore()
    const banks = Array.from({ length: 103 }, (_, index) => `Bank ${index}`)
    for (const [index, institution] of [...banks, 'Bank 102'].entries())
      await store.connections.insert(
        connection({ ...young, itemId: `i${index}`, institution }),
        'v1.key.sealed',
      )
    const { institutions } = (await analyticsIn(store, now)).analytics
    expect(institutions).toMatchObject({ 'Bank 102': 2, '(others)': 3 })
    expect(Object.keys(institutions)).toHaveLength(101)
  })
})
