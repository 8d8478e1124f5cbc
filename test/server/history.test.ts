import { expect, it } from 'vitest'
import { connectBank, household } from '../support/coffer.ts'

it('the figures of a snapshot are in the history of every copy', async () => {
  await using house = await household()
  const copy = await house.start({ TZ: 'UTC' })
  expect(await copy.call('get_history', { metric: 'net_worth' })).toMatchObject({
    points: [],
    warnings: [{ code: 'NO_HISTORY' }],
  })
  await connectBank(copy)
  const { totals, window } = await copy.call('sync_snapshot')
  const other = await house.start({ TZ: 'UTC' })
  const [figures] = totals
  for (const [metric, value] of Object.entries({
    net_worth: figures?.net_worth,
    bank_balance: figures?.bank_balance,
    positions: figures?.investments,
    cash_flow: figures?.net_cash_flow,
  })) {
    const last = async () => (await other.call('get_history', { metric })).points.at(-1)
    expect(await last()).toEqual({ date: window.to, currency: 'USD', value, complete: true })
  }
  expect(await copy.failure('get_history', { metric: 'net_worth', from: '2026-13-01' })).toMatch(
    /^INVALID_ARGUMENTS: .*from: .*metric, from, to/,
  )
})
