import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { bank, minute, openRooms, realTime, type Login, type Rooms } from '../support/rooms.ts'
import { loginWith } from '../support/custom-user.ts'
import { until } from '../support/until.ts'
import { flowDay } from '../store/rows.ts'
import type { Order } from './children/connect.ts'

const points = Number(process.env['CRASH_POINTS'] ?? 200)
const lanes = 2
/** From Plaid's answer to the end of linking, in ms, and somewhat beyond. */
const windowMs = 120
const exchange = '/item/public_token/exchange'
const span = { from: '2026-01-01', to: '2026-01-31' }

interface Point {
  /** Of the seed, so that a run can be repeated. */
  readonly number: number
  readonly rooms: Rooms
  readonly login: Login
  /** The dead connection that is followed, on every fourth point. */
  readonly replaces: string | null
}

interface Seen {
  /** What the disk said after the kill. */
  readonly killed: 'intent' | 'token kept' | 'done'
  /** What a person is told in the end. */
  readonly end: 'stored' | 'told' | 'silent'
}

/** Numbers from 0 to 1 that are the same on every run. */
function chance(seed: number): number {
  const mixed = Math.imul(seed + 1, 2_654_435_761) >>> 0
  return mixed / 2 ** 32
}

async function deadOne(rooms: Rooms, login: Login): Promise<string> {
  const itemId = await rooms.connect(bank, login)
  const [account] = await rooms.app.store.accounts.list(itemId)
  const day = flowDay({ itemId, accountId: account?.accountId ?? '', date: '2026-01-15', sum: -4_200 })
  await rooms.app.store.flow.replace(itemId, span, [day], [])
  rooms.simulator.controls.breakItem(itemId, 'ITEM_NOT_FOUND')
  await rooms.app.connections.health.check(itemId)
  return itemId
}

/** A copy of its own connects a bank and is killed about when Plaid answers its exchange; the link_id. */
async function killAround({ number, rooms, login, replaces }: Point): Promise<string> {
  const before = rooms.calls(exchange)
  // Some answers never arrive, which is the kill before anything can be written.
  if (number % 8 === 0) rooms.simulator.controls.failNext(exchange, { kind: 'hang', after: true })
  const order: Order = { login, replaces, aheadMs: rooms.now() - Date.now() }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'children/connect.ts')], {
    env: { ...rooms.env, CHILD_ORDER: JSON.stringify(order) },
  })
  try {
    const [linkId] = await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
    while (rooms.calls(exchange) === before && child.exitCode === null) await sleep(1)
    if (child.exitCode !== null) throw new Error(`point ${number}: the copy ended by itself`)
    await sleep(chance(number) * windowMs)
    return String(linkId)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
}

async function stateAfter({ rooms }: Point, linkId: string): Promise<Seen['killed']> {
  const link = await rooms.app.store.links.find(linkId)
  if (link?.state === 'succeeded') return 'done'
  return link?.itemId == null ? 'intent' : 'token kept'
}

/** Another copy goes on, on every third point so late that Plaid knows the public token no more. */
async function recover(point: Point, linkId: string): Promise<Seen['end']> {
  const { number, rooms, replaces } = point
  const { store, connections } = rooms.app
  rooms.advance(number % 3 === 0 ? 31 * minute : 31_000)
  await connections.watcher.adopt()
  const link = await connections.watcher.wait(linkId, 20_000)
  // What was to be replaced stays as it was.
  const stands = replaces === null || (await store.connections.find(replaces))?.replacedBy === null
  if (link?.state === 'lost') return stands && link.itemId === null ? 'told' : 'silent'
  if (link?.state !== 'succeeded' || link.itemId === null) return 'silent'
  const isKept = (await store.connections.sealedToken(link.itemId)) !== null
  const isWhole = replaces === null || (await hasHistory(rooms, link.itemId, replaces))
  return isKept && isWhole ? 'stored' : 'silent'
}

/** All of it once, and the dead one gone. */
async function hasHistory(rooms: Rooms, itemId: string, replaced: string): Promise<boolean> {
  const { store } = rooms.app
  const isMoved = async () => {
    const { days } = await store.flow.read(span)
    const own = days.filter((day) => day.itemId === itemId)
    return own.length === 1 && own[0]?.sum === -4_200 && (await store.connections.find(replaced)) === null
  }
  // The first sync brings the accounts where the link could not.
  await until(isMoved, 10_000).catch(() => undefined)
  return await isMoved()
}

async function lane(first: number): Promise<Seen[]> {
  await using rooms = await openRooms({}, {}, realTime)
  const seen: Seen[] = []
  for (let number = first; number < points; number += lanes) {
    const mask = String(1_000 + number)
    const login = loginWith({ name: `Account ${mask}`, mask, balance: 100 })
    const replaces = number % 4 === 1 ? await deadOne(rooms, login) : null
    const point = { number, rooms, login, replaces }
    const linkId = await killAround(point)
    seen.push({ killed: await stateAfter(point, linkId), end: await recover(point, linkId) })
  }
  return seen
}

// Each point starts a process of its own, which a busy machine makes slow.
it('a kill -9 between the answer of the exchange and our commit loses nothing silently', async () => {
  const runs = Array.from({ length: lanes }, (_, first) => lane(first))
  const seen = (await Promise.all(runs)).flat()
  const count = (isSo: (one: Seen) => boolean) => seen.filter(isSo).length
  const ends = (end: Seen['end']) => count((one) => one.end === end)
  process.stdout.write(
    `kill -9 around the exchange: ${seen.length} points (target 200), ` +
      `killed with the intent alone ${count(({ killed }) => killed === 'intent')}, ` +
      `with the token kept ${count(({ killed }) => killed === 'token kept')}, ` +
      `when all was done ${count(({ killed }) => killed === 'done')}; ` +
      `in the end stored ${ends('stored')}, told as lost ${ends('told')}, silent ${ends('silent')} (target 0)\n`,
  )
  expect(ends('silent')).toBe(0)
  // Otherwise the kills fell somewhere else.
  expect(count(({ killed }) => killed === 'intent')).toBeGreaterThan(0)
  expect(count(({ killed }) => killed === 'token kept')).toBeGreaterThan(0)
}, 1_200_000)
