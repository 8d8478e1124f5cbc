import { describe, expect, it } from 'vitest'
import { driverNames, freshStore } from './fixtures.ts'
import { account, balanceDay, connection, flowDay, flowMove, holding, liability } from './rows.ts'

const span = { from: '2026-11-01', to: '2026-11-30' }

describe.each(driverNames)('an account that is not shared any more, on %s', (driver) => {
  async function household() {
    const store = await freshStore({ driver })
    const of = (itemId: string, accountId: string) => ({ itemId, accountId })
    for (const itemId of ['item-1', 'item-2']) {
      const mine = [of(itemId, `${itemId}-a`), of(itemId, `${itemId}-b`)]
      await store.connections.insert(connection({ itemId }), 'sealed')
      await store.accounts.replace(itemId, mine.map(account))
      await store.holdings.replace(itemId, mine.map(holding))
      await store.liabilities.replace(itemId, mine.map(liability))
      await store.flow.replace(itemId, span, mine.map(flowDay), mine.map(flowMove))
      await store.balanceDays.note(itemId, mine.map(balanceDay))
    }
    return store
  }
  type Household = Awaited<ReturnType<typeof household>>

  async function left({ accounts, holdings, liabilities, flow, balanceDays }: Household) {
    const { days, moves } = await flow.read(span)
    const tables = [
      await accounts.list(),
      await holdings.list(),
      await liabilities.list(),
      days,
      moves,
      await balanceDays.list(),
    ]
    return tables.map((rows) => rows.map(({ accountId }) => accountId))
  }

  it('goes with its holdings and its kept flow; the connection and other accounts stay', async () => {
    const store = await household()
    await store.accounts.forget('item-1', 'item-1-a')
    const rest = ['item-1-b', 'item-2-a', 'item-2-b']
    expect(await left(store)).toEqual([rest, rest, rest, rest, rest, rest])
    expect(await store.connections.list()).toHaveLength(2)
    expect([...(await store.flow.read(span)).spans.keys()]).toEqual(['item-1', 'item-2'])
  })

  it('is not brought back by the rows of a fetch before', async () => {
    const store = await household()
    const revision = await store.flow.replace('item-1', span, [flowDay({ accountId: 'item-1-a' })], [])
    await store.accounts.forget('item-1', 'item-1-a')
    expect(
      await store.flow.replace('item-1', span, [flowDay({ accountId: 'item-1-a' })], [], revision ?? 0),
    ).toBeNull()
    expect(await store.flow.replace('item-1', span, [], [])).toBeGreaterThan(revision ?? 0)
  })

  it('counts for none of its twins any more, which are marked anew', async () => {
    const store = await household()
    await store.accounts.replace('item-2', [
      account({ itemId: 'item-2', accountId: 'twin', sameAs: 'item-1-a' }),
      account({ itemId: 'item-2', accountId: 'twin-2', sameAs: 'item-1-a' }),
    ])
    await store.accounts.forget('item-1', 'item-1-a', (accounts) =>
      accounts.map((row) => (row.accountId === 'twin-2' ? { ...row, sameAs: 'twin' } : row)),
    )
    expect((await store.accounts.list('item-2')).map(({ sameAs }) => sameAs)).toEqual([null, 'twin'])
  })

  it('that is not of this connection, or not there, changes nothing at all', async () => {
    const store = await household()
    const before = [await store.version(), await left(store)]
    await store.accounts.forget('item-1', 'item-2-a')
    await store.accounts.forget('item-1', 'nobody')
    await store.accounts.forget('nobody', 'item-1-a')
    expect([await store.version(), await left(store)]).toEqual(before)
  })
})
