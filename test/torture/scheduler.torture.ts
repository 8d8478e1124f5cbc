import { expect, it } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { freshHome } from '../store/fixtures.ts'
import { connection } from '../store/rows.ts'
import { chanceOf, seedOfRun } from './chance.ts'
import { choreAt, syncAt, timeZone } from './children/scheduler.ts'
import { say } from './report.ts'
import { dueDay, looksFrom } from './schedule-clock.ts'
import { type Course, follow, type Seen } from './schedule-course.ts'
import { startCrew } from './schedulers.ts'

const looks = Number(process.env['SCHEDULER_LOOKS'] ?? 10_000)
const processes = 4
const kills = 8
const minute = 60_000
const everyMs = 90 * minute
/** What was cut off is made up for after so long. */
const pauseMs = 3 * minute
const daily = ['first', 'second']
const often = 'often'
/** Some days before the clocks go back in New York. */
const start = Date.parse('2026-10-20T16:00:00Z')

async function household(): Promise<string> {
  const home = freshHome()
  const store = await openStore({ home })
  for (const itemId of [...daily, often]) {
    const lastSyncedAt = new Date(start).toISOString()
    await store.connections.insert(connection({ itemId, lastSyncedAt, newAccounts: false }), 'sealed')
  }
  await store.schedules.setFrequency(often, everyMs / minute)
  await store.close()
  return home
}

const byTime = (time: string) => (at: number) => dueDay(at, time, timeZone)

/** Days whose time had come by some look; those that the machine slept through are not among them. */
function daysDue({ looks }: Course, time: string): string[] {
  return [...new Set([start, ...looks.map(({ at }) => at)].map(byTime(time)))]
}

/** Looks at which the one with a frequency of its own was begun too early, too late or not at all. */
function misses({ looks, runs, cutOff }: Course): string[] {
  const begins = [...runs, ...cutOff].filter(({ itemId }) => itemId === often)
  const lost = new Set(cutOff)
  let [done, tried] = [start, 0]
  return looks.flatMap(({ at, begun }: Seen, look) => {
    const isDue = done > at + everyMs || done + everyMs <= at
    const isEnded = tried <= done && done <= at
    const mayTry = isEnded || tried > at + pauseMs || tried + pauseMs <= at
    const run = begins.find((one) => one.look === look)
    if (run !== undefined) tried = at
    if (run !== undefined && !lost.has(run)) done = at
    return begun.includes(often) === (isDue && mayTry) ? [] : new Date(at).toISOString()
  })
}

it('four schedulers on one database race for months: nothing is done twice, and nothing is left out', async () => {
  const seed = seedOfRun()
  await using crew = await startCrew(processes, await household())
  const course = await follow(crew, looksFrom(start, chanceOf(seed)), looks, kills)
  const { faults, lost, runs, cutOff } = course
  const of = (kind: Seen['kind']) => course.looks.filter((look) => look.kind === kind).length
  const last = new Date(course.looks.at(-1)?.at ?? 0).toISOString().slice(0, 10)
  const wrong = misses(course)
  say(
    `scheduler: ${course.looks.length} looks (target 10000) by ${processes} processes until ${last}, seed ${seed}: ` +
      `${of('sleeps')} sleeps, ${of('is set back')} clocks set back, ${of('holds')} looks while runs lasted, ` +
      `${cutOff.length} killed in a run; ${runs.length} runs, and ${lost} times another process had claimed one first; ` +
      `begun twice or beside another ${faults.length} (target 0), too early or too late ${wrong.length} (target 0)`,
  )
  expect({ faults, wrong }).toEqual({ faults: [], wrong: [] })
  const due = daysDue(course, syncAt).slice(1)
  for (const itemId of daily) {
    const own = runs.filter((run) => run.itemId === itemId)
    expect(own.map(({ at }) => dueDay(at, syncAt, timeZone))).toEqual(due)
  }
  // It had never been done before.
  const chores = course.looks.flatMap(({ at, chores }) => Array.from({ length: chores }, () => at))
  expect(chores.map(byTime(choreAt))).toEqual(daysDue(course, choreAt))
  // Otherwise nobody raced.
  expect(lost).toBeGreaterThan(runs.length / 10)
})
