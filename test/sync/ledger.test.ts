import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { App } from '../../src/app.ts'
import { bank, brokerage, dataDirectory, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

const on = { COFFER_LEDGER: 'on' }
const all = { from: '0000-01-01', to: '9999-12-31' }

const fetchNow = (app: App, days = 30) => app.sync.read({ days, maxAgeMinutes: 0 })

async function figures({ sync }: App, days = 30) {
  const { window } = await sync.read({ days, maxAgeMinutes: -1 })
  return (await sync.snapshot(window)).totals
}

/** Rows of the window that have their transaction, by id. */
async function whole({ sync }: App, days = 30) {
  const { window } = await sync.read({ days, maxAgeMinutes: 60, rows: true })
  const { verdicts, isAtHand } = await sync.judged(window)
  const rows = [...verdicts].filter(([{ date }]) => date >= window.from)
  return {
    isAtHand,
    rows: rows
      .flatMap(([{ transaction }, { kind }]) =>
        transaction === null ? [] : [`${transaction.transactionId} ${transaction.name} ${kind}`],
      )
      .toSorted(),
  }
}

const syncs = (rooms: Rooms) => rooms.calls('/transactions/sync')

describe('with the ledger on', () => {
  it('the figures and what each row counts as are those of a household without one', async () => {
    await using rooms = await openRooms({}, on)
    await rooms.connect(bank)
    await rooms.connect(otherBank)
    await rooms.connect(brokerage, { kind: 'brokerage' })
    await fetchNow(rooms.app, 90)
    const [withIt, rowsWithIt] = [await figures(rooms.app, 90), (await whole(rooms.app, 90)).rows]
    expect(rooms.calls('/transactions/get')).toBe(0)
    expect(rowsWithIt.length).toBeGreaterThan(100)
    const off = await rooms.open({ COFFER_LEDGER: 'off' })
    rooms.advance(minute)
    await fetchNow(off, 90)
    expect(await figures(off, 90)).toEqual(withIt)
    expect((await whole(off, 90)).rows).toEqual(rowsWithIt)
  })

  it('asks Plaid only for what is new', async () => {
    await using rooms = await openRooms({}, on)
    const itemId = await rooms.connect(bank)
    await fetchNow(rooms.app, 730)
    const before = (await rooms.app.store.ledger.rows(all)).length
    const { controls } = rooms.simulator
    const text = 'Corner Shop 77'
    controls.addTransaction(itemId, { amount: 7.77, text })
    rooms.advance(minute)
    const calls = syncs(rooms)
    await fetchNow(rooms.app)
    expect(syncs(rooms)).toBe(calls + 1)
    const rows = await rooms.app.store.ledger.rows(all)
    expect(rows).toHaveLength(before + 1)
    const added = rows.find(({ name }) => name === text)
    expect(added).toMatchObject({ amount: -777 })
    controls.removeTransaction(itemId, added?.transactionId ?? '')
    rooms.advance(minute)
    await fetchNow(rooms.app)
    expect(await rooms.app.store.ledger.rows(all)).toHaveLength(before)
  })

  it('rows are at hand after a restart and at a broken bank, without a call', async () => {
    await using rooms = await openRooms({}, on)
    const itemId = await rooms.connect(bank)
    await fetchNow(rooms.app)
    const before = await whole(rooms.app)
    expect(before.rows.length).toBeGreaterThan(20)
    rooms.simulator.controls.resetLogin(itemId)
    await fetchNow(rooms.app)
    const calls = rooms.simulator.controls.calls().length
    rooms.advance(20 * minute)
    const later = await rooms.open()
    const { rows, isAtHand } = await whole(later)
    expect(rows).toEqual(before.rows)
    expect(isAtHand(itemId)).toBe(true)
    expect(rooms.simulator.controls.calls().length).toBe(calls)
  })

  it('a row that is pending and posted counts once', async () => {
    await using rooms = await openRooms({}, on)
    const itemId = await rooms.connect(bank)
    await fetchNow(rooms.app)
    const [row] = await rooms.app.store.ledger.rows(all, itemId)
    if (row === undefined) throw new Error('no rows')
    const since = (await rooms.app.store.ledger.cursors()).get(itemId)
    if (since === undefined) throw new Error('no cursor')
    const { window } = await rooms.app.sync.read({ days: 30, maxAgeMinutes: -1 })
    const pair = [
      { ...row, date: window.to, transactionId: 'pending', name: 'Tavern', pending: true },
      { ...row, date: window.to, transactionId: 'posted', name: 'Tavern', pendingTransactionId: 'pending' },
    ]
    const updates = { ...since, since: since.cursor, upserts: pair, removed: [], isWhole: false }
    await rooms.app.store.ledger.apply(itemId, updates)
    rooms.advance(16 * minute)
    const { rows } = await whole(rooms.app)
    expect(rows.filter((text) => text.includes('Tavern'))).toHaveLength(1)
  })

  it('keeps a row for as long as is set, and asks for older ones without keeping them', async () => {
    await using rooms = await openRooms({}, { ...on, COFFER_RETENTION_DAYS: '40' })
    await rooms.connect(bank)
    await fetchNow(rooms.app, 90)
    const { ledger } = rooms.app.store
    const kept = await ledger.rows(all)
    const first = (await ledger.cursors()).values().next().value?.from ?? ''
    expect(kept.every(({ date }) => date >= first)).toBe(true)
    expect((await whole(rooms.app, 90)).rows.length).toBeGreaterThan(kept.length)
    rooms.advance(10 * 24 * 60 * minute)
    await rooms.app.sync.prune()
    const later = await ledger.rows(all)
    expect(later.length).toBeLessThan(kept.length)
    expect(later).toEqual(kept.filter(({ date }) => date >= (later[0]?.date ?? '')))
  })

  it('reads all again once it is to reach further back', async () => {
    await using rooms = await openRooms({}, { ...on, COFFER_RETENTION_DAYS: '40' })
    await rooms.connect(bank)
    await fetchNow(rooms.app)
    const few = (await rooms.app.store.ledger.rows(all)).length
    const longer = await rooms.open({ COFFER_RETENTION_DAYS: '730' })
    rooms.advance(minute)
    await fetchNow(longer)
    expect((await longer.store.ledger.rows(all)).length).toBeGreaterThan(2 * few)
  })

  it('is not ready while Plaid is not, and whole once it is', async () => {
    await using rooms = await openRooms({ readyAfterMs: 60 * minute }, on)
    await rooms.connect(bank)
    expect((await fetchNow(rooms.app)).sources).toMatchObject([{ source: 'preparing' }])
    expect((await rooms.app.store.ledger.cursors()).size).toBe(0)
    rooms.advance(121 * minute)
    expect((await fetchNow(rooms.app)).sources).toMatchObject([{ source: 'live' }])
    expect((await rooms.app.store.ledger.rows(all)).length).toBeGreaterThan(100)
  })
})

describe('with the ledger off again', () => {
  it('nothing of a transaction is on disk after the next run', async () => {
    await using rooms = await openRooms({}, on)
    await rooms.connect(bank)
    await fetchNow(rooms.app, 730)
    const names = [
      ...new Set((await rooms.app.store.ledger.rows(all)).flatMap((row) => [row.name, row.transactionId])),
    ]
    const found = () => {
      const directory = dataDirectory(rooms.home)
      const files = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'latin1'))
      return names.filter((name) => files.some((text) => text.includes(name)))
    }
    expect(found().length).toBeGreaterThan(100)
    const off = await rooms.open({ COFFER_LEDGER: 'off' })
    rooms.advance(minute)
    await fetchNow(off)
    expect(found()).toEqual([])
    expect((await off.store.ledger.cursors()).size).toBe(0)
  })
})
