import { expect } from 'vitest'
import { connectBank, type Copy, type Household } from '../support/coffer.ts'
import { finishLink } from '../../src/simulator/click.ts'

/** What the demo tells, through a client: two banks, a snapshot, a login that breaks, its repair, the snapshot again. */
export async function tellTheStory(copy: Copy, { simulator }: Household): Promise<void> {
  const broken = await connectBank(copy)
  await connectBank(copy, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
  const before = await copy.call('sync_snapshot')
  expect([before.complete, before.connections.length]).toEqual([true, 2])
  expect((await copy.call('get_positions')).positions.length).toBeGreaterThan(0)

  simulator.controls.resetLogin(broken.item_id)
  const without = await copy.call('sync_snapshot', { max_age_minutes: 0 })
  expect(without.complete).toBe(false)
  expect(without.totals).toEqual(before.totals)
  const { connections } = await copy.call('list_connections')
  expect(connections.map(({ status }) => status).toSorted()).toEqual(['active', 'needs_reauth'])

  const link = await copy.call('start_reauth')
  expect(link.item_id).toBe(broken.item_id)
  await finishLink(link.url ?? '', 'success', { username: 'user_good', password: 'pass_good' })
  const checked = await copy.call('check_connection', { link_id: link.link_id, wait_seconds: 15 })
  expect(checked.outcome).toBe('repaired')
  expect((await copy.call('sync_snapshot', { max_age_minutes: 0 })).complete).toBe(true)
}
