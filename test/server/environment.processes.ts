import { describe, expect, it } from 'vitest'
import { connectBank, household } from '../support/coffer.ts'

const production = { PLAID_ENV: 'production' }

describe.concurrent("a connection of Plaid's other environment", () => {
  it('is listed with what it needs, and never asked about', async () => {
    await using house = await household()
    const first = await house.start()
    const { item_id: itemId, institution } = await connectBank(first, {}, { label: 'Made up' })
    await first.call('sync_snapshot')
    await first.close()

    const copy = await house.start(production)
    const made = house.simulator.controls.calls().length
    const listed = await copy.call('list_connections', { refresh: true })
    expect(listed.connections).toMatchObject([{ item_id: itemId, environment: 'sandbox', label: 'Made up' }])
    expect(listed.warnings).toMatchObject([{ code: 'WRONG_ENVIRONMENT', item_id: itemId }])
    expect(listed.warnings[0]?.text).toContain(institution)

    const snapshot = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect([snapshot.connections, snapshot.totals]).toEqual([[], []])
    const text = await copy.failure('start_reauth', { item_id: itemId, force: true })
    expect(text).toMatch(/^WRONG_ENVIRONMENT: .*PLAID_ENV=sandbox/s)
    expect((await copy.call('token_analytics')).analytics.environments).toEqual({ sandbox: 1 })
    expect(house.simulator.controls.calls()).toHaveLength(made)
  })

  it('works on when the environment is the right one again', async () => {
    await using house = await household()
    const first = await house.start()
    await connectBank(first)
    const before = await first.call('sync_snapshot')
    await first.close()
    const other = await house.start(production)
    await other.call('list_connections')
    await other.close()
    const back = await house.start()
    const after = await back.call('sync_snapshot', { max_age_minutes: 0 })
    expect(after).toMatchObject({ complete: true, totals: before.totals })
  })
})
