import type { Log } from '../log.ts'

/** Counts what was refused and why, and says it without letting strangers fill the log. */
export interface Tally {
  /** A webhook of Plaid's that was answered with 200. */
  accepted(): void
  /** @param byPlaid Plaid's signature was good all the same */
  refused(status: number, why: string, byPlaid?: boolean): void
}

const quietMs = 60_000
const hour = 3_600_000
/** Fewer say nothing about a share. */
const enough = 10
const share = 0.2
const tooMany = 3

export function createTally({ now, log }: { readonly now: () => number; readonly log: Log }): Tally {
  const counts = new Map<string, number>()
  const saidAt = new Map<string, number>()
  let hourly = emptyHour(now())

  /** True at most once per `ms` for each thing that is said. */
  function mayBeSaid(what: string, ms: number): boolean {
    const last = saidAt.get(what)
    if (last !== undefined && Math.abs(now() - last) < ms) return false
    saidAt.set(what, now())
    return true
  }

  function thisHour() {
    if (Math.abs(now() - hourly.since) >= hour) hourly = emptyHour(now())
    return hourly
  }

  function warn({ signed, rejected, mistimed }: Hour): void {
    // Plaid stops trying again when nine in ten are refused for a day.
    if (signed >= enough && rejected > share * signed && mayBeSaid('share', hour))
      log.warn('webhook.of_plaid_refused', { signed, rejected })
    if (mistimed > tooMany && mayBeSaid('clock', hour))
      log.warn('webhook.out_of_time', { count: mistimed, advice: "check this machine's clock" })
  }

  return {
    accepted() {
      thisHour().signed += 1
    },
    refused(status, why, byPlaid = false) {
      const count = (counts.get(why) ?? 0) + 1
      counts.set(why, count)
      const current = thisHour()
      if (why === 'too_old' || why === 'too_new') current.mistimed += 1
      if (byPlaid) {
        current.signed += 1
        current.rejected += 1
      }
      if (mayBeSaid(why, quietMs)) log.info('webhook.refused', { status, why, count })
      warn(current)
    },
  }
}

type Hour = ReturnType<typeof emptyHour>

function emptyHour(since: number) {
  return { since, signed: 0, rejected: 0, mistimed: 0 }
}
