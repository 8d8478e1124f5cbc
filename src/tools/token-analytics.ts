import { z } from 'zod'
import { daysSince, streakOf, takeCensus, tally, type TokenCensus } from '../connections/index.ts'
import type { Store, TokenReport } from '../store/store.ts'
import { defineTool } from './define.ts'

const counts = z.record(z.string(), z.number())
const day = 86_400_000
/** Reports are made once a week, and may have been made up for some hours late. */
const weekMs = 6 * day
/** Of the lists in the answer. */
const atMost = 25
const mostInstitutions = 100

/** By how much the counts have grown since the weekly report of that time. */
const trend = z.object({
  since: z.string(),
  total_tokens: z.number(),
  active_tokens: z.number(),
  expired_tokens: z.number(),
  revoked_tokens: z.number(),
  failing: z.number(),
  billed_calls: z.number(),
})

/** A connection whose last fetches all failed; of more than 20 the last 20 are known. */
const streak = z.object({
  item_id: z.string(),
  institution: z.string(),
  code: z.string(),
  failures: z.number(),
  since: z.string(),
  last_synced_at: z.string().optional(),
  last_used_at: z.string().optional(),
})

/** Calls of this month and the last that Plaid bills one by one. */
const billed = z.object({
  item_id: z.string(),
  institution: z.string(),
  month: z.string(),
  endpoint: z.string(),
  calls: z.number(),
})

/** Connections that were asked for this month what Plaid bills by the month. */
const subscription = z.object({ endpoint: z.string(), connections: z.number() })

export const tokenAnalytics = defineTool({
  name: 'token_analytics',
  title: 'Token analytics',
  description:
    'Counts the access tokens that this program holds: living, expired, revoked, unused for a while, by bank and environment, the keys that seal them, fetches that keep failing, and calls that Plaid bills. Never shows a token.',
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
    failing: z.number(),
    error_streaks: z.array(streak),
    billed_calls: z.array(billed),
    subscriptions: z.array(subscription),
    trend: trend.optional(),
    key_versions: counts,
    as_of: z.string(),
  }),
  async handle(_args, { store, now }) {
    const census = await takeCensus(store, now())
    const before = await store.tokenReports.lastBefore(new Date(now() - weekMs).toISOString())
    return {
      ...analyticsOf(census, now()),
      error_streaks: await streaksIn(store),
      ...(await billedIn(store, now())),
      ...(before !== null && { trend: trendOf(census.report, before) }),
      as_of: new Date(now()).toISOString(),
    }
  },
})

function analyticsOf(
  { living, counts, report, needsReauth, expiringSoon, oldest, keys }: TokenCensus,
  now: number,
) {
  return {
    analytics: {
      ...counts,
      institutions: mostOf(tally(living, ({ institution }) => institution)),
      environments: tally(living, ({ environment }) => environment),
    },
    needs_reauth: needsReauth,
    expiring_within_14_days: expiringSoon,
    oldest_token_days: oldest === null ? 0 : daysSince(oldest, now),
    failing: report.failing,
    key_versions: keys,
  }
}

/** An answer stays small however many banks there are. */
function mostOf(tallied: Readonly<Record<string, number>>): Record<string, number> {
  const all = Object.entries(tallied)
  if (all.length <= mostInstitutions) return tallied
  const sorted = all.toSorted(([, a], [, b]) => b - a)
  const others = sorted.slice(mostInstitutions).reduce((sum, [, count]) => sum + count, 0)
  return Object.fromEntries([...sorted.slice(0, mostInstitutions), ['(others)', others]])
}

async function streaksIn({ tokens, syncRuns }: Store): Promise<z.input<typeof streak>[]> {
  const found = []
  for (const { itemId, institution, lastSyncedAt, lastUsedAt } of await tokens.failing(atMost)) {
    const failed = streakOf(await syncRuns.lastOf(itemId, 20))
    if (failed === null) continue
    found.push({
      item_id: itemId,
      institution,
      ...failed,
      ...(lastSyncedAt !== null && { last_synced_at: lastSyncedAt }),
      ...(lastUsedAt !== null && { last_used_at: lastUsedAt }),
    })
  }
  return found
}

async function billedIn({ tokens }: Store, now: number) {
  const months = monthsUntil(now)
  const byCall = await tokens.billedByCall(months, atMost)
  return {
    billed_calls: byCall.map(({ itemId, institution, month, endpoint, calls }) => ({
      item_id: itemId,
      institution,
      month,
      endpoint,
      calls,
    })),
    subscriptions: [...(await tokens.subscriptions(months[0]))],
  }
}

/** This month and the one before, as Plaid bills them. */
function monthsUntil(now: number): readonly [string, string] {
  const date = new Date(now)
  const before = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1))
  return [date.toISOString().slice(0, 7), before.toISOString().slice(0, 7)]
}

/** By how much each count has grown since then. */
function trendOf(report: TokenCensus['report'], { takenAt, counts: before }: TokenReport) {
  const grown = (name: keyof typeof report) => report[name] - (before[name] ?? 0)
  return {
    since: takenAt,
    total_tokens: grown('total_tokens'),
    active_tokens: grown('active_tokens'),
    expired_tokens: grown('expired_tokens'),
    revoked_tokens: grown('revoked_tokens'),
    failing: grown('failing'),
    // Those of connections that were removed since are no longer counted.
    billed_calls: Math.max(0, grown('billed_calls')),
  }
}
