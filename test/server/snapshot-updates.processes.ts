import { expect, it } from 'vitest'
import { household } from '../support/coffer.ts'
import { connectMadeUp } from './made-up-bank.ts'
import { updatesOf } from './updates.ts'

const [latest, tokens] = ['coffer://snapshot/latest', 'coffer://analytics/tokens']
const fetchNow = { max_age_minutes: 0 }
const checking = {
  type: 'depository',
  subtype: 'checking',
  balance: 900,
  rows: [[1, 'Bookshop', 20]],
} as const

it('who subscribes to the snapshot hears within 2 s of a figure that another process changed, and of no look at it', async () => {
  await using house = await household()
  const { controls } = house.simulator
  const [writer, reader] = [await house.start(), await house.start()]
  const itemId = await connectMadeUp(writer, [checking])
  await writer.call('sync_snapshot', fetchNow)
  const updates = updatesOf(reader)
  await reader.client.subscribeResource({ uri: latest })

  controls.addTransaction(itemId, { amount: 12.5, text: 'Corner shop' })
  await writer.call('sync_snapshot', fetchNow)
  expect(await updates.next(latest)).toBeLessThan(2000)

  controls.resetLogin(itemId)
  await writer.call('list_connections', { refresh: true })
  expect(await updates.next(latest)).toBeLessThan(2000)

  // Each new subscription is a look at the store, so that nothing is on its way any more.
  await reader.client.subscribeResource({ uri: 'coffer://connections' })
  const heard = updates.heard.length
  // The first of them moves the mark of what was seen; neither changes a figure.
  for (let times = 0; times < 2; times++) await writer.call('sync_snapshot', { max_age_minutes: -1 })
  await reader.client.subscribeResource({ uri: tokens })
  expect(updates.heard).toHaveLength(heard)

  await connectMadeUp(writer, [checking], 'ins_109511')
  expect(await updates.next(tokens)).toBeLessThan(2000)
  expect(updates.heard.slice(heard)).toContain(latest)
})
