import { describe, expect, it } from 'vitest'
import type { Reconciliation } from '../../src/model.ts'
import { driverNames, freshStore } from './fixtures.ts'
import { account, connection } from './rows.ts'

const row: Reconciliation = {
  itemId: 'item-1',
  accountId: 'acc-1',
  from: '2026-06-01',
  to: '2026-06-10',
  currency: 'USD',
  opening: 1,
  expected: 2,
  actual: -3,
  madeAt: '2026-06-10T06:00:00.000Z',
}

describe.each(driverNames)('reconciliations on %s', (driver) => {
  async function kept() {
    const store = await freshStore({ driver })
    await store.connections.insert(connection(), 'sealed')
    await store.accounts.replace('item-1', [account()])
    await store.reconciliations.add(row)
    await store.reconciliations.add({ ...row, actual: 9 })
    return store
  }

  it('give the newest of an account', async () => {
    const { reconciliations } = await kept()
    expect(await reconciliations.lastOf('acc-1')).toEqual({ ...row, actual: 9 })
    expect(await reconciliations.lastOf('acc-2')).toBeNull()
  })

  it.each(['the account', 'the data', 'the connection'])('go with %s', async (what) => {
    const { accounts, connections, reconciliations } = await kept()
    if (what === 'the account') await accounts.forget('item-1', 'acc-1')
    else if (what === 'the data') await connections.forgetData('item-1')
    else await connections.remove('item-1')
    expect(await reconciliations.lastOf('acc-1')).toBeNull()
  })
})
