import { describe, expect, it } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { today } from '../../src/snapshot/index.ts'
import { reconcileAccount } from '../../src/tools/reconcile-account.ts'
import { invoke } from '../../src/tools/run.ts'
import { bank, day, hour, minute, openRooms, type Rooms } from '../support/rooms.ts'

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

async function checking(rooms: Rooms) {
  return await accountOf(rooms, await rooms.connect(bank))
}

async function accountOf(rooms: Rooms, itemId: string) {
  await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
  const account = (await rooms.app.store.accounts.list(itemId)).find(({ subtype }) => subtype === 'checking')
  if (account === undefined) throw new Error('no checking account')
  return { itemId, account, accountId: account.accountId }
}

function ask({ app }: Rooms, args: object) {
  const call = { signal: new AbortController().signal, progress: () => {}, log: silentLog }
  return invoke(reconcileAccount, args, { ...call, core: async () => app })
}

const ago = (rooms: Rooms, days: number) => today(rooms.now() - days * day, zone)
const balance = (accountId: string, date: string, current: number) => ({
  accountId,
  date,
  currency: 'USD',
  current,
})

describe('the opening balance, where none is given', () => {
  it('is the last that was kept at or before the day, else the oldest, and the result is kept', async () => {
    await using rooms = await openRooms()
    const { itemId, accountId, account } = await checking(rooms)
    const kept = [balance(accountId, ago(rooms, 12), 5_000), balance(accountId, ago(rooms, 9), 7_000)]
    const note = (days: typeof kept) => rooms.app.store.balanceDays.note(itemId, days)
    await note(kept)
    expect(await ask(rooms, { account_id: accountId, from: ago(rooms, 10) })).toMatchObject({
      from: ago(rooms, 12),
      opening: 50,
    })
    const result = await ask(rooms, { account_id: accountId, from: ago(rooms, 9) })
    expect(result).toMatchObject({ from: ago(rooms, 9), opening: 70 })
    expect(await rooms.app.store.reconciliations.lastOf(accountId)).toMatchObject({
      from: ago(rooms, 9),
      to: result.to,
      opening: 7_000,
      actual: account.current,
      expected: Math.round(result.expected * 100),
    })
  })

  it('is what the bank told at the last reconciliation, where no balance was kept', async () => {
    await using rooms = await openRooms()
    const { itemId, accountId } = await checking(rooms)
    const to = ago(rooms, 15)
    await rooms.app.store.reconciliations.add({
      itemId,
      accountId,
      from: ago(rooms, 40),
      to,
      currency: 'USD',
      opening: 0,
      expected: 1,
      actual: 4_321,
      madeAt: new Date(rooms.now()).toISOString(),
    })
    expect(await ask(rooms, { account_id: accountId })).toMatchObject({ from: to, opening: 43.21 })
  })

  it('and of which nothing is known, has to be given', async () => {
    await using rooms = await openRooms()
    const { accountId } = await checking(rooms)
    await expect(ask(rooms, { account_id: accountId })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENTS',
      fix: expect.stringContaining('opening_balance'),
    })
  })
})

describe('an opening balance that was taken before the day was over', () => {
  it('is suspected where transactions of that day are as much as the discrepancy', async () => {
    await using rooms = await openRooms()
    const { itemId, accountId } = await checking(rooms)
    const from = ago(rooms, 3)
    const book = (amount: number, text: string) =>
      rooms.simulator.controls.addTransaction(itemId, { date: from, amount, text })
    book(31.7, 'Florist')
    book(18.55, 'Baker')
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    const opened = await ask(rooms, { account_id: accountId, from, opening_balance: 0 })
    const right = Number((opened.discrepancy + 50.25).toFixed(2))
    const result = await ask(rooms, { account_id: accountId, from, opening_balance: right })
    expect(result.discrepancy).toBe(-50.25)
    expect(result.suspects.slice(0, 2)).toMatchObject([
      { date: from, amount: -31.7, reason: expect.stringContaining('opening day') },
      { date: from, amount: -18.55 },
    ])
    expect(result.suggestions[0]).toMatch(/^2 transactions of the opening day explain it/)
  })
})

describe('a bank that broke', () => {
  it('is reconciled up to its last balance, by sums, and that is said', async () => {
    await using rooms = await openRooms()
    const { itemId, accountId } = await checking(rooms)
    rooms.simulator.controls.resetLogin(itemId)
    rooms.advance(2 * day)
    const args = { account_id: accountId, from: ago(rooms, 20), opening_balance: 100 }
    const { to, connections, suggestions } = await ask(rooms, args)
    expect(to).toBe(ago(rooms, 2))
    expect(connections).toMatchObject([{ status: 'needs_reauth', source: 'cached' }])
    expect(suggestions.join(' ')).toMatch(/could not be asked/)
  })
})

describe('a bank whose transactions are not known', () => {
  it('yet is not reconciled, and nothing is kept of it', async () => {
    await using rooms = await openRooms({ readyAfterMs: hour })
    const { accountId } = await checking(rooms)
    for (const opening_balance of [100, 110])
      await expect(
        ask(rooms, { account_id: accountId, from: ago(rooms, 5), opening_balance }),
      ).rejects.toMatchObject({ code: 'NOT_READY', message: expect.stringContaining('not known yet') })
    expect(await rooms.app.store.reconciliations.lastOf(accountId)).toBeNull()
  })

  it('as far back as the opening day is not either, and the first day that is known is said', async () => {
    await using rooms = await openRooms({ readyAfterMs: hour })
    const itemId = await rooms.connect(bank)
    rooms.advance(hour + minute)
    const { accountId } = await accountOf(rooms, itemId)
    const of = (from: string) => ask(rooms, { account_id: accountId, from, opening_balance: 100 })
    await expect(of(ago(rooms, 200))).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringMatching(/known from \d{4}-\d\d-\d\d on/),
      fix: expect.stringContaining('that day'),
    })
    expect(await rooms.app.store.reconciliations.lastOf(accountId)).toBeNull()
    expect((await of(ago(rooms, 20))).suggestions).not.toEqual([])
  })
})

describe('transactions in another currency', () => {
  it('are in no sum, and that is said', async () => {
    await using rooms = await openRooms()
    const { itemId, accountId } = await checking(rooms)
    const args = { account_id: accountId, from: ago(rooms, 20), opening_balance: 100 }
    const { expected } = await ask(rooms, args)
    rooms.simulator.controls.addTransaction(itemId, {
      date: ago(rooms, 3),
      amount: 12.5,
      text: 'Hotel',
      currency: 'EUR',
    })
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    const result = await ask(rooms, args)
    expect(result.expected).toBe(expected)
    expect(result.suggestions).toContain(
      'Transactions in EUR are left out: the balance is in another currency.',
    )
  })
})

describe('an account of a type that nobody knows', () => {
  it('is refused as that, and not as an investment', async () => {
    await using rooms = await openRooms()
    const { itemId, account, accountId } = await checking(rooms)
    await rooms.app.store.accounts.replace(itemId, [{ ...account, type: 'other' }])
    await expect(ask(rooms, { account_id: accountId })).rejects.toMatchObject({
      code: 'PRODUCT_UNAVAILABLE',
      message: expect.stringContaining('is not known'),
    })
  })
})
