import { describe, expect, it } from 'vitest'
import { driverNames, freshStore } from './fixtures.ts'
import { balanceDay, connection } from './rows.ts'

const heirs = new Map([['acc-1', 'new-1']])

describe.each(driverNames)('balances by day on %s', (driver) => {
  async function withBoth() {
    const store = await freshStore({ driver })
    for (const itemId of ['item-1', 'item-2'])
      await store.connections.insert(connection({ itemId }), 'sealed')
    return store
  }

  it('are listed by day, of one account or of all, and the latest of a day is the one that is kept', async () => {
    const { balanceDays } = await withBoth()
    const [first, second] = [balanceDay({ date: '2026-11-02' }), balanceDay({ date: '2026-11-03' })]
    const other = balanceDay({ itemId: 'item-2', accountId: 'acc-2', current: -5 })
    await balanceDays.note('item-1', [second])
    await balanceDays.note('item-1', [{ ...first, current: 1 }])
    await balanceDays.note('item-1', [first])
    await balanceDays.note('item-2', [other])
    expect(await balanceDays.list('acc-1')).toEqual([first, second])
    expect(await balanceDays.list()).toEqual([first, other, second])
    expect(await balanceDays.list('acc-of-nobody')).toEqual([])
  })

  it('take more rows than one statement can', async () => {
    const { balanceDays } = await withBoth()
    const many = Array.from({ length: 1_201 }, (_, number) =>
      balanceDay({ accountId: `acc-${String(number).padStart(4, '0')}` }),
    )
    await balanceDays.note('item-1', many)
    expect(await balanceDays.list()).toEqual(many)
  })

  it('are refused of a connection that is not there, and go with it', async () => {
    const { balanceDays, connections } = await withBoth()
    await expect(balanceDays.note('nobody', [balanceDay()])).rejects.toMatchObject({
      code: 'UNKNOWN_CONNECTION',
    })
    await balanceDays.note('item-1', [balanceDay()])
    await connections.remove('item-1')
    expect(await balanceDays.list()).toEqual([])
  })

  it('are inherited account by account, never over days that are known, and once more changes nothing', async () => {
    const { balanceDays } = await withBoth()
    const [known, before] = ['2026-11-03', '2026-11-02']
    const old = [known, before].flatMap((date) => [
      balanceDay({ date }),
      balanceDay({ date, accountId: 'gone' }),
    ])
    await balanceDays.note('item-1', old)
    const own = balanceDay({ itemId: 'item-2', accountId: 'new-1', date: known, current: 7 })
    await balanceDays.note('item-2', [own])
    for (let times = 0; times < 2; times++) await balanceDays.inherit('item-1', 'item-2', heirs)
    expect(await balanceDays.list('new-1')).toEqual([{ ...own, date: before, current: 110_000 }, own])
    expect((await balanceDays.list()).filter(({ itemId }) => itemId === 'item-2')).toHaveLength(2)
  })
})
