import type { Scheduled } from '../../jobs/schedule.ts'
import type { Finding } from './finding.ts'

/** Whether fetching by the clock keeps up. `isLed`: some copy does that work. */
export function scheduleOf(all: readonly Scheduled[], isLed: boolean): Finding[] {
  const late = all.filter(({ overdue }) => overdue).map(({ connection }) => connection.institution)
  if (late.length > 0)
    return [
      {
        check: 'schedule',
        ok: false,
        says: `overdue: ${late.join(', ')}`,
        fix: isLed
          ? 'coffer-mcp sync --max-age 0 says what keeps them; coffer-mcp call sync_schedule has the last runs.'
          : 'They are fetched while a copy runs: start Claude or another client with Coffer, or coffer-mcp listen.',
      },
    ]
  const next = all.flatMap(({ nextRun }) => (nextRun === null ? [] : [nextRun])).sort((a, b) => a - b)[0]
  if (next === undefined) return []
  const when = new Date(next).toLocaleString()
  return [{ check: 'schedule', ok: true, says: `nothing is overdue; the next fetch is due ${when}` }]
}
