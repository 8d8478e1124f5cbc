import { errorCodes, isErrorCode } from '../../errors.ts'
import type { JobRun } from '../../model.ts'
import type { Finding } from './finding.ts'

/** What went wrong with jobs of the background when they last ran. One that runs, or was cut off, is no failure. */
export function jobsOf(all: readonly JobRun[]): Finding[] {
  return all.flatMap(({ name, lastCode, lastRunAt }) => {
    if (lastCode === null || lastCode === 'CANCELLED') return []
    const why = isErrorCode(lastCode) ? `${lastCode}: ${errorCodes[lastCode]}` : lastCode
    const when = lastRunAt === null ? '' : ` (${new Date(lastRunAt).toLocaleString()})`
    const fix = 'The copy that leads tries it again every hour, and its log says each time that it failed.'
    return { check: 'jobs', ok: false, says: `${name} failed: ${why}${when}`, fix }
  })
}
