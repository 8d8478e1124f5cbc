import { describe, expect, it } from 'vitest'
import { bank, brokerage, minute, openRooms, type Rooms } from '../support/rooms.ts'

const now = { days: 30, maxAgeMinutes: 0 }
const dataPaths = [
  '/transactions/get',
  '/investments/holdings/get',
  '/investments/transactions/get',
  '/liabilities/get',
]

const mixed = {
  version: '2',
  override_accounts: [
    { type: 'depository', subtype: 'checking', starting_balance: 1_000, meta: { name: 'Checking' } },
    { type: 'investment', subtype: '401k', starting_balance: 9_000, meta: { name: 'Pension' } },
  ],
}

function called(rooms: Rooms) {
  return dataPaths.filter((path) => rooms.calls(path) > 0)
}

describe('products that can be billed', () => {
  it('are never begun by reading: a bank with a brokerage account is asked for transactions only', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank, { username: 'user_custom', password: JSON.stringify(mixed) })
    const accounts = await rooms.app.store.accounts.list()
    expect(accounts.some(({ type }) => type === 'investment')).toBe(true)
    await rooms.app.sync.read(now)
    await rooms.app.sync.read({ ...now, days: 365 })
    expect(called(rooms)).toEqual(['/transactions/get'])
    expect(Object.keys(rooms.simulator.controls.items()[0]?.products ?? {})).toEqual(['transactions'])
  })

  it('of a brokerage are investments only', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(brokerage, { kind: 'brokerage' })
    await rooms.app.sync.read(now)
    expect(called(rooms)).toEqual(['/investments/holdings/get', '/investments/transactions/get'])
    expect(Object.keys(rooms.simulator.controls.items()[0]?.products ?? {})).toEqual(['investments'])
    expect((await rooms.app.store.holdings.list(itemId)).length).toBeGreaterThan(0)
  })

  it('are left alone where PLAID_PRODUCTS leaves them out later', async () => {
    await using rooms = await openRooms()
    await rooms.connect(brokerage, { kind: 'brokerage' })
    await rooms.app.sync.read(now)
    const before = rooms.calls('/investments/holdings/get')
    const less = await rooms.open({ PLAID_PRODUCTS: 'transactions' })
    await less.sync.read(now)
    expect(rooms.calls('/investments/holdings/get')).toBe(before)
  })
})

describe('live balances, which Plaid bills by the call', () => {
  it('are fetched when asked for, and at no other time', async () => {
    await using rooms = await openRooms()
    await rooms.connect()
    await rooms.app.sync.read(now)
    expect(rooms.calls('/accounts/balance/get')).toBe(0)
    const reading = await rooms.app.sync.read({ ...now, maxAgeMinutes: 60, live: true })
    expect(rooms.calls('/accounts/balance/get')).toBe(1)
    expect(reading.sources).toMatchObject([{ source: 'live', error: null }])
    const [account] = await rooms.app.store.accounts.list()
    expect(rooms.now() - Date.parse(account?.dataAsOf ?? '')).toBeLessThan(minute)
  })

  it('that cannot be had are replaced by the cached ones, and that is said', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    await rooms.app.sync.read(now)
    const before = await rooms.app.store.accounts.list()
    rooms.simulator.controls.failNext('/accounts/balance/get', { kind: 'error', code: 'INSTITUTION_DOWN' })
    const reading = await rooms.app.sync.read({ ...now, live: true })
    expect(reading.sources).toMatchObject([{ source: 'cached', error: { code: 'BANK_DOWN' } }])
    const balances = (rows: typeof before) => rows.map(({ accountId, current }) => [accountId, current])
    const after = await rooms.app.store.accounts.list()
    expect(balances(after)).toEqual(balances(before))
    const { dataAsOf } = await rooms.find(itemId)
    expect(after.map((account) => account.dataAsOf)).toEqual(after.map(() => dataAsOf))
  })
})

describe('one kind of data that fails', () => {
  it('leaves the others fresh, and the error is told', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(brokerage, { kind: 'brokerage' })
    await rooms.app.sync.read(now)
    await rooms.app.store.holdings.replace(itemId, [])
    rooms.simulator.controls.failNext('/investments/transactions/get', {
      kind: 'error',
      code: 'INSTITUTION_DOWN',
    })
    const reading = await rooms.app.sync.read(now)
    expect(reading).toMatchObject({
      complete: false,
      sources: [{ source: 'cached', error: { code: 'BANK_DOWN' } }],
    })
    expect((await rooms.app.store.holdings.list(itemId)).length).toBeGreaterThan(0)
    expect((await rooms.find(itemId)).syncError).toBe('BANK_DOWN')
    rooms.advance(2 * minute)
    expect(await rooms.app.sync.read(now)).toMatchObject({ complete: true, sources: [{ error: null }] })
    expect((await rooms.find(itemId)).syncError).toBeNull()
  })

  it('because the bank has none of it is no failure', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(brokerage, { kind: 'brokerage' })
    rooms.simulator.controls.failNext('/investments/holdings/get', {
      kind: 'error',
      code: 'NO_INVESTMENT_ACCOUNTS',
    })
    await rooms.app.sync.read({ ...now, itemId })
    rooms.advance(2 * minute)
    expect(await rooms.app.sync.read({ ...now, maxAgeMinutes: -1 })).toMatchObject({
      sources: [{ source: 'cached', error: null }],
    })
  })
})
