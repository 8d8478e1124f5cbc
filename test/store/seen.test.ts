import { describe, expect, it } from 'vitest'
import type { Seen } from '../../src/store/store.ts'
import { driverNames, freshStore } from './fixtures.ts'
import { connection } from './rows.ts'

const at = '2026-11-02T10:00:00.000Z'
const paid = { itemId: 'item-1', accountId: 'acc-1', date: '2026-11-01', currency: 'USD', sum: 300_000 }
const grown = {
  itemId: 'item-1',
  accountId: 'acc-1',
  currency: 'USD',
  previous: -1_299,
  amount: -1_549,
  seenOn: '2026-11-02',
}

function seen(...itemIds: string[]): Seen {
  return {
    at,
    connections: itemIds.map((itemId) => ({
      itemId,
      status: 'active',
      knownFrom: null,
      billsSince: '2026-11-01',
    })),
    income: itemIds.map((itemId) => ({ ...paid, itemId })),
    bills: itemIds.map((itemId) => ({ ...grown, itemId })),
  }
}

describe.each(driverNames)('what a person has seen, on %s', (driver) => {
  async function withBoth() {
    const store = await freshStore({ driver })
    for (const itemId of ['item-1', 'item-2'])
      await store.connections.insert(connection({ itemId }), 'sealed')
    return store
  }

  it('is nothing at first, and then the last of it', async () => {
    const store = await withBoth()
    expect(await store.seen.read()).toBeNull()
    await store.seen.write(seen('item-1', 'item-2'))
    expect(await store.seen.read()).toStrictEqual(seen('item-1', 'item-2'))
    const next: Seen = {
      at: '2026-11-03T10:00:00.000Z',
      connections: [
        { itemId: 'item-1', status: 'bank_issue', knownFrom: '2026-10-01', billsSince: '2026-10-20' },
      ],
      income: [],
      bills: [],
    }
    await store.seen.write(next)
    expect(await store.seen.read()).toStrictEqual(next)
  })

  it('goes with the connection, and is not brought back', async () => {
    const store = await withBoth()
    await store.seen.write(seen('item-1', 'item-2'))
    await store.connections.remove('item-1')
    expect(await store.seen.read()).toStrictEqual(seen('item-2'))
    await store.seen.write(seen('item-1', 'item-2'))
    expect(await store.seen.read()).toStrictEqual(seen('item-2'))
  })

  it('of an account that is not shared any more, or of data that are forgotten, goes too', async () => {
    const store = await withBoth()
    await store.seen.write(seen('item-1', 'item-2'))
    await store.accounts.forget('item-1', 'acc-1')
    const { income, bills } = seen('item-2')
    expect(await store.seen.read()).toStrictEqual({ ...seen('item-1', 'item-2'), income, bills })
    await store.connections.forgetData('item-2')
    expect(await store.seen.read()).toStrictEqual({ ...seen('item-1', 'item-2'), income: [], bills: [] })
  })
})
