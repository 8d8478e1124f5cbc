import { describe, expect, it } from 'vitest'
import type { Fault } from '../../src/simulator/faults.ts'
import { bank, minute, openRooms, type Rooms } from '../support/rooms.ts'

const path = '/transactions/sync'
const all = { from: '0000-01-01', to: '9999-12-31' }
const mutation: Fault = { kind: 'error', code: 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION' }
const troubles: [string, Fault][] = [
  ['a change of the data', mutation],
  ['a fault of Plaid', { kind: 'error', code: 'INTERNAL_SERVER_ERROR' }],
  ["a proxy's page", { kind: 'html', status: 502 }],
  ['a reset', { kind: 'reset' }],
  ['a lost answer', { kind: 'reset', after: true }],
  ['half an answer', { kind: 'truncated' }],
  ['a slow drip', { kind: 'drip', ms: 5 }],
]
/** Final for this run; the next one goes on as if nothing had been. */
const ends: [string, Fault, string][] = [
  ['a limit', { kind: 'error', code: 'TRANSACTIONS_SYNC_LIMIT' }, 'PLAID_RATE_LIMITED'],
  ['a bank that is down', { kind: 'error', code: 'INSTITUTION_DOWN' }, 'BANK_DOWN'],
]

const openOn = () => openRooms({}, { COFFER_LEDGER: 'on' })

/** Fails the call for page `at` (0 is the first) so many times, each time that the loop comes there. */
function failAt({ simulator }: Rooms, at: number, fault: Fault, times = 1): void {
  for (let time = 0; time < times; time += 1) {
    for (let page = 0; page < at; page += 1) simulator.controls.failNext(path, { kind: 'slow', ms: 0 })
    simulator.controls.failNext(path, fault)
  }
}

/** All that a run leaves: the rows and what comes of them. */
async function outcome({ app }: Rooms) {
  const { window } = await app.sync.read({ days: 90, maxAgeMinutes: -1 })
  return {
    rows: await app.store.ledger.rows(all),
    totals: (await app.sync.snapshot(window)).totals,
  }
}

const fetchNow = ({ app }: Rooms) => app.sync.read({ days: 90, maxAgeMinutes: 0 })

/** As after a clean run from nothing. */
async function clean(rooms: Rooms) {
  const [one] = await rooms.app.store.connections.list()
  await rooms.app.store.connections.forgetData(one?.itemId ?? '')
  rooms.advance(minute)
  await fetchNow(rooms)
  return await outcome(rooms)
}

async function connected(): Promise<Rooms> {
  const rooms = await openOn()
  const itemId = await rooms.connect(bank)
  await fetchNow(rooms)
  await rooms.app.store.connections.forgetData(itemId)
  rooms.advance(2 * minute)
  return rooms
}

describe('a page of transactions that fails', () => {
  it.each(troubles)('by %s, at each page: all is as after a clean run', async (_what, fault) => {
    await using rooms = await connected()
    const expected = await clean(rooms)
    const pages = Math.ceil(expected.rows.length / 500)
    expect(pages).toBeGreaterThan(1)
    for (let at = 0; at < pages; at += 1) {
      await rooms.app.store.connections.forgetData(
        (await rooms.app.store.connections.list())[0]?.itemId ?? '',
      )
      rooms.advance(2 * minute)
      failAt(rooms, at, fault)
      expect(await fetchNow(rooms)).toMatchObject({ complete: true })
      expect(await outcome(rooms)).toEqual(expected)
    }
  })

  it('by changes of the data six times is read from the beginning', async () => {
    await using rooms = await connected()
    await fetchNow(rooms)
    const expected = await outcome(rooms)
    rooms.advance(2 * minute)
    failAt(rooms, 0, mutation, 6)
    expect(await fetchNow(rooms)).toMatchObject({ complete: true })
    expect(await outcome(rooms)).toEqual(expected)
  })

  it.each(ends)('by %s ends the run, and the next one is as good as ever', async (_what, fault, code) => {
    await using rooms = await connected()
    failAt(rooms, 1, fault)
    expect((await fetchNow(rooms)).sources).toMatchObject([{ error: { code } }])
    expect((await rooms.app.store.ledger.rows(all)).length).toBe(0)
    rooms.advance(2 * minute)
    expect(await fetchNow(rooms)).toMatchObject({ complete: true })
    const after = await outcome(rooms)
    expect(after).toEqual(await clean(rooms))
  })
})

describe('what a bank does between two runs', () => {
  it('is the same in every step as all from the beginning: added, posted, removed, told twice', async () => {
    await using rooms = await connected()
    const { controls } = rooms.simulator
    const [one] = await rooms.app.store.connections.list()
    const itemId = one?.itemId ?? ''
    controls.set({ untidySync: true })
    await fetchNow(rooms)
    const steps = [
      () => controls.addTransaction(itemId, { amount: 12.34, text: 'Tavern', pending: true }),
      () => controls.postPending(itemId),
      () => controls.addTransaction(itemId, { amount: 5, text: 'Corner Shop' }),
      () => {
        controls.addTransaction(itemId, { amount: 5, text: 'Corner Shop' })
        controls.postPending(itemId)
      },
    ]
    for (const step of steps) {
      step()
      rooms.advance(2 * minute)
      await fetchNow(rooms)
      const grown = await outcome(rooms)
      const ids = grown.rows.map(({ transactionId }) => transactionId)
      expect(new Set(ids).size).toBe(ids.length)
      const other = await rooms.open()
      await other.store.connections.forgetData(itemId)
      rooms.advance(2 * minute)
      await other.sync.read({ days: 90, maxAgeMinutes: 0 })
      expect(await outcome(rooms)).toEqual(grown)
    }
    const posted = (await outcome(rooms)).rows.filter(({ name }) => name === 'Tavern')
    expect(posted).toMatchObject([{ pending: false }])
  })

  it('counts the same with the ledger off', async () => {
    await using rooms = await connected()
    const { controls } = rooms.simulator
    const [one] = await rooms.app.store.connections.list()
    const itemId = one?.itemId ?? ''
    await fetchNow(rooms)
    controls.addTransaction(itemId, { amount: 12.34, text: 'Tavern', pending: true })
    controls.postPending(itemId)
    controls.addTransaction(itemId, { amount: -99, text: 'Refund of something' })
    rooms.advance(2 * minute)
    await fetchNow(rooms)
    const { totals } = await outcome(rooms)
    const off = await rooms.open({ COFFER_LEDGER: 'off' })
    rooms.advance(2 * minute)
    const { window } = await off.sync.read({ days: 90, maxAgeMinutes: 0 })
    expect((await off.sync.snapshot(window)).totals).toEqual(totals)
  })

  it('with a cursor of another Item is read from the beginning', async () => {
    await using rooms = await connected()
    await fetchNow(rooms)
    const expected = await outcome(rooms)
    const [one] = await rooms.app.store.connections.list()
    const itemId = one?.itemId ?? ''
    const { ledger } = rooms.app.store
    const known = (await ledger.cursors()).get(itemId)
    const strange = { upserts: [], removed: [], since: known?.cursor ?? null, isWhole: false }
    await ledger.apply(itemId, { ...strange, cursor: 'bm90IG91cnM=', from: known?.from ?? '' })
    rooms.advance(2 * minute)
    expect(await fetchNow(rooms)).toMatchObject({ complete: true })
    expect(await outcome(rooms)).toEqual(expected)
  })
})
