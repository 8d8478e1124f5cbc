import { describe, expect, it } from 'vitest'
import { createTokenReport } from '../../src/jobs/token-report.ts'
import type { Connection } from '../../src/model.ts'
import { silentLog } from '../../src/log.ts'
import type { Core } from '../../src/tools/context.ts'
import { invoke } from '../../src/tools/run.ts'
import { tokenAnalytics } from '../../src/tools/token-analytics.ts'
import { connection } from '../store/rows.ts'
import { freshStore } from '../store/fixtures.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const ago = (days: number) => new Date(now - days * 86_400_000).toISOString()
const young = { createdAt: ago(1), lastUsedAt: null, deadline: null } as const

async function analyticsOf(...rows: Partial<Connection>[]) {
  const store = await freshStore()
  for (const [index, row] of rows.entries()) {
    const itemId = `item-${index}`
    await store.connections.insert(connection({ ...young, ...row, itemId }), `v1.key-${index % 2}.sealed`)
  }
  // The tool looks at nothing else.
  const core = async () => ({ store, now: () => now }) as Core
  const signal = new AbortController().signal
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
    const analytics = async () => {
      const core = async () => ({ store, now: () => time }) as Core
      const { signal } = new AbortController()
      return await invoke(tokenAnalytics, {}, { core, log: silentLog, signal, progress: () => undefined })
    }
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
    const core = async () => ({ store, now: () => now }) as Core
    const { signal } = new AbortController()
    const call = { core, log: silentLog, signal, progress: () => undefined }
    expect((await invoke(tokenAnalytics, {}, call)).analytics).toMatchObject({
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
})
