import { describe, expect, it } from 'vitest'
import type { App } from '../../src/app.ts'
import { loginWith } from '../support/custom-user.ts'
import { bank, day, hour, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

const checking = { name: 'Checking', mask: '1111', balance: 5_000 }
const savings = { name: 'Savings', mask: '2222', balance: 900, subtype: 'savings' }

/** What is new, and whether a person was told. */
async function news({ sync }: App, { days = 30, maxAgeMinutes = 0, told = true } = {}) {
  const { sources } = await sync.read({ days, maxAgeMinutes })
  const found = await sync.news(sources)
  if (told) await sync.markSeen(found.seen)
  return found
}

/** Money that comes in so many days ago. */
function pay({ simulator, now }: Rooms, itemId: string, amount: number, ago: number, text = 'ACME PAYROLL') {
  const date = new Date(now() - ago * day).toISOString().slice(0, 10)
  simulator.controls.addTransaction(itemId, { amount: -amount, text, date })
  return date
}

/** A subscription, charged on the days that lie so far back. */
function billing(rooms: Rooms, itemId: string) {
  return (price: number, ...ago: number[]) =>
    ago.map((days) => pay(rooms, itemId, -price, days, 'Streaming Plus'))
}

const nothing = { statuses: [], income: [] }

describe('what is new since a person last saw a snapshot', () => {
  it('is nothing the first time, nor of a bank that came since', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    expect(await news(rooms.app)).toMatchObject(nothing)
    await rooms.connect(otherBank)
    expect(await news(rooms.app)).toMatchObject(nothing)
    expect(await news(rooms.app)).toMatchObject(nothing)
  })

  it('is a bank that broke and one that works again, whoever found out, until it was told', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank, loginWith(checking))
    await news(rooms.app)
    rooms.simulator.controls.resetLogin(itemId)
    // The scheduler, a webhook or another copy hears of it first.
    await (await rooms.open()).sync.read({ days: 30, maxAgeMinutes: 0 })
    const broke = [{ itemId, institution: 'First Platypus Bank', from: 'active', to: 'needs_reauth' }]
    for (const told of [false, true])
      expect((await news(rooms.app, { maxAgeMinutes: -1, told })).statuses).toEqual(broke)
    expect(await news(rooms.app)).toMatchObject(nothing)
    rooms.simulator.controls.repairItem(itemId)
    expect((await news(rooms.app)).statuses).toMatchObject([{ from: 'needs_reauth', to: 'active' }])
  })

  it('is not a bank that broke and was mended in between', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank, loginWith(checking))
    await news(rooms.app)
    rooms.simulator.controls.resetLogin(itemId)
    await news(rooms.app, { told: false })
    rooms.simulator.controls.repairItem(itemId)
    expect(await news(rooms.app)).toMatchObject(nothing)
  })

  it('is income that was not there, once, and only what was added to a day', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank, loginWith(checking))
    const date = pay(rooms, itemId, 3_000, 2)
    rooms.advance(2 * day)
    await news(rooms.app)
    pay(rooms, itemId, 250, 4)
    const late = pay(rooms, itemId, 700, 1)
    const { income } = await news(rooms.app)
    const own = { itemId, currency: 'USD', institution: 'First Platypus Bank' }
    expect(income).toMatchObject([
      { ...own, date: late, sum: 70_000 },
      { ...own, date, sum: 25_000 },
    ])
    expect(await news(rooms.app)).toMatchObject(nothing)
  })

  it('is no transfer between own accounts, no refund, no spending, and nothing pending', async () => {
    await using rooms = await openRooms()
    const first = await rooms.connect(bank, loginWith(checking))
    const second = await rooms.connect(otherBank, loginWith(savings))
    pay(rooms, first, -80, 9, 'Bookshop')
    rooms.advance(day)
    await news(rooms.app)
    pay(rooms, first, -500, 2, 'Online Transfer to savings')
    pay(rooms, second, 500, 2, 'Online Transfer from checking')
    pay(rooms, first, -40, 1, 'Corner shop')
    rooms.simulator.controls.addTransaction(first, { amount: -900, text: 'ACME PAYROLL', pending: true })
    expect(await news(rooms.app)).toMatchObject(nothing)
  })

  it('is what came while a bank was broken, when it is mended', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank, loginWith(checking))
    rooms.advance(2 * day)
    await news(rooms.app)
    rooms.simulator.controls.resetLogin(itemId)
    rooms.advance(10 * day)
    await news(rooms.app)
    const date = pay(rooms, itemId, 3_000, 8)
    rooms.simulator.controls.repairItem(itemId)
    expect((await news(rooms.app)).income).toMatchObject([{ date, sum: 300_000 }])
  })

  it('is no history that comes in later', async () => {
    await using rooms = await openRooms({ readyAfterMs: hour })
    const itemId = await rooms.connect(bank, loginWith(checking))
    await news(rooms.app)
    pay(rooms, itemId, 3_000, 12)
    rooms.advance(3 * hour)
    const { statuses, income } = await news(rooms.app)
    expect(statuses).toMatchObject([{ from: 'preparing', to: 'active' }])
    expect(income).toEqual([])
  })

  it('is a bill that grew, where its transactions are at hand, and is told once', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank, loginWith(checking))
    const months = billing(rooms, itemId)
    months(12.99, 121, 91, 61, 31)
    // Older than a day, so that all of its history is known.
    rooms.advance(2 * day)
    const year = { days: 400, maxAgeMinutes: 0, rows: true }
    await rooms.app.sync.read(year)
    expect(await news(rooms.app)).toMatchObject({ bills: [] })
    rooms.advance(day)
    const [date] = months(15.49, 0)
    await rooms.app.sync.read(year)
    const stored = { maxAgeMinutes: -1 }
    expect((await news(rooms.app, { ...stored, told: false })).bills).toMatchObject([
      {
        itemId,
        date,
        amount: -1_549,
        previous: -1_299,
        currency: 'USD',
        name: expect.stringMatching(/Streaming/i),
      },
    ])
    // Another copy has not the transactions, and fetches none for this.
    const calls = rooms.simulator.controls.calls().length
    expect((await news(await rooms.open(), { ...stored, told: false })).bills).toEqual([])
    expect(rooms.simulator.controls.calls()).toHaveLength(calls)
    await news(rooms.app, stored)
    expect((await news(rooms.app, stored)).bills).toEqual([])
  })

  it('is a bill that grew also where the bank books it late, once, whoever looks and however often', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank, loginWith(checking))
    const months = billing(rooms, itemId)
    months(12.99, 151, 121, 91, 61, 31)
    rooms.advance(2 * day)
    const year = { days: 400, maxAgeMinutes: 0, rows: true }
    const stored = { maxAgeMinutes: -1 }
    await rooms.app.sync.read(year)
    await news(rooms.app)
    rooms.advance(3 * day)
    await news(rooms.app)
    // Of two days before the last snapshot.
    const [date] = months(15.49, 2)
    await rooms.app.sync.read(year)
    expect((await news(rooms.app, stored)).bills).toMatchObject([{ itemId, date, previous: -1_299 }])
    expect((await news(rooms.app, stored)).bills).toEqual([])
    const other = await rooms.open()
    await other.sync.read(year)
    for (let looks = 0; looks < 2; looks += 1) {
      rooms.advance(day)
      await other.sync.read(year)
      expect((await news(other, stored)).bills).toEqual([])
    }
  })

  it('is a bill that grew before somebody had the transactions fetched, when that is done', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank, loginWith(checking))
    const quarters = billing(rooms, itemId)
    quarters(12.99, 361, 269, 178, 87)
    rooms.advance(2 * day)
    await news(rooms.app)
    rooms.advance(3 * day)
    const [date] = quarters(15.49, 1)
    // Everybody has looked since, but nobody had what it takes to see it.
    for (let looks = 0; looks < 2; looks += 1) expect((await news(rooms.app)).bills).toEqual([])
    await rooms.app.sync.read({ days: 400, maxAgeMinutes: 0, rows: true })
    expect((await news(rooms.app, { maxAgeMinutes: -1 })).bills).toMatchObject([{ date }])
    expect((await news(rooms.app, { maxAgeMinutes: -1 })).bills).toEqual([])
  })

  it.each([
    ['off', 30, 30],
    ['off', 365, 30],
    ['off', 30, 365],
    ['on', 30, 30],
    ['on', 365, 30],
  ] as const)(
    'is a bill that grew on the day of the first look: ledger %s, %i days at first and %i then',
    async (ledger, first, then) => {
      await using rooms = await openRooms({}, { COFFER_LEDGER: ledger })
      const itemId = await rooms.connect(bank, loginWith(checking))
      const months = billing(rooms, itemId)
      months(15.49, 365, 335, 304, 274, 243, 213, 183, 152, 122, 91, 61, 31)
      expect(await news(rooms.app, { days: first })).toMatchObject({ bills: [] })
      const [date] = months(22.99, 0)
      expect((await news(rooms.app, { days: then })).bills).toMatchObject([
        { itemId, date, amount: -2_299, previous: -1_549 },
      ])
      for (const days of [30, 365]) expect((await news(rooms.app, { days })).bills).toEqual([])
    },
  )

  it('leaves of a bill that was told where it is booked and its prices, and not whose it is', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank, loginWith(checking))
    const months = billing(rooms, itemId)
    months(15.49, 91, 61, 31)
    await news(rooms.app)
    months(22.99, 0)
    const { bills } = await news(rooms.app)
    const [{ accountId, date: seenOn } = { accountId: '', date: '' }] = bills
    expect((await rooms.app.store.seen.read())?.bills).toStrictEqual([
      { itemId, accountId, currency: 'USD', previous: -1_549, amount: -2_299, seenOn },
    ])
  })

  it('is no bill that had grown when only the last days of a new bank were there', async () => {
    await using rooms = await openRooms({ readyAfterMs: hour })
    const itemId = await rooms.connect(bank, loginWith(checking))
    const months = billing(rooms, itemId)
    months(12.99, 91, 61, 31)
    months(15.49, 1)
    rooms.advance(hour + minute)
    await news(rooms.app)
    rooms.advance(3 * hour)
    expect((await news(rooms.app)).bills).toEqual([])
  })

  it('is no bill that had grown before the first snapshot', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank, loginWith(checking))
    const months = billing(rooms, itemId)
    months(12.99, 121, 91, 61, 31)
    months(15.49, 1)
    rooms.advance(2 * day)
    await news(rooms.app)
    const year = { days: 400, maxAgeMinutes: 0, rows: true }
    await rooms.app.sync.read(year)
    expect((await news(rooms.app, { maxAgeMinutes: -1 })).bills).toEqual([])
  })

  it('is no larger transfer between own accounts', async () => {
    await using rooms = await openRooms()
    const from = await rooms.connect(bank, loginWith(checking))
    const to = await rooms.connect(otherBank, loginWith(savings))
    const save = (amount: number, ago: number) => {
      pay(rooms, from, -amount, ago, 'Online Transfer to savings')
      pay(rooms, to, amount, ago, 'Online Transfer from checking')
    }
    for (const ago of [121, 91, 61, 31]) save(200, ago)
    rooms.advance(2 * day)
    const year = { days: 400, maxAgeMinutes: 0, rows: true }
    await rooms.app.sync.read(year)
    await news(rooms.app)
    rooms.advance(day)
    save(300, 0)
    await rooms.app.sync.read(year)
    expect((await news(rooms.app, { maxAgeMinutes: -1 })).bills).toEqual([])
  })
})
