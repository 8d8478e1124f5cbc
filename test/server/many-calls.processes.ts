import { expect, it } from 'vitest'
import { connectBank, type Copy, household } from '../support/coffer.ts'

/** How many of so many calls at once went through, and the texts of the others. */
async function atOnce(copies: readonly Copy[], each: number, name: string, args: object) {
  const calls = copies.flatMap((copy) =>
    Array.from({ length: each }, () => copy.client.callTool({ name, arguments: { ...args } })),
  )
  const results = await Promise.all(calls)
  const refused = results
    .filter(({ isError }) => isError === true)
    .map((result) => JSON.stringify(result.content))
  return { done: results.length - refused.length, refused }
}

it('two copies have sixty calls a minute between them that write or ask Plaid; what is stored is free', async () => {
  await using house = await household()
  const copies = await Promise.all([house.start(), house.start()])
  const [one, other] = copies
  const { item_id } = await connectBank(one)
  await one.call('sync_snapshot', { max_age_minutes: 0 })
  const page = await one.call('search_transactions')
  expect(page.next_cursor).toBeDefined()

  const { done, refused } = await atOnce(copies, 40, 'sync_schedule', { item_id, every_minutes: 60 })
  // Connecting, the wait for it, the snapshot and the search, which may have had its rows at hand, were counted too.
  expect(done).toBeLessThanOrEqual(57)
  expect(done).toBeGreaterThanOrEqual(50)
  expect(refused.every((text) => /RATE_LIMITED: .* Ask again in \d+ seconds/.test(text))).toBe(true)

  const asked = house.simulator.controls.calls().length
  expect(await one.failure('sync_snapshot', { max_age_minutes: 0 })).toMatch(/^RATE_LIMITED/)
  expect(await other.failure('connect_bank')).toMatch(/^RATE_LIMITED/)
  expect(await other.failure('list_connections', { refresh: true })).toMatch(/^RATE_LIMITED/)
  // Rows in memory, rows on the disk and what changes nothing are answered, as often as one likes.
  for (let n = 0; n < 70; n += 1) await one.call('search_transactions', { cursor: page.next_cursor })
  await other.call('sync_snapshot', { max_age_minutes: -1 })
  await other.call('sync_snapshot')
  await other.call('sync_schedule')
  await other.call('list_connections')
  expect(house.simulator.controls.calls()).toHaveLength(asked)
})
