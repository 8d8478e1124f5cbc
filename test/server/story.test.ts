import { describe, expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { connectBank, household } from '../support/coffer.ts'

describe('the main job, over stdio', () => {
  it('connects, reads, notices a broken login, repairs it and is whole again', async () => {
    await using house = await household()
    const copy = await house.start()
    const connection = await connectBank(copy)
    expect(connection.accounts.length).toBeGreaterThan(2)

    const before = await copy.call('sync_snapshot')
    expect(before.complete).toBe(true)
    expect(before.totals[0]?.income).toBeGreaterThan(0)

    house.simulator.controls.resetLogin(connection.item_id)
    const broken = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(broken.complete).toBe(false)
    expect(broken.connections[0]).toMatchObject({
      status: 'needs_reauth',
      source: 'cached',
      next_step: { tool: 'start_reauth', arguments: { item_id: connection.item_id } },
    })
    expect(broken.totals).toEqual(before.totals)

    const link = await copy.call('start_reauth')
    expect(link).toMatchObject({ item_id: connection.item_id, already_active: false })
    expect((await copy.call('start_reauth')).link_id).toBe(link.link_id)
    await finishLink(link.url ?? '', 'success', { username: 'user_good', password: 'pass_good' })
    const repaired = await copy.call('check_connection', { link_id: link.link_id, wait_seconds: 15 })
    expect(repaired).toMatchObject({
      outcome: 'repaired',
      connection: { status: 'active', needs_reauth: false },
    })
    expect((await copy.call('sync_snapshot', { max_age_minutes: 0 })).complete).toBe(true)
  })
})
