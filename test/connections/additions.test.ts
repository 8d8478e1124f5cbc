import { describe, expect, it } from 'vitest'
import { silentLog } from '../../src/log.ts'
import type { Product } from '../../src/model.ts'
import { clickLink } from '../../src/simulator/click.ts'
import { checkConnection } from '../../src/tools/check-connection.ts'
import { invoke } from '../../src/tools/run.ts'
import { loginWith } from '../support/custom-user.ts'
import { openRewritten } from '../support/rewriting.ts'
import { bank, type Login, openRooms, type Rooms } from '../support/rooms.ts'

const checking = { name: 'Checking', mask: '1111', balance: 500 }
const savings = { name: 'Savings', mask: '2222', balance: 70, subtype: 'savings' }
const brokerage = { name: 'Brokerage', mask: '7777', balance: 10_000, position: true }

interface Wish {
  readonly login: Login
  readonly addAccounts?: boolean
  readonly addProducts?: readonly Product[]
  /** The accounts to tick; what the page has ticked by itself, if left out. */
  readonly tick?: string[]
}

/** Update mode to its end; the link_id. */
async function shareMore(rooms: Rooms, itemId: string, { login, tick, ...wish }: Wish): Promise<string> {
  const repair = { addAccounts: false, addProducts: [], ...wish }
  const { connections } = rooms.app
  const { link, url } = await connections.links.forRepair(await rooms.find(itemId), repair)
  const { refusal } = await clickLink(url.open(), 'success', {
    ...login,
    ...(tick === undefined ? {} : { accountIds: tick }),
  })
  expect(refusal).toBeNull()
  expect(await connections.watcher.wait(link.linkId, 15_000)).toMatchObject({ state: 'succeeded' })
  return link.linkId
}

async function bankBalance(rooms: Rooms): Promise<number | undefined> {
  const { window } = await rooms.app.sync.read({ days: 30, maxAgeMinutes: -1 })
  return (await rooms.app.sync.snapshot(window)).totals[0]?.bank_balance
}

async function told(rooms: Rooms, linkId: string): Promise<string | undefined> {
  const answer = await invoke(
    checkConnection,
    { link_id: linkId },
    {
      core: async () => rooms.app,
      log: silentLog,
      signal: new AbortController().signal,
      progress: () => undefined,
      elicitUrl: null,
    },
  )
  return answer.next_step?.text
}

describe('accounts that are added to a connection', () => {
  it('are there with their balances, without anybody asking again', async () => {
    await using rooms = await openRooms()
    const login = loginWith(checking)
    const itemId = await rooms.connect(bank, login)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    rooms.simulator.controls.addAccount(itemId, {
      name: 'New Savings',
      type: 'depository',
      subtype: 'savings',
      balance: 250,
    })
    await rooms.app.store.connections.change(itemId, (row) => ({ ...row, newAccounts: true }))
    await shareMore(rooms, itemId, { login, addAccounts: true })
    await expect.poll(() => bankBalance(rooms), { timeout: 10_000 }).toBe(750)
    expect(await rooms.find(itemId)).toMatchObject({ newAccounts: false, status: 'active' })
    expect(rooms.simulator.controls.items()).toHaveLength(1)
  })

  it('and those that are not shared any more are in no total', async () => {
    await using rooms = await openRooms()
    const login = loginWith(checking, savings)
    const itemId = await rooms.connect(bank, login)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    expect(await bankBalance(rooms)).toBe(570)
    const [kept] = await rooms.app.store.accounts.list(itemId)
    await shareMore(rooms, itemId, { login, addAccounts: true, tick: [kept?.accountId ?? ''] })
    await expect.poll(() => bankBalance(rooms), { timeout: 10_000 }).toBe(500)
  })
})

describe('a product that is added to a connection', () => {
  const positions = async (rooms: Rooms) =>
    (await rooms.app.sync.positions({ groupBy: 'none' })).positions.map(({ value }) => value)

  it('is fetched when the person has agreed, and never before', async () => {
    await using rooms = await openRooms()
    const login = loginWith(checking, brokerage)
    const itemId = await rooms.connect(bank, login)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    expect(rooms.calls('/investments/holdings/get')).toBe(0)
    const linkId = await shareMore(rooms, itemId, { login, addProducts: ['investments'] })
    await expect.poll(() => positions(rooms), { timeout: 10_000 }).toEqual([10_000])
    expect(await told(rooms, linkId)).not.toMatch(/agree/)
  })

  it('that was declined is said, and not begun', async () => {
    await using rooms = await openRewritten((path, key, value) =>
      path === '/item/get' && key === 'consented_products' ? ['transactions'] : value,
    )
    const login = loginWith(checking, brokerage)
    const itemId = await rooms.connect(bank, login)
    const linkId = await shareMore(rooms, itemId, { login, addProducts: ['investments'] })
    expect(await told(rooms, linkId)).toMatch(/did not agree to share investments/)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    expect(rooms.calls('/investments/holdings/get')).toBe(0)
    expect((await rooms.find(itemId)).products).toEqual(['transactions'])
  })
})
