import { describe, expect, it } from 'vitest'
import { createRowsReader } from '../../src/sync/read-rows.ts'
import { bank, minute, openRooms, type Rooms } from '../support/rooms.ts'

const question = { days: 400, maxAgeMinutes: 60 }

/** What a tool gets when, the first time, something ends between its reading and its judging. */
async function readWith({ sync }: Rooms['app'], between: () => Promise<unknown>) {
  let isFirst = true
  const readRows = createRowsReader({
    judged: sync.judged,
    async read(options) {
      const reading = await sync.read(options)
      if (isFirst) await between()
      isFirst = false
      return reading
    },
  })
  const { reading, judged } = await readRows(question)
  const rows = [...judged.verdicts.keys()]
  return { reading, judged, whole: rows.filter(({ transaction }) => transaction !== null).length }
}

describe('rows of a long time', () => {
  it('are whole though a fetch of a shorter one has just ended, here or in another copy', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank)
    const { whole } = await readWith(rooms.app, async () => undefined)
    const other = await rooms.open()
    for (const { sync } of [rooms.app, other]) {
      const found = await readWith(rooms.app, () => sync.run(itemId, 'webhook'))
      expect(found.judged.isAtHand(itemId)).toBe(true)
      expect(found.whole).toBe(whole)
    }
  })

  it('of a bank that cannot be asked are not asked for twice', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank)
    await rooms.app.sync.read(question)
    rooms.simulator.controls.resetLogin(itemId)
    rooms.advance(16 * minute)
    const before = rooms.calls('/item/get')
    const { judged } = await readWith(rooms.app, async () => undefined)
    expect(judged.isAtHand(itemId)).toBe(false)
    expect(rooms.calls('/item/get')).toBe(before + 1)
  })
})
