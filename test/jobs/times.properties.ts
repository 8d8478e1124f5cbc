import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cronTimes, isDue, nextRun, type Times } from '../../src/jobs/times.ts'
import { today } from '../../src/snapshot/index.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const zones = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC'] as const
/** The last two lie in the hours that come twice or never. */
const daily = ['0 6 * * *', '59 23 * * *', '0 0 * * *', '30 1 * * *', '15 2 * * *'] as const
const start = Date.parse('2026-01-01T12:00:00Z')

const cases = zones.flatMap((zone) => daily.map((cron) => [zone, cron] as const))

/** The days on the calendar of the zone on which it ran, while somebody looks at these times. */
function runs(times: Times, zone: string, looks: Iterable<number>): string[] {
  const days: string[] = []
  let last: number | null = start
  for (const now of looks) {
    if (!isDue(times, last, now)) continue
    last = now
    days.push(today(times.last(now) ?? 0, zone))
  }
  return days
}

function* every(ms: number, from: number, to: number): Generator<number> {
  for (let at = from; at < to; at += ms) yield at
}

describe.each(cases)('in %s at "%s"', (zone, cron) => {
  it('every day of two years has its time once, also those on which the clocks change', async () => {
    const times = await cronTimes(cron, zone)
    const days: string[] = []
    for (let at = times.next(start) ?? 0; at < start + 730 * day; at = times.next(at) ?? Infinity)
      days.push(today(at, zone))
    expect(new Set(days).size).toBe(days.length)
    expect(days.length).toBe(730)
  })

  it('the last time and the next have none in between, wherever one looks', async () => {
    const times = await cronTimes(cron, zone)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 700 * day }), (ms) => {
        const [last, next] = [times.last(start + ms) ?? 0, times.next(start + ms) ?? 0]
        expect(last).toBeLessThanOrEqual(start + ms)
        expect(next).toBeGreaterThan(start + ms)
        expect(times.next(last)).toBe(next)
        expect([times.last(next), times.last(next - 1)]).toEqual([next, last])
      }),
      { numRuns: 60 },
    )
  })
})

describe('what is due every day', () => {
  it.each(zones)('in %s is done once a day by whoever looks every quarter of an hour', async (zone) => {
    const times = await cronTimes('0 6 * * *', zone)
    const days = runs(times, zone, every(15 * minute, start, start + 400 * day))
    expect(days.length).toBe(400)
    expect(new Set(days).size).toBe(400)
  })

  it.each(zones)('in %s is made up for once, however long nobody looked', async (zone) => {
    const times = await cronTimes('0 6 * * *', zone)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: minute, max: 5 * day }), { maxLength: 60 }), (naps) => {
        let now = start
        const looks = naps.flatMap((ms) => [(now += ms), now + 1, now + minute])
        const days = runs(times, zone, looks)
        expect(new Set(days).size).toBe(days.length)
        // Every look after a time that was missed finds it done.
        expect(days).toEqual(
          [...new Set(looks.map((at) => today(times.last(at) ?? 0, zone)))].filter(isLater),
        )
        function isLater(date: string): boolean {
          return date > today(times.last(start) ?? 0, zone)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('when the clock is set', () => {
  const six = Date.parse('2026-06-10T06:00:00Z')
  const utc = cronTimes('0 6 * * *', 'UTC')

  it('back by two hours, what was done today is not done again', async () => {
    const looks = [...every(minute, six, six + hour), ...every(minute, six - hour, six + day)]
    expect(runs(await utc, 'UTC', looks)).toEqual(['2026-06-10'])
  })

  it('forward by three days, what was missed is done once', async () => {
    const times = await utc
    expect(runs(times, 'UTC', [six, six + minute, six + 3 * day, six + 3 * day + minute])).toEqual([
      '2026-06-10',
      '2026-06-13',
    ])
  })

  it('back from a year that was wrong, it goes on from today', async () => {
    const times = await utc
    const wrong = six + 1_000 * day
    expect(isDue(times, wrong, six + hour)).toBe(true)
    expect(nextRun(times, six + hour, six + hour)).toBe(six + day)
  })
})

describe('a frequency of its own', () => {
  it.each([
    ['is due at once when it was never done', null, 1_000],
    ['counts from the last time', 900, 900 + hour],
    ['is missed once', 1_000 - 5 * hour, 1_000 - 4 * hour],
    ['waits after the clock was set back a little', 1_000 + minute, 1_000 + minute + hour],
    ['does not wait for a year that was wrong', 1_000 + 3 * hour, 1_000],
  ])('%s', (_what, last, next) => {
    expect(nextRun({ everyMs: hour }, last, 1_000)).toBe(next)
  })
})
