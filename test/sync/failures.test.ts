import { expect, it } from 'vitest'
import { minute, openRooms, type Rooms } from '../support/rooms.ts'
import { mixedBank } from './mixed-bank.ts'

const invested = '/investments/transactions/get'

/** A bank whose investments fail again and again, and what readings of its rows cost. */
async function failingPart(rooms: Rooms) {
  const itemId = await mixedBank(rooms)
  await rooms.app.sync.read({ days: 90, maxAgeMinutes: 0 })
  rooms.advance(2 * 60 * minute)
  const error = { kind: 'error', code: 'INSTITUTION_DOWN' } as const
  rooms.simulator.controls.failNext(invested, error, { times: 50 })
  let counted = 0
  const read = async () => {
    const before = rooms.simulator.controls.calls().length
    const admit = async () => void (counted += 1)
    const { reading, judged } = await rooms.app.sync.readRows({ days: 90, maxAgeMinutes: 60, admit })
    const asked = rooms.simulator.controls.calls().length - before
    return { asked, counted, isAtHand: judged.isAtHand(itemId), error: reading.sources[0]?.error?.code }
  }
  return { itemId, read }
}

it('while one kind of data fails, readings that follow each other ask once, and the rows are at hand', async () => {
  await using rooms = await openRooms()
  const { read } = await failingPart(rooms)
  const first = await read()
  expect(first).toMatchObject({ counted: 1, isAtHand: true, error: 'BANK_DOWN' })
  expect(first.asked).toBeGreaterThan(0)
  for (let page = 2; page <= 4; page += 1)
    expect(await read()).toEqual({ asked: 0, counted: 1, isAtHand: true, error: 'BANK_DOWN' })
  rooms.advance(10_000)
  expect(await read()).toMatchObject({ counted: 2, asked: first.asked })
})

it('what failed is asked for at once by who says so, after news of Plaid, and after a check', async () => {
  await using rooms = await openRooms()
  const { itemId, read } = await failingPart(rooms)
  await read()
  const asked = rooms.calls(invested)
  await rooms.app.sync.read({ days: 90, maxAgeMinutes: 0 })
  expect(rooms.calls(invested)).toBe(asked + 1)
  rooms.advance(1_000)
  await rooms.app.connections.health.check(itemId)
  expect((await read()).asked).toBeGreaterThan(0)
  rooms.advance(1_000)
  const dirtySince = new Date(rooms.now()).toISOString()
  await rooms.app.store.connections.change(itemId, (row) => ({ ...row, dirtySince }))
  expect((await read()).asked).toBeGreaterThan(0)
  expect((await read()).asked).toBe(0)
})
