import { z } from 'zod'
import type { Connection } from '../model.ts'
import { defineTool } from './define.ts'

const counts = z.record(z.string(), z.number())
const day = 86_400_000

export const tokenAnalytics = defineTool({
  name: 'token_analytics',
  title: 'Token analytics',
  description:
    'Counts the access tokens that this program holds: living, expired, revoked, unused for a while, by bank and environment, and the versions of the keys that seal them. Never shows a token.',
  effect: 'read',
  input: z.strictObject({}),
  output: z.object({
    analytics: z.object({
      total_tokens: z.number(),
      active_tokens: z.number(),
      expired_tokens: z.number(),
      revoked_tokens: z.number(),
      unique_users: z.number(),
      stale_tokens_30_days: z.number(),
      stale_tokens_90_days: z.number(),
      institutions: counts,
      environments: counts,
    }),
    needs_reauth: z.number(),
    expiring_within_14_days: z.number(),
    oldest_token_days: z.number(),
    key_versions: counts,
    as_of: z.string(),
  }),
  async handle(_args, { store, now }) {
    const all = await store.connections.list()
    const sealed = await store.connections.sealedTokens()
    const removed = await store.tombstones.count()
    return {
      ...analyticsOf(all, removed, now()),
      key_versions: tally(sealed.map((row) => keyIdOf(row.sealedToken))),
    }
  },
})

/** @param removed connections of which only a tombstone is left */
function analyticsOf(all: readonly Connection[], removed: number, now: number) {
  const expired = all.filter((connection) => connection.status === 'expired')
  const revoked = all.filter((connection) => connection.status === 'revoked')
  const living = all.filter(
    (connection) => connection.status !== 'expired' && connection.status !== 'revoked',
  )
  const unused = living.map((connection) => daysSince(connection.lastUsedAt ?? connection.createdAt, now))
  return {
    analytics: {
      total_tokens: all.length + removed,
      active_tokens: living.length,
      expired_tokens: expired.length,
      revoked_tokens: revoked.length + removed,
      unique_users: new Set(all.map((connection) => connection.person)).size,
      stale_tokens_30_days: unused.filter((days) => days >= 30 && days < 90).length,
      stale_tokens_90_days: unused.filter((days) => days >= 90).length,
      institutions: tally(living.map((connection) => connection.institution)),
      environments: tally(living.map((connection) => connection.environment)),
    },
    needs_reauth: all.filter((connection) => connection.status === 'needs_reauth').length,
    expiring_within_14_days: all.filter((connection) => isExpiring(connection, now)).length,
    oldest_token_days: all.reduce((most, { createdAt }) => Math.max(most, daysSince(createdAt, now)), 0),
    as_of: new Date(now).toISOString(),
  }
}

function isExpiring({ status, deadline }: Connection, now: number): boolean {
  return status === 'expiring' && deadline !== null && Date.parse(deadline) - now <= 14 * day
}

function daysSince(time: string, now: number): number {
  return Math.floor((now - Date.parse(time)) / day)
}

function tally(names: readonly string[]): Record<string, number> {
  const counted = new Map<string, number>()
  for (const name of names) counted.set(name, (counted.get(name) ?? 0) + 1)
  return Object.fromEntries(counted)
}

/** A sealed record is `v1.<key_id>.…`; the key id alone says nothing. */
function keyIdOf(sealed: string): string {
  return sealed.split('.')[1] ?? 'unknown'
}
