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
  }
  const rows = Object.entries({ ...plain, oldest_token_days: rest.oldest_token_days }).map(
    ([name, count]) => [name.replaceAll('_', ' '), String(count)],
  )
  const groups = Object.entries({ institutions, environments, 'key versions': rest.key_versions }).map(
    ([name, tally]) =>
      `${name}: ${
        Object.entries(tally)
          .map(([key, count]) => `${key} ${count}`)
          .join(', ') || 'none'
      }`,
  )
  return [table([['tokens'], ['count', 'right']], rows), ...trendOf(rest.trend), ...groups].join('\n\n')
}

function trendOf(trend: Analytics['trend']): string[] {
  if (trend === undefined) return []
  const { since, ...grown } = trend
  const parts = Object.entries(grown).map(
    ([name, by]) => `${name.replace('_tokens', '')} ${by > 0 ? '+' : ''}${by}`,
  )
  return [`since ${since.slice(0, 10)}: ${parts.join(', ')}`]
}
