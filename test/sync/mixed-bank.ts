import { bank, type Rooms } from '../support/rooms.ts'

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
export async function mixedBank(rooms: Rooms): Promise<string> {
  const itemId = await rooms.connect(bank, { username: 'user_custom', password: JSON.stringify(mixed) })
  await rooms.app.store.connections.change(itemId, (row) => ({
    ...row,
    products: ['transactions', 'investments'],
  }))
  return itemId
}
