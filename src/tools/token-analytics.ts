import { z } from 'zod'
import { daysSince, livingOf, tokenCounts } from '../connections/index.ts'
import type { Connection } from '../model.ts'
import type { TokenReport } from '../store/store.ts'
import { defineTool } from './define.ts'

const counts = z.record(z.string(), z.number())
const day = 86_400_000
/** Reports are made once a week, and may have been made up for some hours late. */
const weekMs = 6 * day

/** By how much the counts have grown since the weekly report of that time. */
const trend = z.object({
  since: z.string(),
  total_tokens: z.number(),
  active_tokens: z.number(),
  expired_tokens: z.number(),
  revoked_tokens: z.number(),
})

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
    trend: trend.optional(),
    key_versions: counts,
    as_of: z.string(),
  }),
  async handle(_args, { store, now }) {
    const all = await store.connections.list()
    const sealed = await store.connections.sealedTokens()
    const found = analyticsOf(all, await store.tombstones.count(), now())
    const before = await store.tokenReports.lastBefore(new Date(now() - weekMs).toISOString())
    const trend = before === null ? {} : { trend: trendOf(found.analytics, before) }
    return { ...found, ...trend, key_versions: tally(sealed.map((row) => keyIdOf(row.sealedToken))) }
  },
})

function analyticsOf(all: readonly Connection[], removed: number, now: number) {
  const living = livingOf(all)
  return {
    analytics: {
      ...tokenCounts(all, removed, now),
      institutions: tally(living.map((connection) => connection.institution)),
      environments: tally(living.map((connection) => connection.environment)),
    },
    needs_reauth: all.filter((connection) => connection.status === 'needs_reauth').length,
    expiring_within_14_days: all.filter((connection) => isExpiring(connection, now)).length,
    oldest_token_days: all.reduce((most, { createdAt }) => Math.max(most, daysSince(createdAt, now)), 0),
    as_of: new Date(now).toISOString(),
  }
}

/** By how much each count has grown since then. */
function trendOf(counts: ReturnType<typeof tokenCounts>, { takenAt, counts: before }: TokenReport) {
  const grown = (name: Trended) => counts[name] - (before[name] ?? 0)
  return {
    since: takenAt,
    total_tokens: grown('total_tokens'),
    active_tokens: grown('active_tokens'),
    expired_tokens: grown('expired_tokens'),
    revoked_tokens: grown('revoked_tokens'),
  }
}

type Trended = 'total_tokens' | 'active_tokens' | 'expired_tokens' | 'revoked_tokens'

function isExpiring({ status, deadline }: Connection, now: number): boolean {
  return status === 'expiring' && deadline !== null && Date.parse(deadline) - now <= 14 * day
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
