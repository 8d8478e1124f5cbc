import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { beginRestore, openStore } from '../../src/store/index.ts'
import { newestSchema } from '../../src/store/migrations/index.ts'
import { driverNames } from '../store/fixtures.ts'
import { account, connection, transaction } from '../store/rows.ts'
import { type Chance, chanceOf, seedOfRun } from './chance.ts'
import type { Answer } from './children/open-home.ts'
import { contentsOf, differing } from './contents.ts'
import { oldHomes } from './old-homes.ts'
import { type Opener, startOpener } from './openers.ts'
import { say } from './report.ts'

const seeds = Number(process.env['DAMAGE_SEEDS'] ?? 20)
const openings = Number(process.env['OPEN_ROUNDS'] ?? 25)
const copies = 6
const page = 4_096

type Damage = (path: string, chance: Chance) => void

const noise = (chance: Chance, length: number) =>
  Buffer.from(Array.from({ length }, () => chance.between(0, 255)))

function overwrite(path: string, at: number, bytes: Buffer): void {
  const content = readFileSync(path)
  bytes.copy(content, at)
  writeFileSync(path, content)
}

/** Where it hits is chosen by the seed. */
const damages: Readonly<Record<string, Damage>> = {
  header: (path, chance) => overwrite(path, chance.between(0, 60), noise(chance, 40)),
  page: (path, chance) =>
    overwrite(path, chance.between(1, statSync(path).size / page - 1) * page, noise(chance, page)),
  'part of a page': (path, chance) =>
    overwrite(
      path,
      chance.between(1, statSync(path).size / page - 1) * page,
      noise(chance, chance.between(12, 200)),
    ),
  // The number of its first page stands in the header.
  freelist: (path, chance) =>
    overwrite(path, (readFileSync(path).readUInt32BE(32) - 1) * page, noise(chance, page)),
  'no bytes': (path) => truncateSync(path, 0),
  half: (path, chance) => truncateSync(path, Math.floor(statSync(path).size * (0.3 + chance.next() * 0.6))),
  'a random file': (path, chance) => writeFileSync(path, noise(chance, chance.between(1, 60_000))),
  gone: (path) => rmSync(path),
}

/** A household with a ledger, of which much was deleted, and a backup of it. */
async function lived(root: string): Promise<string> {
  const home = join(root, 'lived')
  const store = await openStore({ home })
  for (let number = 0; number < 40; number += 1) {
    const itemId = `item-${number}`
    await store.connections.insert(connection({ itemId }), `sealed ${itemId} `.repeat(10))
    await store.accounts.replace(itemId, [account({ itemId, accountId: `acc-${number}` })])
    const upserts = Array.from({ length: 40 }, (_, n) =>
      transaction({ transactionId: `t-${number}-${n}`, accountId: `acc-${number}` }),
    )
    await store.ledger.apply(itemId, {
      cursor: 'c',
      since: null,
      from: '2026-01-01',
      isWhole: true,
      upserts,
      removed: [],
    })
  }
  for (let number = 20; number < 40; number += 1) await store.connections.remove(`item-${number}`)
  await store.backups.make('daily')
  await store.close()
  return home
}

async function openAll(openers: readonly Opener[], home: string): Promise<string[]> {
  const answers = await Promise.all(
    openers.map((one, n) => one.open({ home, driver: driverNames[n % 2] ?? 'node:sqlite' })),
  )
  return answers.map(wordOf)
}

/** `open`, or the code of what kept it from being opened. */
function wordOf(answer: Answer | null): string {
  return answer === null ? 'killed' : 'code' in answer ? answer.code : 'open'
}

async function restored(home: string): Promise<void> {
  const restoring = await beginRestore({ home, file: null })
  try {
    await restoring.apply({ tokens: [], keys: [] })
  } finally {
    await restoring.end()
  }
}

const untimed = ['connections', 'changes']

it('of a database that is damaged in any way no figure is wrong, nothing is lost, and a backup brings it back', async () => {
  const seed = seedOfRun()
  const root = mkdtempSync(join(tmpdir(), 'coffer-damage-'))
  const home = await lived(root)
  const expected = contentsOf(home)
  const openers = await Promise.all(Array.from({ length: copies }, () => startOpener()))
  const faults: string[] = []
  let refused = 0
  try {
    for (const [kind, damage] of Object.entries(damages)) {
      for (let number = 0; number < seeds; number += 1) {
        const place = join(root, `${kind}-${number}`)
        cpSync(home, place, { recursive: true })
        for (const directory of [place, join(place, 'backups')]) chmodSync(directory, 0o700)
        const path = join(place, 'coffer.db')
        damage(path, chanceOf(seed, number))
        const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
        const codes = new Set(await openAll(openers, place))
        const fault = (what: string) => faults.push(`${kind} ${number}: ${what}`)
        if (codes.size !== 1) fault([...codes].join(', '))
        if (codes.has('open')) {
          // What was hit holds nothing.
          if (differing(expected, contentsOf(place)).length > 0) fault('opened, with other rows')
        } else if (codes.has('DATABASE_DAMAGED')) {
          refused += 1
          const aside = bytes === 0 ? [] : readdirSync(join(place, 'quarantine'))
          if (bytes > 0 && aside.length !== 1) fault(`${aside.length} in quarantine`)
          await restored(place)
          const other = differing(expected, contentsOf(place)).filter((table) => !untimed.includes(table))
          if (other.length > 0) fault(`restored with other ${other.join(', ')}`)
          // The number of the schema stands there too: then it is refused, and stays.
        } else if (!(kind === 'header' && codes.has('DATABASE_NEWER'))) fault([...codes].join(', '))
        rmSync(place, { recursive: true })
      }
    }
  } finally {
    await Promise.all(openers.map((opener) => opener.kill()))
    rmSync(root, { recursive: true, force: true })
  }
  const kinds = Object.keys(damages).length
  say(
    `damage: ${kinds} kinds x ${seeds} (target 7 x 20), seed ${seed}, each met by ${copies} copies at once; ${refused} refused and ` +
      `restored, the rest held nothing where it was hit; wrong figures, lost files or failed restores ${faults.length} (target 0)`,
  )
  expect(faults).toEqual([])
})

interface Team {
  readonly openers: Opener[]
  killed: number
  opened: number
}

/** All at the same moment, and one of them is killed now and then. What those who live say is wrong. */
async function openAmidKills(team: Team, home: string, chance: Chance): Promise<string[]> {
  const victim = chance.next() < 0.4 ? chance.between(0, copies - 1) : null
  const words = await Promise.all(
    team.openers.map(async (opener, n) => {
      const answer = opener.open({ home, driver: driverNames[chance.between(0, 1)] ?? 'node:sqlite' })
      if (n !== victim) return wordOf(await answer)
      await sleep(chance.between(0, 40))
      await opener.kill()
      await answer
      return 'killed'
    }),
  )
  if (victim !== null) {
    team.killed += 1
    team.openers[victim] = await startOpener()
  }
  const living = words.filter((word) => word !== 'killed')
  team.opened += living.length
  return living.filter((word) => word !== 'open')
}

it('six processes that open again and again, from every schema, with kills in between, all come in', async () => {
  const seed = seedOfRun()
  const chance = chanceOf(seed, 1)
  const schemas = Array.from({ length: newestSchema + 1 }, (_, schema) => schema)
  using homes = await oldHomes(schemas, 3)
  const openers = await Promise.all(Array.from({ length: copies }, () => startOpener()))
  const team: Team = { openers, killed: 0, opened: 0 }
  const faults: string[] = []
  try {
    for (const schema of schemas) {
      const home = homes.of(schema)
      for (let round = 0; round < openings; round += 1)
        faults.push(...(await openAmidKills(team, home, chance)).map((word) => `from ${schema}: ${word}`))
      if (contentsOf(home).integrity !== 'ok') faults.push(`from ${schema}: not whole`)
    }
  } finally {
    await Promise.all(team.openers.map((opener) => opener.kill()))
  }
  say(
    `openings: ${team.opened} by ${copies} processes at once, ${openings} rounds from each of ${schemas.length} schemas, seed ${seed}, ` +
      `${team.killed} of them killed as they opened; failures ${faults.length} (target 0)`,
  )
  expect(faults).toEqual([])
})
