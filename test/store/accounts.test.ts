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

  it('marks all accounts as they are then, those of other logins too, and changes nothing else of them', async () => {
    const { accounts, connections } = await withConnection()
    await connections.insert(connection({ itemId: 'item-2' }), 'sealed')
    await accounts.replace('item-1', [account(), account({ accountId: 'acc-2' })])
    const other = account({ itemId: 'item-2', accountId: 'acc-3' })
    const seen: string[] = []
    await accounts.replace('item-2', [other], (rows, logins) => {
      seen.push(...rows.map(({ accountId }) => accountId), ...logins.map(({ itemId }) => itemId))
      return rows.map((row) => ({
        ...row,
        name: 'Other',
        sameAs: row.accountId === 'acc-2' ? null : 'acc-2',
      }))
    })
    expect(seen).toEqual(['acc-1', 'acc-2', 'acc-3', 'item-1', 'item-2'])
    expect(await accounts.list()).toStrictEqual([
      account({ sameAs: 'acc-2' }),
      account({ accountId: 'acc-2' }),
      { ...other, name: 'Other', sameAs: 'acc-2' },
    ])
  })

  it('marks in one transaction: of two who replace at once the second sees the first', async () => {
    const { accounts, connections } = await withConnection()
    await connections.insert(connection({ itemId: 'item-2' }), 'sealed')
    const pair = ['item-1', 'item-2'].map((itemId) => account({ itemId, accountId: `of ${itemId}` }))
    const seen: number[] = []
    await Promise.all(
      pair.map((one) =>
        accounts.replace(one.itemId, [one], (rows) => {
          seen.push(rows.length)
          return rows
        }),
      ),
    )
    expect(seen).toEqual([1, 2])
  })
})
