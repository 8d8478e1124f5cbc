import { describe, expect, it } from 'vitest'
import type { App } from '../../src/app.ts'
import {
  bank,
  day,
  hour,
  logIn,
  minute,
  newLink,
  openRooms,
  otherBank,
  type Rooms,
} from '../support/rooms.ts'

/** No rows, so that all are those of the test. */
const quiet = {
  username: 'user_custom',
  password: JSON.stringify({
    version: '2',
    override_accounts: [
      { type: 'depository', subtype: 'checking', starting_balance: 5_000, meta: { name: 'Checking' } },
    ],
  }),
}

async function figures(app: App, days: number) {
  const { window } = await app.sync.read({ days, maxAgeMinutes: -1 })
  const [totals] = (await app.sync.snapshot(window)).totals
  return totals
}

function fetchNow(rooms: Rooms, days = 30) {
  return rooms.app.sync.read({ days, maxAgeMinutes: 0 })
}

/** Plaid's sign: positive leaves the account. `ago` in days. */
function row(rooms: Rooms, itemId: string, amount: number, text: string, ago: number): void {
  const date = new Date(rooms.now() - ago * day).toISOString().slice(0, 10)
  rooms.simulator.controls.addTransaction(itemId, { amount, text, date })
}

describe('a window that moves on', () => {
  it('takes no pair apart, day after day', async () => {
    await using rooms = await openRooms()
    const first = await rooms.connect(bank, quiet)
    const second = await rooms.connect(otherBank, quiet)
    row(rooms, first, -500, 'Acct 99 credit', 28)
    row(rooms, second, 500, 'Online Transfer to First', 31)
    await fetchNow(rooms, 60)
    const before = await figures(rooms.app, 60)
    expect(before).toMatchObject({ income: 0, expenses: 0, transfers_excluded: 500 })
    for (let n = 1; n <= 6; n++) {
      rooms.advance(day)
      await fetchNow(rooms)
      expect(await figures(rooms.app, 60)).toEqual(before)
    }
  })

  it('leaves a pair of long ago alone when one bank is fetched anew and the other one is broken', async () => {
    await using rooms = await openRooms()
    const first = await rooms.connect(bank, quiet)
    const second = await rooms.connect(otherBank, quiet)
    row(rooms, first, 1_234.5, 'Acct 99 debit', 200)
    row(rooms, second, -1_234.5, 'Online Transfer from First', 200)
    await fetchNow(rooms, 365)
    const before = await figures(rooms.app, 365)
    expect(before).toMatchObject({ income: 0, expenses: 0, transfers_excluded: 1_234.5 })
    rooms.advance(hour)
    await fetchNow(rooms)
    rooms.advance(5 * minute)
    rooms.simulator.controls.resetLogin(second)
    await fetchNow(rooms, 365)
    expect(await figures(rooms.app, 365)).toEqual(before)
  })

  it('is fetched as a whole when only its last days are young', async () => {
    await using rooms = await openRooms()
    const first = await rooms.connect(bank, quiet)
    await fetchNow(rooms, 90)
    rooms.advance(2 * day)
    await fetchNow(rooms, 30)
    row(rooms, first, -700, 'Payroll', 70)
    await rooms.app.sync.read({ days: 90, maxAgeMinutes: 60 })
    expect(await figures(rooms.app, 90)).toMatchObject({ income: 700 })
  })
})

describe('an account that several logins show', () => {
  it('takes no partner with its second face', async () => {
    await using rooms = await openRooms()
    const first = await rooms.connect(bank, quiet)
    const second = await rooms.connect(otherBank, quiet)
    row(rooms, first, 700, 'Acct 99 debit', 5)
    row(rooms, second, -700, 'Online Transfer from First', 5)
    await fetchNow(rooms)
    const before = await figures(rooms.app, 30)
    for (let n = 0; n < 3; n++) {
      row(rooms, await secondLogin(rooms), 700, 'Acct 99 debit', 5)
      rooms.advance(20 * minute)
      await fetchNow(rooms)
      expect(await figures(rooms.app, 30)).toMatchObject({ income: 0, expenses: 0, transfers_excluded: 700 })
    }
    expect(await figures(rooms.app, 30)).toEqual(before)
  })

  async function secondLogin({ app }: Rooms): Promise<string> {
    const { link, url } = await newLink(app)
    await logIn(url.open(), bank, quiet)
    const ended = await app.connections.watcher.wait(link.linkId, 10_000)
    if (ended?.state === 'duplicate') await app.connections.keepDuplicate(ended)
    const kept = await app.connections.watcher.wait(link.linkId, 10_000)
    return kept?.itemId ?? ''
  }
})

describe('a bank whose history is still coming', () => {
  it('is known only as far back as it has come, and is asked until it is there', async () => {
    await using rooms = await openRooms({ readyAfterMs: hour })
    const itemId = await rooms.connect()
    rooms.advance(hour + minute)
    const early = await fetchNow(rooms, 365)
    expect(early.shortSpans).toMatchObject([{ itemId }])
    rooms.advance(hour)
    const later = await rooms.app.sync.read({ days: 365, maxAgeMinutes: 600 })
    expect(later.sources).toMatchObject([{ source: 'live' }])
    rooms.advance(day)
    expect(await fetchNow(rooms, 365)).toMatchObject({ complete: true, shortSpans: [] })
  })

  it('is not asked again and again for the days that came first', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank, quiet)
    await fetchNow(rooms)
    const again = await rooms.app.sync.read({ days: 30, maxAgeMinutes: 60 })
    expect(again).toMatchObject({ complete: true, shortSpans: [], sources: [{ source: 'cached' }] })
  })
})

describe('a connection that is revoked while it is fetched', () => {
  it('leaves nothing behind', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    await fetchNow(rooms)
    const other = await rooms.open()
    const before = rooms.calls('/accounts/get')
    rooms.simulator.controls.failNext('/transactions/get', { kind: 'slow', ms: 1_500 })
    const fetching = other.sync.read({ days: 30, maxAgeMinutes: 0 })
    await expect.poll(() => rooms.calls('/accounts/get'), { interval: 20 }).toBeGreaterThan(before)
    rooms.simulator.controls.revoke(itemId)
    await rooms.app.connections.health.check(itemId)
    await fetching
    const { store } = rooms.app
    const all = { from: '2000-01-01', to: '2100-01-01' }
    expect(await store.accounts.list()).toEqual([])
    expect(await store.flow.read(all)).toMatchObject({ days: [], moves: [] })
  })
})

describe('a clock that was set back', () => {
  it('keeps nothing from being fetched, and nothing counts as young', async () => {
    await using rooms = await openRooms()
    await rooms.connect()
    rooms.advance(3 * day)
    await fetchNow(rooms)
    rooms.advance(-2 * day)
    expect(await rooms.app.sync.read({ days: 30, maxAgeMinutes: -1 })).toMatchObject({ complete: false })
    const reading = await rooms.app.sync.read({ days: 30, maxAgeMinutes: 60 })
    expect(reading).toMatchObject({ complete: true, sources: [{ source: 'live' }] })
  })
})

describe('a new bank that is not ready and whose consent ends soon', () => {
  it('is preparing, and nothing is complete', async () => {
    await using rooms = await openRooms({ readyAfterMs: hour })
    const itemId = await rooms.connect()
    rooms.simulator.controls.setConsentExpiry(itemId, 5)
    expect(await fetchNow(rooms)).toMatchObject({
      complete: false,
      sources: [{ source: 'preparing' }],
    })
  })
})
