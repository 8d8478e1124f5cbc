import { describe, expect, it } from 'vitest'
import { freshHome, freshStore } from './fixtures.ts'
import { account, connection, holding, transaction } from './rows.ts'
import { noteRun } from './runs.ts'

async function openTwo() {
  const home = freshHome()
  const [one, other] = [await freshStore({ home }), await freshStore({ home })]
  await one.connections.insert(connection(), 'sealed')
  return { one, other }
}

const at = (n: number) => new Date(Date.UTC(2026, 10, 2, 10, n)).toISOString()
const run = (n: number) => ({
  itemId: 'item-1',
  startedAt: at(n),
  endedAt: at(n),
  code: null,
  cause: 'tool',
})

describe('a lease', () => {
  it('is had by one at a time, and by the next once it is given back', async () => {
    const { one, other } = await openTwo()
    const lease = await one.leases.take('item-1', 'a', 0, 1_000)
    expect(lease).toMatchObject({ fence: 1 })
    expect(await other.leases.take('item-1', 'b', 0, 1_000)).toBeNull()
    expect(await other.leases.isTaken('item-1', 0)).toBe(true)
    if (lease !== null) await one.leases.release(lease, run(1))
    expect(await other.leases.isTaken('item-1', 0)).toBe(false)
    expect(await other.leases.take('item-1', 'b', 0, 1_000)).toMatchObject({ fence: 2 })
  })

  it('lapses unless it is renewed', async () => {
    const { one, other } = await openTwo()
    const lease = await one.leases.take('item-1', 'a', 0, 1_000)
    if (lease === null) throw new Error('no lease')
    expect(await one.leases.renew(lease, 2_000)).toBe(true)
    expect(await other.leases.take('item-1', 'b', 1_500, 2_500)).toBeNull()
    expect(await other.leases.take('item-1', 'b', 2_000, 3_000)).toMatchObject({ fence: 2 })
    expect(await one.leases.renew(lease, 9_000)).toBe(false)
    await one.leases.release(lease, run(1))
    expect(await one.leases.isTaken('item-1', 2_000)).toBe(true)
  })

  it('of before the clock was set back keeps nobody waiting', async () => {
    const { one, other } = await openTwo()
    await one.leases.take('item-1', 'a', 10_000_000, 10_015_000)
    expect(await other.leases.isTaken('item-1', 0)).toBe(false)
    expect(await other.leases.take('item-1', 'b', 0, 15_000)).toMatchObject({ fence: 2 })
  })

  it('is there only for connections that are', async () => {
    const { one } = await openTwo()
    const taking = one.leases.take('nobody', 'a', 0, 1_000)
    await expect(taking).rejects.toMatchObject({ code: 'UNKNOWN_CONNECTION' })
  })
})

describe('writes behind a lease', () => {
  it('happen while it holds, lapsed or not, and never again once it was taken over', async () => {
    const { one, other } = await openTwo()
    const lease = await one.leases.take('item-1', 'a', 0, 1_000)
    if (lease === null) throw new Error('no lease')
    const fenced = one.fenced(lease)
    const span = { from: '2026-11-01', to: '2026-11-30' }
    const updates = { upserts: [transaction()], removed: [], since: null, cursor: 'c', from: span.from }
    const writes = [
      () => fenced.accounts.replace('item-1', [account()]),
      () => fenced.holdings.replace('item-1', [holding()]),
      () => fenced.flow.replace('item-1', span, [], []),
      () => fenced.ledger.apply('item-1', { ...updates, isWhole: true }),
      () => fenced.connections.change('item-1', (row) => ({ ...row, syncError: 'BANK_DOWN' })),
    ]
    for (const write of writes) await write()
    await other.leases.take('item-1', 'b', 5_000, 6_000)
    const before = await one.version()
    for (const write of writes) await expect(write()).rejects.toMatchObject({ code: 'SYNC_TAKEN_OVER' })
    expect(await one.version()).toBe(before)
    expect(await fenced.accounts.list('item-1')).toHaveLength(1)
  })

  it('say that the connection is gone when it is', async () => {
    const { one } = await openTwo()
    const lease = await one.leases.take('item-1', 'a', 0, 1_000)
    if (lease === null) throw new Error('no lease')
    await one.connections.remove('item-1')
    const write = one.fenced(lease).accounts.replace('item-1', [account()])
    await expect(write).rejects.toMatchObject({ code: 'UNKNOWN_CONNECTION' })
  })
})

describe('runs', () => {
  it('are kept for each connection, the last 20 of them', async () => {
    const { one } = await openTwo()
    for (let n = 0; n < 22; n += 1) await noteRun(one, run(n))
    expect(await one.syncRuns.lastOf('item-1', 2)).toEqual([run(21), run(20)])
    expect((await one.syncRuns.lastOf('item-1', 99)).at(-1)).toEqual(run(2))
    expect(await one.syncRuns.lastOf('item-2', 1)).toEqual([])
  })

  it('of a connection that is gone are not noted', async () => {
    const { one, other } = await openTwo()
    const lease = await one.leases.take('item-1', 'a', 0, 1_000)
    if (lease === null) throw new Error('no lease')
    await other.connections.remove('item-1')
    await one.leases.release(lease, run(1))
    expect(await one.syncRuns.lastOf('item-1', 1)).toEqual([])
  })
})
