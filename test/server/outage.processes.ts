import { describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'

type Snapshot = Results['sync_snapshot']

/** A bank with figures that were fetched a moment ago. */
async function connected(house: Household): Promise<{ copy: Copy; before: Snapshot; itemId: string }> {
  const copy = await house.start()
  const { item_id: itemId } = await connectBank(copy)
  const before = await copy.call('sync_snapshot')
  expect(before.complete).toBe(true)
  return { copy, before, itemId }
}

async function timed<T>(work: () => Promise<T>): Promise<[T, seconds: number]> {
  const start = Date.now()
  return [await work(), (Date.now() - start) / 1000]
}

const fetchNow = { max_age_minutes: 0 }

describe.concurrent('Plaid is away', () => {
  it('the stored figures stand, marked with their age and the reason', async () => {
    await using house = await household()
    const { copy, before } = await connected(house)
    await house.simulator.close()
    const [after, seconds] = await timed(() => copy.call('sync_snapshot', fetchNow))
    expect(seconds).toBeLessThan(20)
    expect(after).toMatchObject({ complete: false, totals: before.totals, still_syncing: false })
    const [source] = after.connections
    expect(source).toMatchObject({ source: 'cached', error: { code: 'PLAID_UNREACHABLE' } })
    expect(source?.data_as_of).toBe(before.connections[0]?.data_as_of)
    expect(source?.last_synced_at).toBe(before.connections[0]?.last_synced_at)
  })

  it('what only reads works on, and what needs Plaid says why not', async () => {
    await using house = await household()
    const { copy, before } = await connected(house)
    await house.simulator.close()
    expect(await copy.call('sync_snapshot', { max_age_minutes: -1 })).toMatchObject({
      complete: true,
      totals: before.totals,
      connections: [{ source: 'cached' }],
    })
    expect((await copy.call('list_connections', { refresh: true })).total).toBe(1)
    expect((await copy.call('token_analytics')).analytics.total_tokens).toBe(1)
    expect(await copy.failure('connect_bank')).toMatch(/^PLAID_UNREACHABLE: /)
    expect(await copy.failure('start_reauth', { force: true })).toMatch(/^PLAID_UNREACHABLE: /)
  })

  it('one bad answer is no event', async () => {
    await using house = await household()
    const { copy, before } = await connected(house)
    const faults = [
      { kind: 'error', code: 'INTERNAL_SERVER_ERROR' },
      { kind: 'html', status: 502 },
      { kind: 'reset' },
      { kind: 'truncated' },
    ] as const
    for (const fault of faults) {
      house.simulator.controls.failNext('/transactions/get', fault)
      const after = await copy.call('sync_snapshot', fetchNow)
      expect({ ...after, fault }).toMatchObject({ fault, complete: true, totals: before.totals })
    }
  })

  it('a network that is cut in the middle of a call leaves whole figures behind', async () => {
    await using house = await household()
    const { copy, before } = await connected(house)
    const { failNext } = house.simulator.controls
    for (const path of ['/transactions/get', '/accounts/get']) failNext(path, { kind: 'reset' }, { times: 9 })
    const after = await copy.call('sync_snapshot', fetchNow)
    expect(after).toMatchObject({ complete: false, totals: before.totals })
    expect(after.connections).toMatchObject([{ source: 'cached', error: { code: 'PLAID_UNREACHABLE' } }])
  })

  it('a link answer that is lost makes no second link by itself', async () => {
    await using house = await household()
    const copy = await house.start()
    house.simulator.controls.failNext('/link/token/create', { kind: 'reset', after: true })
    expect(await copy.failure('connect_bank')).toMatch(/^PLAID_UNREACHABLE: /)
    const made = house.simulator.controls.calls().filter(({ path }) => path === '/link/token/create')
    expect(made.length).toBeLessThanOrEqual(1)
  })

  it('when it is back the figures are live again, without anybody doing anything', async () => {
    await using house = await household()
    const { copy } = await connected(house)
    house.simulator.controls.failNext(
      '/accounts/get',
      { kind: 'error', code: 'INSTITUTION_DOWN' },
      { times: 1 },
    )
    const down = await copy.call('sync_snapshot', fetchNow)
    expect(down).toMatchObject({ complete: false, connections: [{ status: 'bank_issue', source: 'cached' }] })
    const back = await copy.call('sync_snapshot', fetchNow)
    expect(back).toMatchObject({ complete: true, connections: [{ status: 'active', source: 'live' }] })
    expect(back.changes).toMatchObject([{ code: 'STATUS_CHANGED' }])
  })
})
