/** When something is to happen, by a calendar. Times in ms since 1970; null: never. */
export interface Times {
  /** The last time at or before `at`. */
  last(at: number): number | null
  /** The first time after `at`. */
  next(at: number): number | null
}

/** By the calendar, or so long after it was last done. */
export type Rhythm = Times | { readonly everyMs: number }

const second = 1_000

/**
 * Five fields of cron on the clock of a time zone. A time that a change of the clocks leaves out comes when the clock has
 * gone on; one that comes twice counts once. Loads what reads cron: the start of a server has no time for that.
 */
export async function cronTimes(cron: string, timeZone: string): Promise<Times> {
  const { Cron } = await import('croner')
  const job = new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true })
  // Whoever asks every few seconds gets the same answer for a day, and a calendar is dear.
  let around = { last: Infinity, next: -Infinity }

  function look(at: number) {
    if (around.last <= at && at < around.next) return around
    // It gives what lies before a whole second.
    const last = job.previousRuns(1, new Date(wholeSecondAfter(at)))[0]?.getTime() ?? null
    const next = job.nextRun(new Date(at))?.getTime() ?? null
    if (last !== null && next !== null) around = { last, next }
    return { last, next }
  }

  return { last: (at) => look(at).last, next: (at) => look(at).next }
}

function wholeSecondAfter(at: number): number {
  return (Math.floor(at / second) + 1) * second
}

/**
 * When it is to be done next; at or before `now`: it is due, since then. What was missed is due once. After the clock was
 * set back, what was done already waits for its next time, unless it was done so far ahead that the clock was wrong then.
 * @param lastRunAt null: never
 */
export function nextRun(rhythm: Rhythm, lastRunAt: number | null, now: number): number | null {
  if ('everyMs' in rhythm) return nextInterval(rhythm.everyMs, lastRunAt, now)
  const [last, next] = [rhythm.last(now), rhythm.next(now)]
  const period = last === null || next === null ? 0 : next - last
  if (lastRunAt === null || lastRunAt > now + period) return last ?? next
  return last !== null && lastRunAt < last ? last : rhythm.next(Math.max(lastRunAt, now))
}

function nextInterval(everyMs: number, lastRunAt: number | null, now: number): number {
  return lastRunAt === null || lastRunAt > now + everyMs ? now : lastRunAt + everyMs
}

export function isDue(rhythm: Rhythm, lastRunAt: number | null, now: number): boolean {
  const at = nextRun(rhythm, lastRunAt, now)
  return at !== null && at <= now
}
