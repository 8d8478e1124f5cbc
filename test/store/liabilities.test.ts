import { describe, expect, it } from 'vitest'
import { driverNames, freshStore } from './fixtures.ts'
import { connection, liability } from './rows.ts'

describe.each(driverNames)('liabilities on %s', (driver) => {
  it('come back as they went in, each connection by itself', async () => {
    const { connections, liabilities } = await freshStore({ driver })
    for (const itemId of ['item-1', 'item-2']) await connections.insert(connection({ itemId }), 'sealed')
    const known = [
      liability(),
      liability({ accountId: 'acc-2', isOverdue: true, kind: 'mortgage' }),
      liability({
        accountId: 'acc-3',
        apr: null,
        minimumPayment: null,
        nextPaymentDueOn: null,
        lastStatementBalance: null,
        lastStatementIssuedOn: null,
        isOverdue: null,
      }),
    ]
    await liabilities.replace('item-1', known)
    await liabilities.replace('item-2', [liability({ itemId: 'item-2' })])
    expect(await liabilities.list('item-1')).toStrictEqual(known)
    expect(await liabilities.list()).toHaveLength(4)
    await liabilities.replace('item-1', [])
    expect(await liabilities.list()).toStrictEqual([liability({ itemId: 'item-2' })])
  })

  it('that are none are an answer too, and take nothing away', async () => {
    const { connections, liabilities } = await freshStore({ driver })
    for (const itemId of ['item-1', 'item-2', 'item-3'])
      await connections.insert(connection({ itemId }), 'sealed')
    await liabilities.replace('item-1', [liability()])
    await liabilities.noteNone('item-1')
    await liabilities.noteNone('item-2')
    await liabilities.noteNone('item-2')
    expect(await liabilities.told()).toEqual(new Set(['item-1', 'item-2']))
    expect(await liabilities.list()).toStrictEqual([liability()])
    await connections.remove('item-2')
    expect(await liabilities.told()).toEqual(new Set(['item-1']))
  })

  it('go with their connection', async () => {
    const { connections, liabilities } = await freshStore({ driver })
    await connections.insert(connection(), 'sealed')
    await liabilities.replace('item-1', [liability()])
    await connections.remove('item-1')
    expect(await liabilities.list()).toEqual([])
    await expect(liabilities.replace('item-1', [])).rejects.toMatchObject({ code: 'UNKNOWN_CONNECTION' })
  })
})
