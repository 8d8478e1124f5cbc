import { describe, expect, it } from 'vitest'
import { driverNames, freshStore } from './fixtures.ts'
import { account, balanceDay, connection, flowDay, flowMove, holding, liability, link } from './rows.ts'

describe.each(driverNames)('connections on %s', (driver) => {
  it('gives back what was stored', async () => {
    const { connections } = await freshStore({ driver })
    await connections.insert(connection(), 'sealed')
    expect(await connections.find('item-1')).toStrictEqual(connection())
    expect(await connections.list()).toStrictEqual([connection()])
    expect(await connections.find('item-2')).toBeNull()
  })

  it('lists the oldest first', async () => {
    const { connections } = await freshStore({ driver })
    for (const day of ['03', '01', '02'])
      await connections.insert(
        connection({ itemId: `item-${day}`, createdAt: `2026-11-${day}T00:00:00.000Z` }),
        'sealed',
      )
    const listed = await connections.list()
    expect(listed.map(({ itemId }) => itemId)).toEqual(['item-01', 'item-02', 'item-03'])
  })

  it('hands out sealed tokens only where they are asked for', async () => {
    const { connections } = await freshStore({ driver })
    await connections.insert(connection(), 'sealed text')
    expect(await connections.sealedToken('item-1')).toBe('sealed text')
    expect(await connections.sealedToken('item-2')).toBeNull()
    expect(await connections.sealedTokens()).toStrictEqual([
      { itemId: 'item-1', environment: 'sandbox', sealedToken: 'sealed text' },
    ])
    expect(JSON.stringify(await connections.list())).not.toContain('sealed text')
  })

  it('changes one and leaves its token', async () => {
    const { connections } = await freshStore({ driver })
    await connections.insert(connection(), 'sealed')
    const changed = await connections.change('item-1', (now) => ({
      ...now,
      status: 'needs_reauth',
      newAccounts: false,
      products: [],
    }))
    expect(changed).toStrictEqual(connection({ status: 'needs_reauth', newAccounts: false, products: [] }))
    expect(await connections.find('item-1')).toStrictEqual(changed)
    expect(await connections.sealedToken('item-1')).toBe('sealed')
    expect(await connections.change('item-2', (now) => now)).toBeNull()
  })

  it('loses no change of several at once', async () => {
    const { connections } = await freshStore({ driver })
    await connections.insert(connection({ products: [] }), 'sealed')
    const names = Array.from({ length: 20 }, (_, number) => `product-${number}`)
    const add = (name: string) =>
      connections.change('item-1', (now) => ({ ...now, products: [...now.products, name] }))
    await Promise.all(names.map(add))
    expect((await connections.find('item-1'))?.products).toEqual(names)
  })

  it('leaves everything as it was when the change throws', async () => {
    const { connections } = await freshStore({ driver })
    await connections.insert(connection(), 'sealed')
    const fail = () => {
      throw new RangeError('no')
    }
    await expect(connections.change('item-1', fail)).rejects.toThrow(RangeError)
    expect(await connections.find('item-1')).toStrictEqual(connection())
  })

  it('refuses a second one with the same id', async () => {
    const { connections } = await freshStore({ driver })
    await connections.insert(connection(), 'first')
    await expect(connections.insert(connection(), 'second')).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await connections.sealedToken('item-1')).toBe('first')
  })

  it('removes one with all that depends on it, and nothing of the others', async () => {
    const store = await freshStore({ driver })
    const span = { from: '2026-11-01', to: '2026-11-30' }
    for (const itemId of ['item-1', 'item-2']) {
      await store.connections.insert(connection({ itemId }), 'sealed')
      await store.accounts.replace(itemId, [account({ itemId, accountId: `acc-of-${itemId}` })])
      await store.holdings.replace(itemId, [holding({ itemId })])
      await store.liabilities.replace(itemId, [liability({ itemId })])
      await store.flow.replace(itemId, span, [flowDay({ itemId })], [flowMove({ itemId })])
      await store.balanceDays.note(itemId, [balanceDay()])
      await store.links.insert(link({ linkId: `link-of-${itemId}`, itemId }))
    }
    await store.connections.remove('item-1')

    const flow = await store.flow.read(span)
    expect(await store.connections.list()).toStrictEqual([connection({ itemId: 'item-2' })])
    expect((await store.accounts.list()).map(({ itemId }) => itemId)).toEqual(['item-2'])
    expect((await store.holdings.list()).map(({ itemId }) => itemId)).toEqual(['item-2'])
    expect((await store.liabilities.list()).map(({ itemId }) => itemId)).toEqual(['item-2'])
    expect([...flow.days, ...flow.moves].map(({ itemId }) => itemId)).toEqual(['item-2', 'item-2'])
    expect([...flow.spans.keys()]).toEqual(['item-2'])
    expect(await store.balanceDays.list()).toEqual([balanceDay({ itemId: 'item-2' })])
    expect(await store.links.find('link-of-item-1')).toBeNull()
    expect(await store.links.find('link-of-item-2')).not.toBeNull()
  })

  it('makes others forget the one that is removed', async () => {
    const store = await freshStore({ driver })
    await store.connections.insert(connection(), 'sealed')
    await store.connections.insert(connection({ itemId: 'item-2' }), 'sealed')
    await store.accounts.replace('item-1', [account()])
    await store.accounts.replace('item-2', [
      account({ itemId: 'item-2', accountId: 'acc-2', sameAs: 'acc-1' }),
      account({ itemId: 'item-2', accountId: 'acc-3', sameAs: 'acc-elsewhere' }),
    ])
    await store.links.insert(link({ replaces: 'item-1', duplicateOf: 'item-1' }))
    await store.connections.remove('item-1')
    expect((await store.accounts.list()).map(({ sameAs }) => sameAs)).toEqual([null, 'acc-elsewhere'])
    expect(await store.links.find('link-1')).toStrictEqual(link())
  })

  it('forgets what was fetched of one, and keeps the connection', async () => {
    const store = await freshStore({ driver })
    const span = { from: '2026-11-01', to: '2026-11-20' }
    for (const itemId of ['item-1', 'item-2']) {
      await store.connections.insert(
        connection({ itemId, lastSyncedAt: span.to, dataAsOf: span.to }),
        'sealed',
      )
      await store.accounts.replace(itemId, [account({ itemId, accountId: itemId, sameAs: 'item-1' })])
      await store.holdings.replace(itemId, [holding({ itemId })])
      await store.flow.replace(itemId, span, [flowDay({ itemId })], [flowMove({ itemId })])
      await store.balanceDays.note(itemId, [balanceDay()])
    }
    await store.connections.forgetData('item-1')

    const flow = await store.flow.read(span)
    expect(await store.connections.list()).toMatchObject([
      { itemId: 'item-1', lastSyncedAt: null, dataAsOf: null },
      { itemId: 'item-2', lastSyncedAt: span.to, dataAsOf: span.to },
    ])
    expect(await store.connections.sealedToken('item-1')).toBe('sealed')
    expect((await store.accounts.list()).map(({ itemId, sameAs }) => [itemId, sameAs])).toEqual([
      ['item-2', null],
    ])
    expect((await store.holdings.list()).map(({ itemId }) => itemId)).toEqual(['item-2'])
    expect([...flow.days, ...flow.moves].map(({ itemId }) => itemId)).toEqual(['item-2', 'item-2'])
    expect([...flow.spans.keys()]).toEqual(['item-2'])
    expect(await store.balanceDays.list()).toEqual([balanceDay({ itemId: 'item-2' })])
  })
})
