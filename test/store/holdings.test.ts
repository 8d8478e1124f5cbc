import { describe, expect, it } from 'vitest'
import { driverNames, freshStore } from './fixtures.ts'
import { connection, holding } from './rows.ts'

describe.each(driverNames)('holdings on %s', (driver) => {
  it('gives back every digit, in order, twice the same security included', async () => {
    const { connections, holdings } = await freshStore({ driver })
    await connections.insert(connection(), 'sealed')
    const stored = [
      holding(),
      holding({ ticker: null, price: null, priceAsOf: null, costBasis: 90 }),
      holding(),
    ]
    await holdings.replace('item-1', stored)
    expect(await holdings.list()).toStrictEqual(stored)
    expect(await holdings.list('item-1')).toStrictEqual(stored)
    expect(await holdings.list('item-2')).toEqual([])
  })

  it('takes more rows than one statement can', async () => {
    const { connections, holdings } = await freshStore({ driver })
    await connections.insert(connection(), 'sealed')
    const many = Array.from({ length: 1_201 }, (_, value) => holding({ value }))
    await holdings.replace('item-1', many)
    expect(await holdings.list()).toStrictEqual(many)
  })

  it('says when the connection was removed meanwhile', async () => {
    const { holdings } = await freshStore({ driver })
    await expect(holdings.replace('item-1', [])).rejects.toMatchObject({ code: 'UNKNOWN_CONNECTION' })
  })
})
