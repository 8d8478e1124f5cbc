import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { newestSchema } from '../../src/store/migrations/index.ts'
import { idOfOld } from '../store/old-schema.ts'
import { type Chance, chanceOf, seedOfRun } from './chance.ts'
import { type Contents, contentsOf, differing } from './contents.ts'
import { type OldHomes, oldHomes } from './old-homes.ts'
import { idOf, type Opener, startOpener } from './openers.ts'
import { say } from './report.ts'

const points = Number(process.env['CRASH_POINTS'] ?? 100)
const lanes = 2
/** So that there is something to write at the end of a migration. */
const connections = 300
const driver = 'better-sqlite3'
const schemas = Array.from({ length: newestSchema - 1 }, (_, index) => index + 1)

/** How a database of one schema looks before and after a migration that nobody disturbs. */
interface Course {
  readonly schema: number
  readonly before: Contents
  readonly after: Contents
  /** From the opening of the file to the end of the migration. */
  readonly statements: number
  /** From the beginning of its commit to the end, in ms. */
  readonly commitMs: number
}

async function courseFrom(schema: number, homes: OldHomes, opener: Opener): Promise<Course> {
  const home = homes.of(schema)
  const before = contentsOf(home)
  let commitAt = 0
  const answer = await opener.open({ home, driver }, () => (commitAt = performance.now()))
  const commitMs = performance.now() - commitAt
  if (answer === null || 'code' in answer) throw new Error(`a clean migration: ${answer?.code}`)
  const after = contentsOf(home)
  rmSync(home, { recursive: true })
  return { schema, before, after, statements: answer.statements, commitMs }
}

/** Before a statement, or so long after the process began to commit. */
type Moment = { readonly dieBefore: number } | { readonly afterMs: number }

function momentOf({ statements, commitMs }: Course, chance: Chance): Moment {
  if (chance.next() < 0.6) return { dieBefore: chance.between(1, statements) }
  return { afterMs: chance.next() * 1.2 * commitMs }
}

async function killAt(moment: Moment, home: string): Promise<void> {
  await using opener = await startOpener()
  if ('dieBefore' in moment) return void (await opener.open({ home, driver, ...moment }))
  const { promise: committing, resolve } = Promise.withResolvers<void>()
  const ended = opener.open({ home, driver }, resolve)
  await committing
  if (moment.afterMs > 1) await sleep(moment.afterMs)
  await opener.kill()
  await ended
}

interface Seen {
  readonly isDone: boolean
  readonly isInCommit: boolean
  readonly faults: readonly string[]
}

async function killOnce(course: Course, home: string, chance: Chance, next: Opener): Promise<Seen> {
  const moment = momentOf(course, chance)
  await killAt(moment, home)
  const killed = contentsOf(home)
  const isDone = killed.schema === newestSchema
  const torn = differing(killed, isDone ? course.after : course.before)
  const again = await next.open({ home, driver })
  const end = contentsOf(home)
  const other = differing(end, course.after)
  const wrong: readonly (readonly [string, boolean])[] = [
    [`half a migration: ${torn.join()}`, torn.length > 0],
    [`damaged: ${killed.integrity}`, killed.integrity !== 'ok'],
    [`the next start says ${JSON.stringify(again)}`, idOf(again) !== idOfOld],
    [`damaged in the end: ${end.integrity}`, end.integrity !== 'ok'],
    [`other rows than after a clean one: ${other.join()}`, other.length > 0],
  ]
  const place = `from ${course.schema}, ${JSON.stringify(moment)}`
  const faults = wrong.flatMap(([what, isSo]) => (isSo ? `${place}: ${what}` : []))
  return { isDone, isInCommit: 'afterMs' in moment, faults }
}

async function lane(courses: readonly Course[], homes: OldHomes, chance: Chance): Promise<Seen[]> {
  await using next = await startOpener()
  const seen: Seen[] = []
  for (let point = 0; point < points / lanes; point += 1) {
    const course = courses[chance.between(0, courses.length - 1)]
    if (course === undefined) throw new TypeError('no course')
    const home = homes.of(course.schema)
    seen.push(await killOnce(course, home, chance, next))
    rmSync(home, { recursive: true })
  }
  return seen
}

async function coursesFrom(homes: OldHomes): Promise<Course[]> {
  await using opener = await startOpener()
  const courses: Course[] = []
  for (const schema of schemas) courses.push(await courseFrom(schema, homes, opener))
  return courses
}

it('a kill -9 in a migration: the next start ends it, and every row is as after a clean one', async () => {
  const seed = seedOfRun()
  using homes = await oldHomes(schemas, connections)
  const courses = await coursesFrom(homes)
  const runs = Array.from({ length: lanes }, (_, stream) => lane(courses, homes, chanceOf(seed, stream)))
  const seen = (await Promise.all(runs)).flat()
  const count = (isSo: (one: Seen) => boolean) => seen.filter(isSo).length
  const faults = seen.flatMap((one) => one.faults)
  say(
    `kill -9 in a migration from ${schemas.length} schemas with ${connections} rows a table, seed ${seed}: ` +
      `${seen.length} points (target 100), ${count((one) => one.isInCommit)} of them in its commit; ` +
      `killed before its end ${count((one) => !one.isDone)}, after it ${count((one) => one.isDone)}; ` +
      `lost or other rows, half a schema, failures of integrity_check ${faults.length} (target 0)`,
  )
  expect(faults).toEqual([])
  // Otherwise the kills fell somewhere else.
  expect(count((one) => !one.isDone)).toBeGreaterThan(points / 3)
}, 1_200_000)
