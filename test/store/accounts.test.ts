import { describe, expect, it } from 'vitest'
import { driverNames, freshStore } from './fixtures.ts'
import { account, connection } from './rows.ts'

describe.each(driverNames)('accounts on %s', (driver) => {
  async function withConnection() {
    const store = await freshStore({ driver })
    await store.connections.insert(connection(), 'sealed')
    return store
  }

  it('keeps the order and drops what Plaid no longer lists', async () => {
    const { accounts } = await withConnection()
    const [a, b, c] = ['a', 'b', 'c'].map((accountId) => account({ accountId }))
    if (a === undefined || b === undefined || c === undefined) throw new Error('three accounts')
    await accounts.replace('item-1', [c, a, b])
    expect(await accounts.list('item-1')).toStrictEqual([c, a, b])
    await accounts.replace('item-1', [b, c])
    expect(await accounts.list()).toStrictEqual([b, c])
    await accounts.replace('item-1', [])
    expect(await accounts.list()).toEqual([])
  })

  it.each([
    ['nothing known', { current: null, available: null, limit: null, mask: null, subtype: null }],
    ['a debt', { type: 'credit', current: -12, limit: 500_000, sameAs: 'acc-9' }],
    ['the largest exact amount', { current: Number.MAX_SAFE_INTEGER, available: Number.MIN_SAFE_INTEGER }],
    ['foreign text', { name: `'; drop table accounts; -- "‮🏦`, currency: 'BTC' }],
  ] as const)('gives back an account with %s', async (_case, changes) => {
    const { accounts } = await withConnection()
    await accounts.replace('item-1', [account(changes)])
    expect(await accounts.list()).toStrictEqual([account(changes)])
  })

  it('lists those of one connection alone', async () => {
    const { accounts, connections } = await withConnection()
    await connections.insert(connection({ itemId: 'item-2' }), 'sealed')
    await accounts.replace('item-1', [account()])
    await accounts.replace('item-2', [account({ itemId: 'item-2' })])
    expect(await accounts.list('item-2')).toStrictEqual([account({ itemId: 'item-2' })])
    expect(await accounts.list()).toHaveLength(2)
  })

  it('says when the connection was removed meanwhile', async () => {
    const { accounts } = await withConnection()
    const late = accounts.replace('item-2', [account({ itemId: 'item-2' })])
    await expect(late).rejects.toMatchObject({ code: 'UNKNOWN_CONNECTION' })
  })

  it('keeps the old ones when a new one cannot be stored', async () => {
    const { accounts } = await withConnection()
    await accounts.replace('item-1', [account()])
    const twice = accounts.replace('item-1', [account({ name: 'A' }), account({ name: 'B' })])
    await expect(twice).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await accounts.list()).toStrictEqual([account()])
  })

  it('notes which is the same as another, and changes nothing else', async () => {
    const { accounts } = await withConnection()
    await accounts.replace('item-1', [account(), account({ accountId: 'acc-2' })])
    await accounts.markSame([account({ current: 1, name: 'Other', sameAs: 'acc-2' })])
    expect(await accounts.list()).toStrictEqual([
      account({ sameAs: 'acc-2' }),
      account({ accountId: 'acc-2' }),
    ])
    await accounts.markSame([account({ sameAs: null })])
    expect((await accounts.list()).map(({ sameAs }) => sameAs)).toEqual([null, null])
  })
})
