import { expect, it } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { getCashFlow } from '../../src/tools/get-cash-flow.ts'
import { invoke } from '../../src/tools/run.ts'
import { syncSnapshot } from '../../src/tools/sync-snapshot.ts'
import { loginWith } from '../support/custom-user.ts'
import { openRewritten } from '../support/rewriting.ts'
import { bank, brokerage, type Rooms } from '../support/rooms.ts'

function callOf({ app }: Rooms) {
  const { signal } = new AbortController()
  const quiet = { log: silentLog, signal, progress: () => undefined, elicitUrl: null, elicitYes: null }
  return { ...quiet, core: async () => app }
}

it('what is invested counts by its positions, what is unknown as nothing, and whatever has totals says which', async () => {
  await using rooms = await openRewritten((_path, key, value) =>
    key === 'current' || key === 'available' ? null : value,
  )
  const savings = { name: 'Savings', mask: '2222', balance: 900, subtype: 'savings' }
  await rooms.connect(bank, loginWith(savings))
  const invested = { name: 'Brokerage', mask: '9001', balance: 10_000, position: true }
  await rooms.connect(brokerage, { kind: 'brokerage', ...loginWith(invested) })
  const known = {
    totals: [{ bank_balance: 0, investments: 10_000, net_worth: 10_000 }],
    warnings: [
      { code: 'BALANCE_NOT_KNOWN', text: expect.stringContaining('the savings account ending 2222') },
    ],
  }
  expect(await invoke(syncSnapshot, { max_age_minutes: 0 }, callOf(rooms))).toMatchObject(known)
  expect(await invoke(getCashFlow, {}, callOf(rooms))).toMatchObject(known)
  expect(await rooms.app.store.history.list()).toMatchObject([{ investments: 1_000_000 }])
})
