import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { without } from '../../src/store/spans.ts'
import { driverNames, freshStore } from './fixtures.ts'
import { connection, flowDay, flowMove, link } from './rows.ts'

const all = { from: '2000-01-01', to: '2099-12-31' }
const heirs = new Map([['acc-1', 'new-1']])

function day(number: number): string {
  return new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10)
}

describe.each(driverNames)('what a connection inherits on %s', (driver) => {
  /** `item-1` is the dead one, `item-2` follows it. */
  async function withBoth() {
    const store = await freshStore({ driver })
    for (const itemId of ['item-1', 'item-2'])
      await store.connections.insert(connection({ itemId }), 'sealed')
    return store
  }
  const october = { from: '2026-10-01', to: '2026-10-31' }
  const late = { from: '2026-10-20', to: '2026-11-20' }

  it('is the flow of the accounts that it has too, under its own ids', async () => {
    const { flow } = await withBoth()
    const [date, other] = ['2026-10-05', { accountId: 'acc-of-nobody' }]
    await flow.replace(
      'item-1',
      october,
      [flowDay({ date }), flowDay({ date, ...other })],
      [flowMove({ date }), flowMove({ date, ...other })],
    )
    await flow.inherit('item-1', 'item-2', heirs)
    const { days, moves, spans, fetched } = await flow.read(all)
    const own = { date, itemId: 'item-2', accountId: 'new-1' }
    expect(days.filter(({ itemId }) => itemId === 'item-2')).toEqual([flowDay(own)])
    expect(moves.filter(({ itemId }) => itemId === 'item-2')).toEqual([flowMove(own)])
    expect(spans.get('item-2')).toEqual(october)
    // Nothing was fetched of it yet.
    expect(fetched.has('item-2')).toBe(false)
  })

  it('is never what it knows by itself, whichever came first, and once more changes nothing', async () => {
    const dates = ['2026-10-05', '2026-10-25']
    const theirs = dates.map((date) => flowDay({ date, sum: -1 }))
    const own = [flowDay({ itemId: 'item-2', accountId: 'new-1', date: '2026-10-25', sum: -2 })]
    for (const inheritsFirst of [true, false]) {
      const { flow } = await withBoth()
      await flow.replace('item-1', october, theirs, [])
      if (inheritsFirst) await flow.inherit('item-1', 'item-2', heirs)
      await flow.replace('item-2', late, own, [])
      await flow.inherit('item-1', 'item-2', heirs)
      await flow.inherit('item-1', 'item-2', heirs)
      const { days, spans } = await flow.read(all)
      expect(days.filter(({ itemId }) => itemId === 'item-2').map(({ date, sum }) => [date, sum])).toEqual([
        ['2026-10-05', -1],
        ['2026-10-25', -2],
      ])
      expect(spans.get('item-2')).toEqual({ from: october.from, to: late.to })
    }
  })

  it('is refused to one that is not there', async () => {
    const { flow } = await withBoth()
    await expect(flow.inherit('item-1', 'nobody', heirs)).rejects.toMatchObject({
      code: 'UNKNOWN_CONNECTION',
    })
  })

  it('begins with the token: the link and the dead one know of it from the same moment', async () => {
    const store = await freshStore({ driver })
    await store.connections.insert(connection({ itemId: 'item-1' }), 'sealed')
    await store.links.insert(link({ linkId: 'link-1', replaces: 'item-1' }))
    await store.connections.insert(connection({ itemId: 'item-2' }), 'sealed', {
      linkId: 'link-1',
      replaces: 'item-1',
    })
    expect(await store.links.find('link-1')).toMatchObject({ itemId: 'item-2' })
    expect(await store.connections.find('item-1')).toMatchObject({ replacedBy: 'item-2' })
    await store.connections.remove('item-2')
    expect(await store.connections.find('item-1')).toMatchObject({ replacedBy: null })
  })

  it('public tokens of links that ended long ago are forgotten, the others kept', async () => {
    const store = await freshStore({ driver })
    const sealedPublicToken = 'sealed public token'
    const ended = (finishedAt: string | null) => ({
      linkId: String(finishedAt),
      finishedAt,
      sealedPublicToken,
    })
    const times = [null, '2026-11-02T10:00:00.000Z', '2026-11-02T10:20:00.000Z']
    for (const time of times) await store.links.insert(link(ended(time)))
    await store.links.forgetPublicTokens('2026-11-02T10:10:00.000Z')
    const left = await Promise.all(times.map((time) => store.links.find(String(time))))
    expect(left.map((one) => one?.sealedPublicToken)).toEqual([sealedPublicToken, null, sealedPublicToken])
  })
})

it('a span without others has exactly the days that none of them has', () => {
  const span = fc
    .tuple(fc.nat(20), fc.nat(8))
    .map(([start, length]) => ({ from: day(start), to: day(start + length) }))
  const daysOf = ({ from, to }: { from: string; to: string }) =>
    Array.from({ length: 40 }, (_, number) => day(number)).filter((date) => date >= from && date <= to)
  fc.assert(
    fc.property(span, fc.array(span, { maxLength: 4 }), (one, others) => {
      const taken = new Set(others.flatMap(daysOf))
      expect(without(one, others).flatMap(daysOf)).toEqual(daysOf(one).filter((date) => !taken.has(date)))
    }),
  )
})
