import { describe, expect, it } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { translateCode } from '../../src/plaid/index.ts'
import { createDeriver } from '../../src/sync/derive.ts'
import { createLeased } from '../../src/sync/leased.ts'
import { createReader } from '../../src/sync/read.ts'
import { createRuns } from '../../src/sync/runs.ts'
import { createSave } from '../../src/sync/save.ts'
import { createTransactionSource } from '../../src/sync/transactions.ts'
import { bank, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

/** The reader of the program, with less patience than the 17 s it has. */
function impatient({ app, now }: Rooms, patienceMs: number) {
  const { store, plaid, products, connections } = app
  const { health } = connections
  const deriver = createDeriver(store, now)
  const source = createTransactionSource({ store, plaid, now, timeZone: 'UTC', ledger: null })
  const save = createSave({
    plaid,
    products,
    health,
    translateCode,
    now,
    log: silentLog,
    source,
    deriver,
    timeZone: 'UTC',
  })
  const runs = createRuns(createLeased({ store, now, sharesRows: false }, save), silentLog)
  const mine = () => store.connections.list()
  return {
    runs,
    read: createReader({ store, runs, mine, timeZone: 'UTC', now, patienceMs, ...deriver }),
  }
}

const everything = { days: 30, maxAgeMinutes: 0 }

describe('a bank that takes its time', () => {
  it('is answered for from the store, goes on behind, and is fresh the next time', async () => {
    await using rooms = await openRooms()
    const slow = await rooms.connect(bank)
    await rooms.connect(otherBank)
    await rooms.app.sync.read(everything)
    rooms.advance(90 * minute)

    const { read, runs } = impatient(rooms, 1_000)
    const before = rooms.calls('/accounts/get')
    rooms.simulator.controls.failNext('/accounts/get', { kind: 'slow', ms: 2_500 }, { itemId: slow })
    const first = await read(everything)
    expect(first).toMatchObject({ stillSyncing: true, complete: false })
    expect(first.sources).toMatchObject([
      {
        source: 'cached',
        error: { message: 'First Platypus Bank has not answered yet; it is still being fetched.' },
      },
      { source: 'live', error: null },
    ])

    const again = impatient(rooms, 10_000)
    await expect
      .poll(async () => (await again.read({ ...everything, maxAgeMinutes: -1 })).complete, {
        timeout: 10_000,
      })
      .toBe(true)
    expect(rooms.calls('/accounts/get')).toBe(before + 2)
    await runs.close()
  })

  it('is not waited for once the caller has gone', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    // The run that a new link begins is over.
    await rooms.app.sync.read(everything)
    const { read, runs } = impatient(rooms, 60_000)
    rooms.simulator.controls.failNext('/accounts/get', { kind: 'hang' }, { itemId })
    const gone = new AbortController()
    setTimeout(() => gone.abort(), 200)
    expect(await read({ ...everything, signal: gone.signal })).toMatchObject({ stillSyncing: true })
    await runs.close()
  })
})
