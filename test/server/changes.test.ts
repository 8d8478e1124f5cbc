import { expect, it } from 'vitest'
import { household } from '../support/coffer.ts'
import { connectMadeUp } from './made-up-bank.ts'

const fetchNow = { max_age_minutes: 0 }

it('changes are those since the last snapshot, in whatever copy, and each is told once', async () => {
  await using house = await household()
  const copy = await house.start({ TZ: 'UTC' })
  const account = { type: 'depository', subtype: 'checking', rows: [[1, 'Bookshop', 20]] } as const
  const itemId = await connectMadeUp(copy, [account])
  expect((await copy.call('sync_snapshot')).changes).toEqual([])

  const { controls } = house.simulator
  const date = new Date(controls.now()).toISOString().slice(0, 10)
  controls.addTransaction(itemId, { amount: -3_000, text: 'ACME PAYROLL', date })
  const other = await house.start({ TZ: 'UTC' })
  // A look at what is stored has nothing to tell yet, and is a look all the same.
  expect((await other.call('sync_snapshot', { max_age_minutes: -1 })).changes).toEqual([])
  const { changes, connections } = await other.call('sync_snapshot', fetchNow)
  const [account_id] = (await copy.call('list_connections')).connections.flatMap(({ accounts }) =>
    accounts.map((one) => one.account_id),
  )
  expect(changes).toEqual([
    {
      code: 'NEW_INCOME',
      item_id: itemId,
      account_id,
      date,
      amount: 3_000,
      currency: 'USD',
      text: `$3,000.00 came in at ${connections[0]?.institution} on ${date}.`,
    },
  ])
  expect((await copy.call('sync_snapshot', fetchNow)).changes).toEqual([])

  controls.resetLogin(itemId)
  expect((await copy.call('sync_snapshot', fetchNow)).changes).toMatchObject([
    { code: 'STATUS_CHANGED', item_id: itemId },
  ])
  expect((await other.call('sync_snapshot', { max_age_minutes: -1 })).changes).toEqual([])
})
