import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { minute, openRooms, realTime, type Rooms } from '../support/rooms.ts'

/** Where a copy is killed that removes a connection: the name of a step, before it or after it. */
const points = [
  ['before the removal is noted', 'before', 'beginRemoval'],
  ['after the removal is noted', 'after', 'beginRemoval'],
  ['before Plaid is asked', 'before', 'removeItem'],
  ['when Plaid has done it, and nobody here knows', 'after', 'removeItem'],
  ['before it is erased', 'before', 'erase'],
  ['after it is erased', 'after', 'erase'],
  ['before the files are wiped', 'before', 'scrub'],
  ['after the files are wiped', 'after', 'scrub'],
] as const

async function killedAt(rooms: Rooms, itemId: string, when: string, step: string): Promise<void> {
  const order = JSON.stringify({ itemId, when, step })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'children/remove.ts')], {
    env: { ...rooms.env, CHILD_ORDER: order },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [, signal] = await once(child, 'close')
  expect(signal).toBe('SIGKILL')
}

describe('a copy that is killed while it removes a connection', () => {
  it.each(points)('%s, leaves what the next one can go on with', async (_where, when, step) => {
    await using rooms = await openRooms({}, {}, realTime)
    const itemId = await rooms.connect()
    await killedAt(rooms, itemId, when, step)
    const { store, connections } = rooms.app
    const isAlive = () => rooms.simulator.controls.items().some((item) => !item.removed)
    const token = await store.connections.sealedToken(itemId)
    // Never an Item that lives and that nobody can end any more.
    expect(isAlive() && token === null).toBe(false)
    const isBegun = (await store.connections.find(itemId))?.status !== 'active'
    expect(isBegun).toBe(!(when === 'before' && step === 'beginRemoval'))
    rooms.advance(3 * minute)
    await connections.removal.retry()
    expect(isAlive()).toBe(!isBegun)
    expect(await store.tombstones.count()).toBe(isBegun ? 1 : 0)
    expect(await store.scrubbing.isOwed()).toBe(false)
    expect((await store.scrubbing.filesWith([itemId])).length > 0).toBe(!isBegun)
  })
})
