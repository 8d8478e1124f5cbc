import { expect, it } from 'vitest'
import { plaidOn, startFake } from './fake-plaid.ts'
import { loop, mutated, serveOn, twentyPages } from './sync-script.ts'

const grid = twentyPages.flatMap((_, at) => [1, 2, 3, 4, 5, 6].map((times) => [at, times] as const))

it.each(grid)('data that change at page %d, %d times, come as they are', async (at, times) => {
  await using fake = await startFake()
  const broken = at === 0 ? 'c' : `c:${at}`
  const { plaid } = plaidOn(fake)
  const loops = [loop('c', twentyPages), loop('', twentyPages)]
  serveOn(fake)(loops)
  const clean = await plaid.transactionUpdates('item1', 'c')
  serveOn(fake)(loops, (cursor, time) => (cursor === broken && time <= times ? mutated : null))
  const updates = await plaid.transactionUpdates('item1', 'c')
  expect(updates.upserts).toEqual(clean.upserts)
  expect(updates.removed).toEqual(clean.removed)
  // Five times the same again, then all from the beginning.
  expect(updates.isWhole).toBe(times === 6)
})
