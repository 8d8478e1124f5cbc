import { describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'

/** What a host waits for a tool, with a little air for a busy machine. */
const limitMs = 20_500

async function withBanks(house: Household): Promise<Copy> {
  const copy = await house.start()
  const banks = ['ins_109508', 'ins_109511', 'ins_109509']
  await Promise.all(banks.map((institutionId) => connectBank(copy, { institutionId })))
  await copy.call('sync_snapshot')
  return copy
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const start = Date.now()
  const result = await work()
  return { result, ms: Date.now() - start }
}

describe.concurrent('a tool answers within 20 s although Plaid does not', () => {
  it('list_connections with refresh', async () => {
    await using house = await household()
    const copy = await withBanks(house)
    house.simulator.controls.failNext('/item/get', { kind: 'hang' }, { times: 50 })
    const { result, ms } = await timed(() => copy.call('list_connections', { refresh: true }))
    expect(ms).toBeLessThan(limitMs)
    expect(result).toMatchObject({ total: 3 })
    // Nobody may take the old states for checked ones.
    expect(result.warnings.length).toBeGreaterThan(0)
  })

  it('sync_snapshot and get_positions, with what there was before', async () => {
    await using house = await household()
    const copy = await house.start()
    const { item_id: brokerId } = await connectBank(
      copy,
      { institutionId: 'ins_109512' },
      { kind: 'brokerage' },
    )
    const { item_id: bankId } = await connectBank(copy)
    const before = await copy.call('sync_snapshot')
    const held = await copy.call('get_positions')
    const hang = { kind: 'hang' } as const
    house.simulator.controls.failNext('/item/get', hang, { times: 50, itemId: brokerId })
    house.simulator.controls.failNext('/transactions/get', hang, { times: 50, itemId: bankId })
    const { result, ms } = await timed(() => copy.call('sync_snapshot', { max_age_minutes: 0 }))
    expect(ms).toBeLessThan(limitMs)
    expect(result).toMatchObject({ complete: false, still_syncing: true, totals: before.totals })
    expect(result.connections.map(({ source }) => source)).toEqual(['cached', 'cached'])
    expect((await copy.call('get_positions')).positions).toEqual(held.positions)
  })

  it('start_reauth and connect_bank, one slow call after the other', async () => {
    await using house = await household()
    const copy = await house.start()
    const { item_id: itemId } = await connectBank(copy)
    await copy.call('sync_snapshot')
    house.simulator.controls.failNext('/item/get', { kind: 'slow', ms: 10_000 })
    house.simulator.controls.failNext('/link/token/create', { kind: 'slow', ms: 10_000 }, { times: 2 })
    const asked = [
      timed(() => copy.failure('start_reauth', { item_id: itemId, force: true })),
      timed(async () => (await copy.call('connect_bank')).url),
    ]
    const [repair, bank] = await Promise.all(asked)
    expect(repair?.ms).toBeLessThan(limitMs)
    expect(repair?.result).toMatch(/^PLAID_UNREACHABLE: .*again/s)
    expect(bank?.ms).toBeLessThan(limitMs)
    // What went on behind is handed out when it is asked for again, and not made twice.
    const made = () =>
      house.simulator.controls.calls().filter(({ path }) => path === '/link/token/create').length
    await until(() => made() === 3)
    const { url } = await copy.call('start_reauth', { item_id: itemId, force: true })
    expect(url).toContain(house.simulator.url)
    expect(made()).toBe(3)
  }, 60_000)
})
