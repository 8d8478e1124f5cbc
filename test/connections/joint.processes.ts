import { describe, expect, it } from 'vitest'
import { hour, openRooms, bank, brokerage, type Login, type Rooms } from '../support/rooms.ts'
import { loginWith } from '../support/custom-user.ts'
import { openRewritten } from '../support/rewriting.ts'

const joint = { name: 'Joint', mask: '5555', balance: 1_000 }
const hers = { name: 'Her own', mask: '1111', balance: 200 }
const his = { name: 'His own', mask: '2222', balance: 30 }

async function couple(rooms: Rooms): Promise<[string, string]> {
  const ana = await rooms.connect(bank, { ...loginWith(joint, hers), person: 'Ana' })
  const ben = await rooms.connect(bank, { ...loginWith(joint, his), person: 'Ben' })
  return [ana, ben]
}

async function read(rooms: Rooms, maxAgeMinutes: number) {
  const { window } = await rooms.app.sync.read({ days: 30, maxAgeMinutes })
  const [totals] = (await rooms.app.sync.snapshot(window)).totals
  return totals
}

describe('two people with a joint account', () => {
  it('are no duplicate of one another, and what they share counts once', async () => {
    await using rooms = await openRooms()
    const [ana, ben] = await couple(rooms)
    for (const itemId of [ana, ben])
      rooms.simulator.controls.addTransaction(itemId, { amount: 40, text: 'Groceries' })
    expect(await read(rooms, 0)).toMatchObject({ bank_balance: 1_230, expenses: -40 })
  })

  it('count it through the other login at once when one breaks, and once more when it is mended', async () => {
    await using rooms = await openRooms()
    const [ana, ben] = await couple(rooms)
    await read(rooms, 0)
    const counted = async () =>
      (await rooms.app.store.accounts.list())
        .filter(({ name, sameAs }) => name === 'Joint' && sameAs === null)
        .map(({ itemId }) => itemId)
    expect(await counted()).toEqual([ana])
    rooms.simulator.controls.resetLogin(ana)
    await rooms.app.connections.health.check(ana)
    expect(await counted()).toEqual([ben])
    expect(await read(rooms, -1)).toMatchObject({ bank_balance: 1_230 })
    rooms.simulator.controls.repairItem(ana)
    await rooms.app.connections.health.check(ana)
    expect(await counted()).toEqual([ana])
  })

  it('count it through the other login when one is revoked, and its data are gone', async () => {
    await using rooms = await openRooms()
    const [ana] = await couple(rooms)
    await read(rooms, 0)
    rooms.simulator.controls.revoke(ana)
    await rooms.app.connections.health.check(ana)
    expect(await read(rooms, -1)).toMatchObject({ bank_balance: 1_030 })
    expect(await rooms.app.store.accounts.list(ana)).toEqual([])
  })
})

describe("an account with the bank's own id", () => {
  it('is the same one though each login names it differently', async () => {
    // The simulator gives none; both logins show one account each.
    await using rooms = await openRewritten((path, key, value) =>
      path === '/accounts/get' && key === 'balances'
        ? value
        : path === '/accounts/get' && key === 'accounts' && Array.isArray(value)
          ? value.map((account: object) => ({ ...account, persistent_account_id: 'made-up-id' }))
          : value,
    )
    const first = await rooms.connect(bank, loginWith(joint))
    const second = await rooms.connect(bank, loginWith({ ...joint, name: 'Household', mask: '5556' }))
    const marks = (await rooms.app.store.accounts.list()).map(({ itemId, sameAs }) => [
      itemId,
      sameAs !== null,
    ])
    expect(Object.fromEntries(marks)).toEqual({ [first]: false, [second]: true })
  })
})

describe('a brokerage account through two logins', () => {
  const account = { name: 'Brokerage', mask: '7777', balance: 10_000, position: true }
  const own = { ...account, name: 'IRA', mask: '8888', balance: 500 }
  const other = { ...account, name: 'Roth', mask: '9999', balance: 50 }
  const open = (rooms: Rooms, login: Login) => rooms.connect(brokerage, { kind: 'brokerage', ...login })

  it('is one position, also when one of the logins breaks or goes', async () => {
    await using rooms = await openRooms()
    const ana = await open(rooms, loginWith(account, own))
    const ben = await open(rooms, loginWith(account, other))
    const values = async (itemId?: string) => {
      const wanted = { groupBy: 'none', ...(itemId === undefined ? {} : { itemId }) } as const
      return (await rooms.app.sync.positions(wanted)).positions.map(({ value }) => value)
    }
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    expect(await values()).toEqual([10_000, 500, 50])
    expect(await read(rooms, -1)).toMatchObject({ investments: 10_550 })

    rooms.simulator.controls.resetLogin(ana)
    rooms.advance(hour)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    expect(await values()).toEqual([10_000, 500, 50])
    expect(await values(ben)).toEqual([10_000, 50])

    rooms.simulator.controls.revoke(ana)
    await rooms.app.connections.health.check(ana)
    expect(await values()).toEqual([10_000, 50])
    expect(await read(rooms, -1)).toMatchObject({ investments: 10_050 })
  })
})
