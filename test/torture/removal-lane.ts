import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type App, createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { silentLog } from '../../src/log.ts'
import type { ItemState } from '../../src/simulator/state.ts'
import {
  bank,
  brokerage,
  dataDirectory,
  day,
  minute,
  openRooms,
  otherBank,
  realTime,
  type Rooms,
} from '../support/rooms.ts'
import { until } from '../support/until.ts'
import type { Chance } from './chance.ts'
import { cleanUp } from './clean-up.ts'
import { contentsOf } from './contents.ts'

export type Work = 'removal' | 'clean-up'

/** Five connections, of which three are to go, and a Plaid that can have them back. */
interface Scene {
  readonly work: Work
  readonly rooms: Rooms
  readonly items: readonly ItemState[]
  readonly going: readonly string[]
  readonly staying: readonly string[]
}

const banks = [bank, otherBank, 'ins_109509', 'ins_109510', brokerage]
const goingOf = 3
const kindOf = (id: string) => ({ kind: id === brokerage ? ('brokerage' as const) : ('bank' as const) })

async function openScene(work: Work): Promise<Scene> {
  const rooms = await openRooms({ rotAfterDays: 10_000 }, {}, realTime)
  const { connections } = rooms.app.store
  const ids: string[] = []
  for (const institutionId of banks) ids.push(await rooms.connect(institutionId, kindOf(institutionId)))
  // The first fetch of each goes on behind.
  await until(async () => (await connections.list()).every((row) => row.lastSyncedAt !== null))
  const [going, staying] = [ids.slice(0, goingOf), ids.slice(goingOf)]
  if (work === 'clean-up') {
    const longAgo = new Date(rooms.now() - 100 * day).toISOString()
    for (const itemId of going)
      await connections.change(itemId, (row) => ({ ...row, createdAt: longAgo, lastUsedAt: longAgo }))
  }
  const items = rooms.simulator.controls.items()
  await rooms.app.close()
  return { work, rooms, items, going, staying }
}

function envOn({ rooms }: Scene, home: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rooms.env).map(([name, value]) => [name, value.replace(rooms.home, home)]),
  )
}

async function startRemover(scene: Scene, home: string, compiled: string) {
  const args = [String(scene.rooms.now() - Date.now()), ...(scene.work === 'removal' ? scene.going : [])]
  const env = { ...envOn(scene, home), NODE_COMPILE_CACHE: compiled }
  const child = fork(join(import.meta.dirname, 'children/remove-some.ts'), args, { env })
  const closed = once(child, 'close')
  await once(child, 'message')
  const done = once(child, 'message')
  return {
    go: () => void child.send('go'),
    done,
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
  }
}

export interface Seen {
  /** Connections that were gone, on their way or untouched when it was killed. */
  readonly gone: number
  readonly removing: number
  readonly untouched: number
  readonly faults: readonly string[]
}

/** Kills one copy after the other that removes the same connections; each time the next one goes on. */
export async function removalLane(work: Work, points: number, chance: Chance): Promise<Seen[]> {
  const scene = await openScene(work)
  const root = mkdtempSync(join(tmpdir(), 'coffer-removal-'))
  const compiled = join(root, 'compiled')
  const fresh = (number: number) => {
    const home = join(root, String(number))
    cpSync(scene.rooms.home, home, { recursive: true })
    // Folders do not keep their mode.
    chmodSync(dataDirectory(home), 0o700)
    for (const item of scene.items) item.removed = false
    scene.rooms.advance(2 * minute)
    return home
  }
  try {
    const course = await undisturbed(scene, fresh(-1), compiled)
    const seen: Seen[] = []
    for (let number = 0; number < points; number += 1) {
      const home = fresh(number)
      const moment = momentOf(course, chance)
      const one = await killOnce(scene, home, compiled, moment)
      rmSync(home, { recursive: true })
      seen.push({
        ...one,
        faults: one.faults.map((fault) => `${work}, ${JSON.stringify(moment)}: ${fault}`),
      })
    }
    return seen
  } finally {
    await scene.rooms.simulator.close()
    for (const folder of [scene.rooms.home, root]) rmSync(folder, { recursive: true, force: true })
  }
}

/** Until Plaid has been asked about every connection, as a clean-up begins; and from then on, in ms. */
interface Course {
  readonly askingMs: number
  readonly removingMs: number
}

/** Resolves when a clean-up has asked, or with its beginning where nobody asks. */
async function asked({ work, rooms, items }: Scene, before: number): Promise<void> {
  if (work === 'removal') return
  while (rooms.calls('/item/get') < before + items.length) await sleep(1)
}

async function undisturbed(scene: Scene, home: string, compiled: string): Promise<Course> {
  const remover = await startRemover(scene, home, compiled)
  const before = scene.rooms.calls('/item/get')
  const begun = performance.now()
  remover.go()
  await asked(scene, before)
  const then = performance.now()
  await remover.done
  const removingMs = performance.now() - then
  await remover.kill()
  return { askingMs: then - begun, removingMs }
}

/** Most fall where something is removed. */
function momentOf({ askingMs, removingMs }: Course, chance: Chance) {
  const isEarly = chance.next() < 0.2
  return { isEarly, afterMs: chance.next() * (isEarly ? askingMs : 1.1 * removingMs) }
}

type Moment = ReturnType<typeof momentOf>

async function killOnce(scene: Scene, home: string, compiled: string, moment: Moment): Promise<Seen> {
  const remover = await startRemover(scene, home, compiled)
  const before = scene.rooms.calls('/item/get')
  remover.go()
  if (!moment.isEarly) await asked(scene, before)
  await sleep(moment.afterMs)
  await remover.kill()
  const killed = integrity(home)
  const app = await createApp(readConfig({ flags: {}, env: envOn(scene, home) }), silentLog, scene.rooms.now)
  let found: Awaited<ReturnType<typeof goOn>>
  try {
    found = await goOn(scene, app)
  } finally {
    await app.close()
  }
  return { ...found.counts, faults: [...killed, ...found.faults, ...integrity(home)] }
}

/** As the next leader does. */
async function goOn(scene: Scene, app: App) {
  const { faults, begun, counts } = await stateOf(scene, app)
  scene.rooms.advance(3 * minute)
  await app.connections.removal.retry()
  faults.push(...(await faultsAfterRetry(scene, app, begun)))
  if (scene.work === 'clean-up') {
    // What had not been begun is for the next day's.
    await cleanUp(app)
    faults.push(...(await faultsAfterRetry(scene, app, scene.going)))
  }
  return { faults, counts }
}

/** Nothing in this process has it open. */
function integrity(home: string): string[] {
  const { integrity: said } = contentsOf(dataDirectory(home))
  return said === 'ok' ? [] : [`damaged: ${said}`]
}

function livesAtPlaid({ items }: Scene, itemId: string): boolean {
  return items.some((item) => item.itemId === itemId && !item.removed)
}

/** What the kill left, and what of it must not be. */
async function stateOf(scene: Scene, { store }: App) {
  const faults: string[] = []
  const begun: string[] = []
  let removing = 0
  for (const itemId of [...scene.going, ...scene.staying]) {
    const row = await store.connections.find(itemId)
    const token = await store.connections.sealedToken(itemId)
    const lives = livesAtPlaid(scene, itemId)
    if (lives && token === null) faults.push(`nobody can end ${itemId} any more`)
    if (row?.status === 'removing') removing += 1
    if (row === null || row.status === 'removing') begun.push(itemId)
    else if (!lives) faults.push(`${itemId} was ended, and nothing says so`)
    else if ((await store.accounts.list(itemId)).length === 0) faults.push(`${itemId} has lost its accounts`)
  }
  const gone = begun.length - removing
  if ((await store.tombstones.count()) !== gone) faults.push(`${gone} gone without as many tombstones`)
  return { faults, begun, counts: { gone, removing, untouched: scene.going.length - begun.length } }
}

/** Those that had been begun have ended everywhere, and the others are whole. */
async function faultsAfterRetry(
  scene: Scene,
  { store, connections }: App,
  begun: readonly string[],
): Promise<string[]> {
  const faults: string[] = []
  for (const itemId of [...scene.going, ...scene.staying]) {
    const row = await store.connections.find(itemId)
    if (begun.includes(itemId)) {
      if (row !== null || livesAtPlaid(scene, itemId)) faults.push(`${itemId} is not gone`)
    } else {
      const checked = await connections.health.check(itemId).catch(() => null)
      if (checked?.connection.status !== 'active') faults.push(`${itemId} does not work any more`)
    }
  }
  if ((await store.tombstones.count()) !== begun.length) faults.push('not one tombstone for each')
  if (await store.scrubbing.isOwed()) faults.push('the files are not wiped')
  if ((await store.scrubbing.filesWith(begun)).length > 0)
    faults.push('a file holds the id of one that is gone')
  return faults
}
