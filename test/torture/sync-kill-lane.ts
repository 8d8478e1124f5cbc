import BetterSqlite from 'better-sqlite3'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { type App, createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { silentLog } from '../../src/log.ts'
import { openStore } from '../../src/store/index.ts'
import type { Store } from '../../src/store/store.ts'
import { dataDirectory, minute, openRooms, type Rooms } from '../support/rooms.ts'
import type { Answer } from '../sync/children/sync.ts'
import { type Gate, type Moment, startGate } from '../support/gate.ts'

const program = join(import.meta.dirname, '../sync/children/sync.ts')
const all = { from: '0000-01-01', to: '9999-12-31' }

/** What is to be read, and from which state of the data. */
export interface Scene {
  readonly name: string
  readonly ledger: 'on' | 'off'
  readonly path: '/transactions/sync' | '/transactions/get'
  readonly days: number
  /** Where the clock begins, in ms before now. */
  readonly agoMs: number
  /** Connects, and leaves everything as the killed runs are to find it. */
  prepare(rooms: Rooms): Promise<void>
}

/** One scene, the state that its runs begin with, and how it is after a run that nothing disturbed. */
export interface Lane extends AsyncDisposable {
  readonly scene: Scene
  readonly before: State
  readonly clean: State
  /** How many pages the run has, and how long after the last of them it said that it was done, in ms. */
  readonly pages: number
  readonly endMs: number
  /** A run on data of its own that is killed so long after the moment; what came of it. */
  kill(moment: Moment, afterMs: number): Promise<Seen>
}

/** What the disk says: rows and cursor of the ledger, and the sums that are made of the rows. */
export interface State {
  readonly ledger: string
  readonly sums: string
}

export interface Seen {
  /** Right after the kill. */
  readonly killed: State
  readonly damaged: boolean
  /** After the next run of another copy, and (where the page was the last one) after one more. */
  readonly next: State
  readonly again: State
  readonly totals: readonly string[]
}

export async function openLane(scene: Scene): Promise<Lane> {
  const rooms = await openRooms({}, { COFFER_LEDGER: scene.ledger }, () => early() - scene.agoMs)
  await scene.prepare(rooms)
  await rooms.app.close()
  const gate = await startGate(rooms.simulator.url, scene.path)
  const compiled = mkdtempSync(join(tmpdir(), 'coffer-compiled-'))
  const lane = { scene, rooms, gate, compiled }
  const before = await onCopy(rooms, (home) => withStore(home, stateOf))
  const { pages, endMs, clean } = await undisturbed(lane)
  return {
    scene,
    before,
    clean,
    pages,
    endMs,
    kill: (moment, afterMs) => onCopy(rooms, (home) => kill(lane, home, moment, afterMs)),
    async [Symbol.asyncDispose]() {
      await gate[Symbol.asyncDispose]()
      await rooms.simulator.close()
      for (const folder of [rooms.home, compiled]) rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Parts {
  readonly scene: Scene
  readonly rooms: Rooms
  readonly gate: Gate
  /** Where the processes find what an earlier one has compiled: most of a start is that. */
  readonly compiled: string
}

/** The day should not end while the clock goes on by some minutes for each kill. */
function early(): number {
  return new Date().getUTCHours() < 12 ? 0 : -12 * 60 * minute
}

/** On data of its own, as they were prepared. */
async function onCopy<T>({ home }: Rooms, work: (home: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'coffer-kill-'))
  try {
    cpSync(home, copy, { recursive: true })
    // Folders do not keep their mode.
    chmodSync(dataDirectory(copy), 0o700)
    return await work(copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function envOn({ rooms, scene }: Parts, home: string): Record<string, string> {
  const moved = Object.entries(rooms.env).map(([name, value]) => [name, value.replace(rooms.home, home)])
  return { ...Object.fromEntries(moved), COFFER_LEDGER: scene.ledger }
}

/** A process of its own that reads as soon as it is told to. */
async function startReader(parts: Parts, home: string): Promise<ChildProcess> {
  const aheadMs = String(parts.rooms.now() - Date.now())
  const env = {
    ...envOn(parts, home),
    PLAID_BASE_URL: parts.gate.url,
    CHILD_AHEAD_MS: aheadMs,
    NODE_COMPILE_CACHE: parts.compiled,
  }
  const child = spawn(process.execPath, [program], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  await nextLine(child)
  return child
}

function read(child: ChildProcess, { scene: { days } }: Parts): void {
  child.stdin?.write(`${JSON.stringify({ days, maxAgeMinutes: 0 })}\n`)
}

async function nextLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new TypeError('a process without output')
  const lines = createInterface(stdout)
  const [line] = await once(lines, 'line')
  lines.close()
  return String(line)
}

async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

async function undisturbed(parts: Parts) {
  return await onCopy(parts.rooms, async (home) => {
    const child = await startReader(parts, home)
    // It never comes there.
    void parts.gate.reached({ page: 1_000, side: 'asked' })
    const pages = lastPage(parts.gate)
    read(child, parts)
    const answer: Answer = JSON.parse(await nextLine(child))
    if (!answer.complete) throw new Error(`the run that nobody disturbed: ${answer.errors.join()}`)
    const endMs = performance.now() - pages.at()
    pages.stop()
    await end(child)
    parts.rooms.advance(minute)
    return { pages: parts.gate.pages(), endMs, clean: await withStore(home, stateOf) }
  })
}

/** When the last page was answered, as far as can be seen from outside. */
function lastPage(gate: Gate) {
  let [seen, at] = [0, performance.now()]
  const timer = setInterval(() => {
    if (gate.pages() > seen) [seen, at] = [gate.pages(), performance.now()]
  }, 2)
  return { at: () => at, stop: () => clearInterval(timer) }
}

async function kill(parts: Parts, home: string, moment: Moment, afterMs: number): Promise<Seen> {
  const child = await startReader(parts, home)
  const reached = parts.gate.reached(moment)
  read(child, parts)
  await Promise.race([reached, tooLong(moment)])
  if (afterMs > 0) await sleep(afterMs)
  await end(child)
  const damaged = isDamaged(home)
  const killed = await withStore(home, stateOf)
  // What it held is free by then, and so are the calls of the next minute.
  parts.rooms.advance(minute)
  const next = await readAgain(parts, home)
  parts.rooms.advance(minute)
  const again = moment.isLast ? await readAgain(parts, home) : next
  parts.rooms.advance(minute)
  return { killed, damaged, next: next.state, again: again.state, totals: [next.totals, again.totals] }
}

async function tooLong({ page, side }: Moment): Promise<never> {
  await sleep(60_000, undefined, { ref: false })
  throw new Error(`page ${page} was never ${side}`)
}

/** By a copy that has just been started. */
async function readAgain(parts: Parts, home: string): Promise<{ state: State; totals: string }> {
  const { rooms, scene } = parts
  const app: App = await createApp(readConfig({ flags: {}, env: envOn(parts, home) }), silentLog, rooms.now)
  try {
    const { window, complete } = await app.sync.read({ days: scene.days, maxAgeMinutes: 0 })
    if (!complete) throw new Error('the run after the kill was not complete')
    const { totals } = await app.sync.snapshot(window)
    return { state: await stateOf(app.store), totals: JSON.stringify(totals) }
  } finally {
    await app.close()
  }
}

async function withStore<T>(home: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ home: dataDirectory(home) })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

function isDamaged(home: string): boolean {
  const database = new BetterSqlite(join(dataDirectory(home), 'coffer.db'), { readonly: true })
  const found = database.pragma('integrity_check', { simple: true })
  database.close()
  return found !== 'ok'
}

async function stateOf({ ledger, flow }: Store): Promise<State> {
  const { days, moves, spans } = await flow.read(all)
  const texts = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).toSorted()
  return {
    ledger: JSON.stringify([[...(await ledger.cursors())], texts(await ledger.rows(all))]),
    sums: JSON.stringify([[...spans], texts(days), texts(moves)]),
  }
}
