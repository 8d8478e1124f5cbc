import { html } from 'hono/html'
import type { z } from 'zod'
import { errorCodes, isErrorCode } from '../errors.ts'
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
        A token lets Coffer fetch from a bank without your password. Kept sealed; the oldest for ${tokens.oldest_token_days} days.
        ${Object.entries(tokens.analytics.institutions)
          .map(([name, count]) => `${name}: ${count}`)
          .join(', ')}
      </p>
    </section>`
}

function leaderText({ leader }: Schedule, now: number): string {
  if (leader === undefined)
    return 'Nothing is fetched by itself now: no assistant has Coffer open, and the command coffer-mcp listen does not run.'
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
        last === undefined ? 'never' : lastRun(last, now),
      ]
    }),
  )
}

type Run = Schedule['connections'][number]['last_runs'][number]

/** The code stands behind the words, for whoever helps. */
function lastRun({ at, ok, code = '' }: Run, now: number): Html {
  if (ok) return html`${age(at, now)}, well`
  const why = isErrorCode(code) ? errorCodes[code] : 'It did not work.'
  return html`${age(at, now)}: ${why} <span class="soft">(${code})</span>`
}

const jobWords: Readonly<Record<string, string>> = {
  sync: 'Fetch all banks',
  prune: 'Delete what is too old to be kept',
  cleanup: 'Look for connections that are not used',
  analytics: 'Count the connections',
  backup: 'Back the database up',
  integrity: 'Check the database',
}

const weekdays = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays']

/** The usual times in words; any other one as it is set. */
function timeOf(cron: string): string {
  const [, minute = '', hour = '', weekday = ''] = /^(\d{1,2}) (\d{1,2}) \* \* (\*|[0-6])$/.exec(cron) ?? []
  if (hour === '') return `cron ${cron}`
  const days = weekday === '*' ? 'every day' : `on ${weekdays[Number(weekday)]}`
  return `${days} at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
}

function jobsTable({ jobs }: Schedule, now: number): Html {
  return table(
    'What is done by the clock',
    ['Job', 'When', 'Next', 'Last'],
    jobs.map((job) => [
      jobWords[job.name] ?? job.name,
      timeOf(job.cron),
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
