import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/plaid/json.ts'
import { allRows } from '../../src/plaid/paging.ts'

const shape = { rows: 'rows', total: 'total', id: 'id' } as const

/** A list in pages of 3, which `change` may alter before each page is given. */
function server(
  ids: readonly string[],
  change: (page: number, ids: readonly string[]) => readonly string[] = (_, all) => all,
) {
  let now = ids
  const offsets: number[] = []
  const fetchPage = async (offset: number): Promise<Json> => {
    now = change(offsets.length, now)
    offsets.push(offset)
    return { rows: now.slice(offset, offset + 3).map((id) => ({ id })), total: now.length }
  }
  return { fetchPage, offsets, ids: () => now }
}

const idOf = ({ id }: Json) => id
const seven = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

describe('allRows', () => {
  it('reads every page once', async () => {
    const { fetchPage, offsets } = server(seven)
    expect(await allRows(fetchPage, shape, idOf)).toEqual(seven)
    expect(offsets).toEqual([0, 3, 6])
  })

  it('asks once for a list that is empty or fits a page', async () => {
    expect(await allRows(server([]).fetchPage, shape, idOf)).toEqual([])
    const { fetchPage, offsets } = server(['a', 'b', 'c'])
    await allRows(fetchPage, shape, idOf)
    expect(offsets).toEqual([0])
  })

  it('starts over when a row comes in between: it would be seen twice', async () => {
    const { fetchPage, offsets } = server(seven, (page, ids) => (page === 1 ? ['new', ...ids] : ids))
    expect(await allRows(fetchPage, shape, idOf)).toEqual(['new', ...seven])
    expect(offsets).toEqual([0, 3, 6, 0, 3, 6])
  })

  it('starts over when one row goes and another comes: the number stays, a row moves', async () => {
    const { fetchPage } = server(seven, (page, ids) => (page === 1 ? ['new', ...ids.slice(0, -1)] : ids))
    expect(await allRows(fetchPage, shape, idOf)).toEqual(['new', 'a', 'b', 'c', 'd', 'e', 'f'])
  })

  it('starts over when the list ends early', async () => {
    const { fetchPage } = server(seven, (page, ids) => (page === 2 ? ids.slice(0, 6) : ids))
    expect(await allRows(fetchPage, shape, idOf)).toEqual(seven.slice(0, 6))
  })

  it('does not take a row that is twice in one page for a list that moved', async () => {
    const { fetchPage, offsets } = server(['a', 'a', 'b', 'c'])
    expect(await allRows(fetchPage, shape, idOf)).toEqual(['a', 'b', 'c'])
    expect(offsets).toEqual([0, 3])
  })

  it('gives up starting over after three times, and counts each row once', async () => {
    const { fetchPage, offsets } = server(seven, (page, ids) => [`new${page}`, ...ids])
    const ids = await allRows(fetchPage, shape, idOf)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(seven))
    expect(offsets.filter((offset) => offset === 0)).toHaveLength(4)
  })

  it.each([{}, null, { id: '../x' }])('does not go on without a row that has no id: %j', async (row) => {
    const fetchPage = async () => ({ rows: [row, { id: 'a' }], total: 2 })
    await expect(allRows(fetchPage, shape, idOf)).rejects.toMatchObject({ code: 'PLAID_DOWN' })
  })

  it('leaves out what its reader has no use for', async () => {
    const { fetchPage, offsets } = server(seven)
    const read = ({ id }: Json) => (id === 'b' || id === 'g' ? null : id)
    expect(await allRows(fetchPage, shape, read)).toEqual(['a', 'c', 'd', 'e', 'f'])
    expect(offsets).toEqual([0, 3, 6])
  })

  it('has asked for the next two pages when it reads one', async () => {
    const { fetchPage, offsets } = server(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'])
    const asked: number[] = []
    await allRows(fetchPage, shape, (row) => {
      asked.push(offsets.length)
      return row
    })
    expect(asked).toEqual([3, 3, 3, 4, 4, 4, 4, 4, 4, 4])
  })

  it('goes on where a shorter page ended', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    const fetchPage = async (offset: number) => {
      const end = offset + (offset === 3 ? 2 : 3)
      return { rows: ids.slice(offset, end).map((id) => ({ id })), total: ids.length }
    }
    expect(await allRows(fetchPage, shape, idOf)).toEqual(ids)
  })

  it('fails by the page that cannot be read, whatever becomes of the next one', async () => {
    const { fetchPage } = server(seven)
    const failing = async (offset: number) => {
      if (offset > 0) throw new Error('the next page')
      return await fetchPage(offset)
    }
    const refuse = () => {
      throw new Error('this page')
    }
    await expect(allRows(failing, shape, refuse)).rejects.toThrow('this page')
  })

  it.each([{}, { rows: null, total: 0 }, { rows: {}, total: 1 }, { rows: [] }, { rows: [], total: 'many' }])(
    'does not take %j for an empty list',
    async (page) => {
      await expect(allRows(async () => page, shape, idOf)).rejects.toMatchObject({ code: 'PLAID_DOWN' })
    },
  )

  it('has every row once, however often the list moved up to three times', async () => {
    const moves = fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(moves, fc.integer({ min: 0, max: 12 }), async (at, length) => {
        const ids = Array.from({ length }, (_, index) => `id${index}`)
        const { fetchPage, ids: last } = server(ids, (page, all) =>
          at.includes(page) ? [`new${page}`, ...all] : all,
        )
        const read = await allRows(fetchPage, shape, idOf)
        expect(new Set(read).size).toBe(read.length)
        expect(last()).toEqual(expect.arrayContaining(read))
        expect(read).toEqual(expect.arrayContaining(ids))
      }),
      { numRuns: 200 },
    )
  })
})
