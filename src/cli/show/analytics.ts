import type { z } from 'zod'
import type { tokenAnalytics } from '../../tools/token-analytics.ts'
import { table } from './table.ts'

type Analytics = z.output<typeof tokenAnalytics.output>

export function showAnalytics({ analytics, ...rest }: Analytics): string {
  const { institutions, environments, ...counts } = analytics
  const plain = {
    ...counts,
    needs_reauth: rest.needs_reauth,
    expiring_within_14_days: rest.expiring_within_14_days,
    failing: rest.failing,
  }
  const rows = Object.entries({ ...plain, oldest_token_days: rest.oldest_token_days }).map(
    ([name, count]) => [name.replaceAll('_', ' '), String(count)],
  )
  const groups = Object.entries({
    institutions,
    environments,
    'key versions': rest.key_versions,
    'billed by the month (connections)': Object.fromEntries(
      rest.subscriptions.map(({ endpoint, connections }) => [endpoint, connections]),
    ),
  }).map(
    ([name, tally]) =>
      `${name}: ${
        Object.entries(tally)
          .map(([key, count]) => `${key} ${count}`)
          .join(', ') || 'none'
      }`,
  )
  const parts = [table([['tokens'], ['count', 'right']], rows), ...trendOf(rest.trend), ...groups]
  return [...parts, ...streaksOf(rest.error_streaks), ...billedOf(rest.billed_calls)].join('\n\n')
}

function streaksOf(streaks: Analytics['error_streaks']): string[] {
  if (streaks.length === 0) return []
  const rows = streaks.map((row) => [row.institution, row.code, String(row.failures), row.since.slice(0, 10)])
  return [table([['fetches that fail'], ['code'], ['in a row', 'right'], ['since']], rows)]
}

function billedOf(billed: Analytics['billed_calls']): string[] {
  if (billed.length === 0) return []
  const rows = billed.map((row) => [row.institution, row.month, row.endpoint, String(row.calls)])
  return [table([['billed by the call'], ['month'], ['endpoint'], ['calls', 'right']], rows)]
}

function trendOf(trend: Analytics['trend']): string[] {
  if (trend === undefined) return []
  const { since, ...grown } = trend
  const parts = Object.entries(grown).map(
    ([name, by]) => `${name.replace('_tokens', '')} ${by > 0 ? '+' : ''}${by}`,
  )
  return [`since ${since.slice(0, 10)}: ${parts.join(', ')}`]
}
