import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import BetterSqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { newestSchema } from '../../src/store/migrations/index.ts'
import { driverNames } from '../store/fixtures.ts'
import { idOfOld } from '../store/old-schema.ts'
import type { Order } from './children/open-home.ts'
import { type Contents, contentsOf, differing } from './contents.ts'
import { type OldHomes, oldHomes } from './old-homes.ts'
import { idOf, type Opener, startOpener } from './openers.ts'
import { say } from './report.ts'

const rounds = Number(process.env['MIGRATION_ROUNDS'] ?? 25)
const copies = 6
/** 0 is the first start. */
const schemas = Array.from({ length: newestSchema + 1 }, (_, schema) => schema)

const driverOf = (number: number) => driverNames[number % driverNames.length] ?? 'better-sqlite3'

/** All at the same moment; what is wrong with what came of it. */
async function race(openers: readonly Opener[], home: string, round: number): Promise<string[]> {
  const answers = await Promise.all(
    openers.map((opener, n) => opener.open({ home, driver: driverOf(n + round) })),
  )
  const codes = answers.flatMap((answer) => (answer !== null && 'code' in answer ? answer.code : []))
  const ids = new Set(answers.map(idOf))
  return [...codes, ...(ids.size === 1 ? [] : [`${ids.size} ids`])]
}

/** As one process leaves a database that it migrates alone. */
async function clean(opener: Opener, home: string): Promise<Contents> {
  expect(idOf(await opener.open({ home, driver: 'better-sqlite3' }))).toBe(idOfOld)
  return contentsOf(home)
}

async function racesFrom(schema: number, openers: readonly Opener[], homes: OldHomes): Promise<string[]> {
  const [first] = openers
  if (first === undefined) throw new TypeError('nobody to race')
  // A first start has nothing to keep but an id of its own.
  const expected = schema === 0 ? null : await clean(first, homes.of(schema))
  const faults: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    const home = homes.of(schema)
    faults.push(...(await race(openers, home, round)).map((fault) => `from ${schema}: ${fault}`))
    const after = contentsOf(home)
    if (after.schema !== newestSchema || after.integrity !== 'ok') faults.push(`from ${schema}: not whole`)
    if (expected !== null)
      faults.push(...differing(expected, after).map((table) => `from ${schema}: ${table}`))
    rmSync(home, { recursive: true })
  }
  return faults
}

it('six processes that migrate at once from each earlier schema all come through, and nothing is lost', async () => {
  using homes = await oldHomes(schemas, 3)
  const openers = await Promise.all(Array.from({ length: copies }, () => startOpener()))
  try {
    const faults: string[] = []
    for (const schema of schemas) faults.push(...(await racesFrom(schema, openers, homes)))
    say(
      `migrations: ${copies} processes at once, ${rounds} rounds (target 25) from each of ${schemas.length} schemas ` +
        `(0 to ${newestSchema}); failures, several ids or lost rows ${faults.length} (target 0)`,
    )
    expect(faults).toEqual([])
  } finally {
    await Promise.all(openers.map((opener) => opener.kill()))
  }
})

/** Every file with its bytes, its mode and when it was written. */
function filesIn(home: string): Map<string, string> {
  const names = readdirSync(home, { recursive: true }).map(String)
  const files = names.filter((name) => statSync(join(home, name)).isFile()).toSorted()
  return new Map(
    files.map((name) => {
      const { mode, mtimeMs, size } = statSync(join(home, name))
      const digest = createHash('sha256')
        .update(readFileSync(join(home, name)))
        .digest('hex')
      return [name, `${mode.toString(8)} ${mtimeMs} ${size} ${digest}`]
    }),
  )
}

/** As a newer copy leaves it that was killed: what it committed last is in the log alone. */
function killedCopy(home: string, killed: string): void {
  const database = new BetterSqlite(join(home, 'coffer.db'))
  database.exec(`update connections set label = 'written last'`)
  // Nobody else has it open, so that nobody's locks go with these reads.
  cpSync(home, killed, { recursive: true })
  database.close()
}

async function refuses(older: Opener, home: string, driver: Order['driver']): Promise<boolean> {
  const answer = await older.open({ home, driver })
  return answer !== null && 'code' in answer && answer.code === 'DATABASE_NEWER'
}

it('each older version refuses a newer database, and touches no file', async () => {
  using homes = await oldHomes([newestSchema], 3)
  const [home, killed] = [homes.of(newestSchema), homes.of(0)]
  await using newest = await startOpener()
  await clean(newest, home)
  killedCopy(home, killed)
  const [before, content] = [filesIn(home), contentsOf(home)]
  const older = schemas.slice(0, -1)
  const faults: string[] = []
  for (const schema of older) {
    await using opener = await startOpener(schema)
    for (const driver of driverNames) {
      const place = `${schema} on ${driver}`
      if (!(await refuses(opener, home, driver))) faults.push(`${place} did not refuse`)
      if (!isDeepStrictEqual(filesIn(home), before)) faults.push(`${place} wrote`)
      const log = mkdtempSync(join(killed, '..', 'killed-'))
      cpSync(killed, log, { recursive: true })
      if (!(await refuses(opener, log, driver))) faults.push(`${place} did not refuse what a killed one left`)
      if (differing(contentsOf(log), content).length > 0) faults.push(`${place} lost what was in the log`)
    }
  }
  say(
    `older versions on a newer database: ${older.length} schemas x ${driverNames.length} drivers; not refused, ` +
      `any file touched, or rows lost that a killed copy had only in its log ${faults.length} (target 0)`,
  )
  expect(faults).toEqual([])
})
