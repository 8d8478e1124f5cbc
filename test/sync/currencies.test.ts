import { expect, it } from 'vitest'
import { bank, openRooms } from '../support/rooms.ts'

function bought(amount: number, currency: string) {
  const date = '2026-01-05'
  return { date_transacted: date, date_posted: date, amount, description: 'Corner Shop', currency }
}

const mixed = {
  version: '2',
  override_accounts: [
    {
      type: 'depository',
      subtype: 'checking',
      starting_balance: 1_000,
      meta: { name: 'Checking' },
      transactions: [bought(50, 'USD'), bought(0.5, 'BTC')],
    },
  ],
}

it('rows in a currency of no country are in no total, and which it is is told', async () => {
  await using rooms = await openRooms()
  await rooms.connect(bank, { username: 'user_custom', password: JSON.stringify(mixed) })
  const { window } = await rooms.app.sync.read({ days: 700, maxAgeMinutes: 0 })
  const { totals, uncounted } = await rooms.app.sync.snapshot(window)
  expect(totals).toMatchObject([{ currency: 'USD', expenses: -50 }])
  expect(uncounted).toEqual(['BTC'])
  const before = { ...window, from: '2025-01-01', to: '2025-02-01' }
  expect((await rooms.app.sync.snapshot(before)).uncounted).toEqual([])
})
