import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Span } from '../../src/model.ts'
import { driverNames, freshStore } from './fixtures.ts'
import { connection, flowDay, flowMove } from './rows.ts'

const november = { from: '2026-11-01', to: '2026-11-30' }
const all = { from: '2000-01-01', to: '2099-12-31' }

function day(number: number): string {
  return new Date(Date.UTC(2026, 9, 1 + number)).toISOString().slice(0, 10)
}

describe.each(driverNames)('flow on %s', (driver) => {
  async function withConnections() {
    const store = await freshStore({ driver })
    await store.connections.insert(connection(), 'sealed')
    await store.connections.insert(connection({ itemId: 'item-2' }), 'sealed')
    return store
  }

  it('gives back what was stored, two equal moves included', async () => {
    const { flow } = await withConnections()
    const moves = [flowMove(), flowMove(), flowMove({ amount: 50_000, pending: true })]
    await flow.replace('item-1', november, [flowDay()], moves)
    expect(await flow.read(november)).toStrictEqual({
      days: [flowDay()],
      moves,
      spans: new Map([['item-1', november]]),
      fetched: new Map([['item-1', { ...november, revision: 1, invested: false }]]),
      oldRules: new Map(),
    })
    const fetch = { ...november, revision: 1, invested: false }
    expect(await flow.fetches()).toEqual(new Map([['item-1', fetch]]))
  })

  it('replaces what lies within the span, of this connection alone', async () => {
    const { flow } = await withConnections()
    const early = { date: '2026-11-05' }
    await flow.replace('item-1', november, [flowDay(early), flowDay()], [flowMove(early), flowMove()])
    await flow.replace('item-2', november, [flowDay({ itemId: 'item-2' })], [])
    const late = { from: '2026-11-03', to: '2026-12-02' }
    await flow.replace('item-1', late, [flowDay({ ...early, sum: 1 })], [])

    const { days, moves, spans } = await flow.read(all)
    expect(days).toStrictEqual([flowDay(), flowDay({ itemId: 'item-2' }), flowDay({ ...early, sum: 1 })])
    expect(moves).toStrictEqual([flowMove()])
    expect(spans).toEqual(
      new Map([
        ['item-1', { from: '2026-11-01', to: '2026-12-02' }],
        ['item-2', november],
      ]),
    )
  })

  it('reads both ends of the span and nothing beyond', async () => {
    const { flow } = await withConnections()
    const dates = ['2026-11-01', '2026-11-02', '2026-11-29', '2026-11-30']
    const days = dates.map((date) => flowDay({ date }))
    await flow.replace(
      'item-1',
      november,
      days,
      dates.map((date) => flowMove({ date })),
    )
    const read = await flow.read({ from: '2026-11-02', to: '2026-11-29' })
    expect(read.days.map(({ date }) => date)).toEqual(['2026-11-02', '2026-11-29'])
    expect(read.moves.map(({ date }) => date)).toEqual(['2026-11-02', '2026-11-29'])
  })

  const march = { from: '2026-03-01', to: '2026-03-31' }
  it.each([
    ['the later one, when both begin in the window', all, november],
    ['the one of the window, when a later one is known', march, march],
    ['the one before the window', { from: '2026-06-01', to: '2026-06-30' }, march],
    ['the first, when all come after the window', { from: '2025-01-01', to: '2025-01-31' }, march],
  ])('knows beyond a gap: %s', async (_case, asked, expected) => {
    const { flow } = await withConnections()
    await flow.replace('item-1', november, [flowDay()], [])
    await flow.replace('item-1', march, [flowDay({ date: '2026-03-02' })], [])
    expect((await flow.read(asked)).spans.get('item-1')).toEqual(expected)
    expect((await flow.read(all)).days).toHaveLength(2)
  })

  it('says when the connection was removed meanwhile', async () => {
    const { flow } = await withConnections()
    await expect(flow.replace('item-3', november, [], [])).rejects.toMatchObject({
      code: 'UNKNOWN_CONNECTION',
    })
  })

  it.each(['revoked', 'removing'] as const)('takes nothing of a connection that is %s', async (status) => {
    const { connections, flow } = await withConnections()
    await connections.change('item-1', (row) => ({ ...row, status }))
    await expect(flow.replace('item-1', november, [flowDay()], [])).rejects.toMatchObject({
      code: 'UNKNOWN_CONNECTION',
    })
  })

  it('writes the rows of a fetch once more only while there was no later one', async () => {
    const { flow } = await withConnections()
    const first = await flow.replace('item-1', november, [flowDay()], [flowMove()])
    expect(first).not.toBeNull()
    expect(await flow.replace('item-1', november, [], [flowMove()], first ?? 0)).toBe(first)
    const short = { from: '2026-11-20', to: '2026-11-30' }
    expect(await flow.replace('item-1', short, [], [])).not.toBe(first)
    expect(await flow.replace('item-1', november, [flowDay()], [], first ?? 0)).toBeNull()
    expect(await flow.moves()).toStrictEqual([flowMove()])
    expect(await flow.read(all)).toMatchObject({
      days: [],
      spans: new Map([['item-1', november]]),
      fetched: new Map([['item-1', short]]),
    })
  })

  it('knows of every day what the last replacement said, in whatever order spans come', async () => {
    const { connections, flow } = await withConnections()
    let run = 0
    const span = fc.tuple(fc.nat(60), fc.nat(15)).map(([start, length]) => [start, start + length] as const)
    await fc.assert(
      fc.asyncProperty(fc.array(span, { minLength: 1, maxLength: 6 }), async (spans) => {
        const itemId = `run-${run++}`
        const expected = new Map<string, number>()
        await connections.insert(connection({ itemId }), 'sealed')
        for (const [round, [start, end]] of spans.entries()) {
          const dates = Array.from({ length: end - start + 1 }, (_, offset) => day(start + offset))
          for (const date of dates) expected.set(date, round)
          const days = dates.map((date) => flowDay({ itemId, date, sum: round }))
          await flow.replace(itemId, { from: day(start), to: day(end) }, days, [])
        }
        const { days, spans: known } = await flow.read(all)
        const stored = days.filter((row) => row.itemId === itemId).map(({ date, sum }) => [date, sum])
        expect(new Map(stored as [string, number][])).toEqual(expected)
        expect(known.get(itemId)).toEqual(lastRun([...expected.keys()].toSorted()))
      }),
      { numRuns: 25 },
    )
  })
})

/** The last days without a gap between them. */
function lastRun(days: readonly string[]): Span {
  const to = days.at(-1) ?? ''
  const first = days.findLastIndex((date, index) => {
    const before = new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10)
    return index === 0 || days[index - 1] !== before
  })
  return { from: days[first] ?? '', to }
}
