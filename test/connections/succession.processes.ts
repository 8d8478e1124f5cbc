import { describe, expect, it } from 'vitest'
import { bank, day, logIn, newLink, openRooms, otherBank, type Login, type Rooms } from '../support/rooms.ts'
import { loginWith } from '../support/custom-user.ts'

const checking = { name: 'Checking', mask: '1111', balance: 5_000 }
const savings = { name: 'Savings', mask: '2222', balance: 700, subtype: 'savings' }
const rent = -1_500

/** A connection with one row of `ago` days ago, fetched over 90 days; then it dies by this code. */
async function deadOne(rooms: Rooms, code: 'ITEM_NOT_FOUND' | 'INVALID_ACCESS_TOKEN', ago = 60) {
  const old = await rooms.connect(bank, { ...loginWith(checking, savings), label: 'Ours', person: 'Ana' })
  const date = new Date(rooms.now() - ago * day).toISOString().slice(0, 10)
  rooms.simulator.controls.addTransaction(old, { amount: -rent, text: 'Rent', date })
  rooms.advance(2 * day)
  await rooms.app.sync.read({ days: 90, maxAgeMinutes: 0 })
  if (code === 'ITEM_NOT_FOUND') rooms.simulator.controls.breakItem(old, code)
  else rooms.simulator.controls.failNext('/item/get', { kind: 'error', code }, { times: 1, itemId: old })
  await rooms.app.connections.health.check(old).catch(() => undefined)
  expect(await rooms.find(old)).toMatchObject({ status: 'expired', reason: code })
  return old
}

async function replace(rooms: Rooms, old: string, login: Login, at = bank): Promise<string> {
  const { link, url } = await newLink(rooms.app, { replaces: old })
  await logIn(url.open(), at, login)
  const ended = await rooms.app.connections.watcher.wait(link.linkId, 15_000)
  if (ended?.itemId == null || ended.state !== 'succeeded') throw new Error(`the link is ${ended?.state}`)
  return ended.itemId
}

async function figures(rooms: Rooms, maxAgeMinutes = -1) {
  const { window, sources, complete } = await rooms.app.sync.read({ days: 90, maxAgeMinutes })
  const [totals] = (await rooms.app.sync.snapshot(window)).totals
  return { totals, complete, banks: sources.map(({ connection }) => connection.itemId) }
}

describe('a connection that follows one that Plaid does not have any more', () => {
  it('has its name, its person and its history, before anything is fetched, and is alone', async () => {
    await using rooms = await openRooms()
    const old = await deadOne(rooms, 'ITEM_NOT_FOUND')
    // Plaid is away from the exchange on, so that nothing but what was kept can be shown.
    rooms.simulator.controls.failNext('/transactions/get', { kind: 'html', status: 503 }, { times: 99 })
    const next = await replace(rooms, old, loginWith(checking, savings))
    expect(await rooms.find(next)).toMatchObject({ label: 'Ours', person: 'Ana' })
    const { totals, banks } = await figures(rooms)
    expect(totals).toMatchObject({ expenses: rent, bank_balance: 5_700 })
    expect(banks).toEqual([next])
    const balances = (await rooms.app.store.balanceDays.list()).map(({ itemId, current }) => [
      itemId,
      current,
    ])
    expect(balances).toEqual(
      expect.arrayContaining([
        [next, 500_000],
        [next, 70_000],
      ]),
    )
    await expect(rooms.find(old)).rejects.toMatchObject({ code: 'UNKNOWN_CONNECTION' })
  })

  it('counts a day once that it has fetched itself', async () => {
    await using rooms = await openRooms()
    const old = await deadOne(rooms, 'ITEM_NOT_FOUND', 10)
    const next = await replace(rooms, old, loginWith(checking, savings))
    const date = new Date(rooms.now() - 12 * day).toISOString().slice(0, 10)
    rooms.simulator.controls.addTransaction(next, { amount: -rent, text: 'Rent', date })
    expect((await figures(rooms, 0)).totals).toMatchObject({ expenses: rent })
  })

  it('gets nothing of an account that it does not have', async () => {
    await using rooms = await openRooms()
    const old = await deadOne(rooms, 'ITEM_NOT_FOUND')
    const next = await replace(rooms, old, loginWith({ ...checking, mask: '9999' }))
    const { totals, banks } = await figures(rooms, 0)
    expect(totals).toMatchObject({ expenses: 0, bank_balance: 5_000 })
    expect(banks).toEqual([next])
  })
})

describe('a connection that follows one that may live on at Plaid', () => {
  it('stands in its place: the old one keeps its token, counts nowhere and is not missed', async () => {
    await using rooms = await openRooms()
    const old = await deadOne(rooms, 'INVALID_ACCESS_TOKEN')
    const { store } = rooms.app
    const next = await replace(rooms, old, loginWith(checking))
    const { totals, complete, banks } = await figures(rooms, 0)
    // The savings were not shared again, so they are counted no more.
    expect(totals).toMatchObject({ expenses: rent, bank_balance: 5_000 })
    expect({ complete, banks }).toEqual({ complete: true, banks: [next] })
    expect(await store.connections.sealedToken(old)).not.toBeNull()
    expect(await rooms.find(old)).toMatchObject({ status: 'expired', replacedBy: next })
    const [heir] = await store.accounts.list(next)
    expect(heir?.sameAs).toBeNull()
    expect((await store.accounts.list(old)).map(({ sameAs }) => sameAs)).toEqual([heir?.accountId, null])
  })

  it('keeps the token also of one whose permission was taken back: nobody has removed it at Plaid', async () => {
    await using rooms = await openRooms()
    const old = await rooms.connect(bank, loginWith(checking))
    rooms.simulator.controls.revoke(old)
    await rooms.app.connections.health.check(old)
    const next = await replace(rooms, old, loginWith(checking))
    expect((await figures(rooms, 0)).banks).toEqual([next])
    expect(await rooms.app.store.connections.sealedToken(old)).not.toBeNull()
  })

  it('shares the figures with it again, each account once, when that one lives after all', async () => {
    await using rooms = await openRooms()
    const old = await deadOne(rooms, 'INVALID_ACCESS_TOKEN')
    const next = await replace(rooms, old, loginWith(checking, savings))
    await rooms.app.connections.health.check(old)
    const { totals, banks } = await figures(rooms, 0)
    expect(banks).toEqual([old, next])
    expect(totals).toMatchObject({ expenses: rent, bank_balance: 5_700 })
  })

  it('is the one to replace from then on', async () => {
    await using rooms = await openRooms()
    const old = await deadOne(rooms, 'INVALID_ACCESS_TOKEN')
    const next = await replace(rooms, old, loginWith(checking))
    await expect(newLink(rooms.app, { replaces: old })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENTS',
      fix: expect.stringContaining(next),
    })
  })
})

describe('a connection to another bank than the one it was to follow', () => {
  it('takes no place: the dead one keeps its history and is still missing', async () => {
    await using rooms = await openRooms()
    const old = await deadOne(rooms, 'ITEM_NOT_FOUND')
    const next = await replace(rooms, old, loginWith({ ...checking, mask: '9999' }), otherBank)
    const { totals, complete, banks } = await figures(rooms, 0)
    expect(totals).toMatchObject({ expenses: rent, bank_balance: 10_700 })
    expect({ complete, banks }).toEqual({ complete: false, banks: [old, next] })
    expect(await rooms.find(old)).toMatchObject({ status: 'expired', replacedBy: null })
  })
})

describe('what cannot be replaced', () => {
  it('is a living one, one that nobody knows, and one of another environment', async () => {
    await using rooms = await openRooms()
    const living = await rooms.connect(otherBank, loginWith(checking))
    const replacing = (replaces: string) => newLink(rooms.app, { replaces })
    await expect(replacing(living)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENTS',
      fix: expect.stringContaining('start_reauth'),
    })
    await expect(replacing('nobody')).rejects.toMatchObject({
      code: 'UNKNOWN_CONNECTION',
      fix: expect.stringContaining('list_connections'),
    })
    await rooms.app.store.connections.change(living, (row) => ({
      ...row,
      environment: 'production',
      status: 'expired',
    }))
    await expect(replacing(living)).rejects.toMatchObject({
      code: 'WRONG_ENVIRONMENT',
      fix: expect.stringContaining('PLAID_ENV=production'),
    })
  })
})
