import { expect, it } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { getPositions } from '../../src/tools/get-positions.ts'
import { invoke } from '../../src/tools/run.ts'
import { holding } from '../store/rows.ts'
import { bank, minute, openRooms, type Rooms } from '../support/rooms.ts'

const mixed = {
  override_accounts: [
    { type: 'depository', subtype: 'checking', starting_balance: 1_000, meta: { name: 'Checking' } },
    { type: 'investment', subtype: '401k', starting_balance: 9_000, meta: { name: 'Pension' } },
  ],
}

/** A bank with transactions and investments, of which the latter were never fetched. */
async function mixedBank(rooms: Rooms): Promise<string> {
  const itemId = await rooms.connect(bank, { username: 'user_custom', password: JSON.stringify(mixed) })
  await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
  const products = ['transactions', 'investments']
  await rooms.app.store.connections.change(itemId, (row) => ({ ...row, products }))
  return itemId
}

function ask({ app }: Rooms) {
  const call = { signal: new AbortController().signal, progress: () => {}, log: silentLog }
  return invoke(getPositions, {}, { ...call, core: async () => app })
}

async function fetchAll(rooms: Rooms, investments: 'come' | 'fail') {
  rooms.advance(2 * minute)
  if (investments === 'fail')
    rooms.simulator.controls.failNext('/investments/transactions/get', {
      kind: 'error',
      code: 'INSTITUTION_DOWN',
    })
  await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
}

it('what happened on investment accounts is not told as nothing where it never came', async () => {
  await using rooms = await openRooms()
  const itemId = await mixedBank(rooms)
  await fetchAll(rooms, 'fail')
  const unknown = await ask(rooms)
  expect(unknown.activity).toEqual([])
  expect(unknown.warnings).toMatchObject([{ code: 'ACTIVITY_NOT_KNOWN', item_id: itemId }])

  await fetchAll(rooms, 'come')
  const nothing = { contributions: 0, withdrawals: 0, dividends: 0, interest: 0, fees: 0 }
  expect(await ask(rooms)).toMatchObject({ activity: [{ currency: 'USD', ...nothing }], warnings: [] })

  // What is known of it stands, and the error of the bank is told.
  await fetchAll(rooms, 'fail')
  expect(await ask(rooms)).toMatchObject({ activity: [nothing], warnings: [], complete: false })
})

it('a position that nobody tells the value of is listed, and said to be in no total', async () => {
  await using rooms = await openRooms()
  const itemId = await mixedBank(rooms)
  await fetchAll(rooms, 'come')
  const accounts = await rooms.app.store.accounts.list(itemId)
  const accountId = accounts.find(({ type }) => type === 'investment')?.accountId ?? ''
  const of = (name: string, value: number | null) =>
    holding({ itemId, accountId, securityId: name, ticker: name, name, value })
  await rooms.app.store.holdings.replace(itemId, [of('BOND', null), of('ETF', 5_000)])
  const { positions, totals, warnings } = await ask(rooms)
  expect(positions.map(({ ticker, value }) => [ticker, value])).toEqual([
    ['ETF', 50],
    ['BOND', undefined],
  ])
  expect(totals).toMatchObject([{ value: 50, without_value: 1 }])
  expect(warnings).toMatchObject([
    { code: 'VALUE_NOT_KNOWN', item_id: itemId, text: expect.stringContaining('no value of one position') },
  ])
})
