import { describe, expect, it } from 'vitest'
import { connectBank, household } from '../support/coffer.ts'

const hour = 3_600_000
const flow = ['income', 'expenses', 'net_cash_flow', 'monthly_burn', 'plain_net_cash_flow', 'pending_net']

describe.concurrent('a bank that was just connected', () => {
  it('is preparing until Plaid has fetched its data, and its flow is absent, not zero', async () => {
    await using house = await household({ readyAfterMs: hour })
    const copy = await house.start()
    const connection = await connectBank(copy)
    expect(connection).toMatchObject({ status: 'preparing', needs_reauth: false })
    expect(connection.next_step?.text).toMatch(/minute/)

    const early = await copy.call('sync_snapshot')
    expect(early.complete).toBe(false)
    expect(early.connections).toMatchObject([{ status: 'preparing', source: 'preparing' }])
    for (const totals of early.totals) {
      for (const name of flow) expect(totals).not.toHaveProperty(name)
      expect(totals).not.toHaveProperty('runway_months')
    }
    expect((await copy.call('get_positions')).connections).toMatchObject([{ source: 'preparing' }])

    house.simulator.controls.advance(3 * hour)
    const late = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(late).toMatchObject({ complete: true, connections: [{ status: 'active', source: 'live' }] })
    for (const name of flow) expect(late.totals[0]).toHaveProperty(name)
    expect(late.totals[0]?.income).toBeGreaterThan(0)
  })

  it('beside a whole one the flow is that of the other, and the answer is not complete', async () => {
    await using house = await household()
    const copy = await house.start()
    await connectBank(copy)
    const alone = await copy.call('sync_snapshot')
    house.simulator.controls.advance(3 * hour)
    house.simulator.controls.set({ readyAfterMs: hour })
    await connectBank(copy, { institutionId: 'ins_109511' })
    const both = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(both.complete).toBe(false)
    expect(both.connections.map(({ source }) => source)).toEqual(['live', 'preparing'])
    expect(both.totals[0]?.income).toBe(alone.totals[0]?.income)
  })
})
