import { html } from 'hono/html'
import type { z } from 'zod'
import type { syncSchedule } from '../tools/sync-schedule.ts'
import type { tokenAnalytics } from '../tools/token-analytics.ts'
import type { Html, Viewer } from './html.ts'
import { badge } from './status.ts'
import { moment, table } from './table.ts'
import { age, ahead } from './words.ts'

type Schedule = z.output<typeof syncSchedule.output>
type Tokens = z.output<typeof tokenAnalytics.output>

/** When what is fetched and done by itself, and what access is kept. */
export function upkeepView(schedule: Schedule, tokens: Tokens, { now }: Viewer): Html {
  return html`<p class="lead" data-news>${leaderText(schedule, now)}</p>
    <section aria-labelledby="schedule">
      <h2 id="schedule">Schedule</h2>
      ${banksTable(schedule, now)} ${jobsTable(schedule, now)}
    </section>
    <section aria-labelledby="tokens">
      <h2 id="tokens">Access tokens</h2>
      ${tokensTable(tokens)}
      <p class="soft">
        Kept sealed; the oldest for ${tokens.oldest_token_days} days.
        ${Object.entries(tokens.analytics.institutions)
          .map(([name, count]) => `${name}: ${count}`)
          .join(', ')}
      </p>
    </section>`
}

function leaderText({ leader }: Schedule, now: number): string {
  if (leader === undefined)
    return 'Nothing is fetched by itself now: no client has Coffer open, and coffer-mcp listen does not run.'
  return `A copy of Coffer fetches and checks by itself, since ${age(leader.since, now)}.`
}

function banksTable({ connections }: Schedule, now: number): Html {
  return table(
    'When each bank is fetched',
    ['Bank', 'State', 'How often', 'Next', 'Last'],
    connections.map((row) => {
      const [last] = row.last_runs
      return [
        row.institution,
        badge(row.status),
        row.every_minutes === 0 ? 'with the daily job' : `every ${row.every_minutes} min`,
        html`${moment(row.next_run, ahead(row.next_run, now))}${row.overdue ? ' (overdue)' : ''}`,
        last === undefined ? 'never' : `${age(last.at, now)}, ${last.ok ? 'well' : (last.code ?? 'badly')}`,
      ]
    }),
  )
}

function jobsTable({ jobs }: Schedule, now: number): Html {
  return table(
    'What is done by the clock',
    ['Job', 'When (cron)', 'Next', 'Last'],
    jobs.map((job) => [
      job.name,
      job.cron,
      moment(job.next_run, ahead(job.next_run, now)),
      moment(job.last_run, age(job.last_run, now)),
    ]),
  )
}

function tokensTable({ analytics, needs_reauth, expiring_within_14_days }: Tokens): Html {
  const counts = [
    ['Alive', analytics.active_tokens],
    ['Over', analytics.expired_tokens],
    ['Removed or taken back', analytics.revoked_tokens],
    ['Need a new login', needs_reauth],
    ['Expire within 14 days', expiring_within_14_days],
    ['Unused for 30 days', analytics.stale_tokens_30_days],
    ['Unused for 90 days or more', analytics.stale_tokens_90_days],
  ] as const
  return table('Tokens by state', ['State', '#Count'], counts)
}
