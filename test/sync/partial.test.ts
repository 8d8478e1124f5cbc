import { expect, it } from 'vitest'
import { bank, hour, minute, openRooms, type Rooms } from '../support/rooms.ts'

const mixed = {
  version: '2',
  override_accounts: [
    {
      type: 'depository',
      subtype: 'checking',
      starting_balance: 1_000,
      meta: { name: 'Checking' },
      transactions: [
        {
          date_transacted: '2026-01-05',
          date_posted: '2026-01-05',
          amount: -2_000,
          description: 'Salary',
          currency: 'USD',
        },
        {
          date_transacted: '2026-01-08',
          date_posted: '2026-01-08',
          amount: 50,
          description: 'Corner Shop',
          currency: 'USD',
        },
      ],
    },
    { type: 'investment', subtype: '401k', starting_balance: 9_000, meta: { name: 'Pension' } },
  ],
}

/** A bank with transactions and investments, both agreed to. */
async function mixedBank(rooms: Rooms): Promise<string> {
  const itemId = await rooms.connect(bank, { username: 'user_custom', password: JSON.stringify(mixed) })
  await rooms.app.store.connections.change(itemId, (row) => ({
    ...row,
    products: ['transactions', 'investments'],
  }))
  return itemId
}

async function figures(rooms: Rooms) {
  const { window } = await rooms.app.sync.read({ days: 30, maxAgeMinutes: -1 })
  return (await rooms.app.sync.snapshot(window)).totals[0]
}

const now = { days: 30, maxAgeMinutes: 0 }

it('transactions that cannot be had now leave the known ones as they are, though investments came', async () => {
  await using rooms = await openRooms()
  await mixedBank(rooms)
  await rooms.app.sync.read(now)
  const before = await figures(rooms)
  expect(before).toMatchObject({ income: 2_000, expenses: -50 })
  rooms.advance(2 * minute)
  rooms.simulator.controls.failNext('/transactions/get', { kind: 'error', code: 'INSTITUTION_DOWN' })
  const reading = await rooms.app.sync.read(now)
  expect(reading).toMatchObject({ complete: false, sources: [{ error: { code: 'BANK_DOWN' } }] })
  expect(await figures(rooms)).toEqual(before)
})

it('transactions that Plaid is still fetching make no zeros, though investments came', async () => {
  await using rooms = await openRooms({ readyAfterMs: hour })
  await mixedBank(rooms)
  rooms.simulator.controls.set({ readyAfterMs: hour })
  await rooms.app.sync.read(now)
  const totals = await figures(rooms)
  expect(totals?.bank_balance).toBe(1_000)
  expect(totals).not.toHaveProperty('income')
})
