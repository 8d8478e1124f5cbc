import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pageOf } from '../../src/tools/paging.ts'

const same = <T>(row: T) => row
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

/** All pages one after the other. */
function walk<T>(all: readonly T[], limit: number): T[][] {
  const pages: T[][] = []
  let cursor: string | undefined
  do {
    const page = pageOf(all, limit, cursor, same)
    pages.push(page.rows)
    cursor = page.next
  } while (cursor !== undefined)
  return pages
}

describe('pages', () => {
  it('end where what else is in the answer leaves no more room', () => {
    const page = pageOf(['aaaa', 'bbbb', 'cccc'], 25, undefined, same, 12)
    expect(page.rows).toEqual(['aaaa', 'bbbb'])
    expect(pageOf(['aaaa', 'bbbb', 'cccc'], 25, page.next, same, 12).rows).toEqual(['cccc'])
  })

  it('together are every row once and in order, none longer than the limit', () => {
    const sizes = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 100 }))
    fc.assert(
      fc.property(sizes, ([count, limit]) => {
        const pages = walk(numbers(count), limit)
        expect(pages.flat()).toEqual(numbers(count))
        expect(pages.every((page) => page.length <= limit)).toBe(true)
        expect(pages.length).toBe(Math.max(1, Math.ceil(count / limit)))
      }),
    )
  })

  it('of large rows end early, in bytes and not in characters, but never without a row', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9_000 }), { maxLength: 30 })
    fc.assert(
      fc.property(sizes, fc.constantFrom('a', 'é', '銀'), (lengths, letter) => {
        const rows = lengths.map((length, index) => ({ index, name: letter.repeat(length) }))
        const pages = walk(rows, 100)
        expect(pages.flat()).toEqual(rows)
        const isSmall = (page: object[]) =>
          page.length <= 1 || Buffer.byteLength(JSON.stringify(page)) < 20_200
        expect(pages.every(isSmall)).toBe(true)
      }),
    )
  })

  it('show only the rows that are asked for', () => {
    const seen: number[] = []
    pageOf(numbers(100), 10, undefined, (row) => seen.push(row))
    expect(seen).toEqual(numbers(10))
  })
})

describe('a cursor', () => {
  const second = (cursor: string) => pageOf(numbers(30), 10, cursor, same)

  it('is opaque and short, and goes on where the page ended', () => {
    const { next } = pageOf(numbers(30), 10, undefined, same)
    expect(next).toMatch(/^[\w-]{1,20}$/)
    expect(second(next ?? '').rows).toEqual(numbers(20).slice(10))
  })

  it('past the end of a list that has become shorter gives an empty last page', () => {
    const { next } = pageOf(numbers(300), 100, undefined, same)
    expect(second(next ?? '')).toEqual({ rows: [], next: undefined })
  })

  it.each([
    '',
    'abc',
    '10',
    'p10',
    '!!!',
    Buffer.from('p-1').toString('base64url'),
    Buffer.from('p1e9').toString('base64url'),
  ])('%j that no tool gave is refused', (cursor) => {
    expect(() => second(cursor)).toThrow('The cursor is not one that this tool gave.')
  })

  it('goes on in its own list alone', () => {
    const of = (list: string, cursor?: string) => pageOf(numbers(30), 10, cursor, same, 20_000, list)
    const { next } = of('month')
    expect(of('month', next).rows).toEqual(numbers(20).slice(10))
    for (const list of ['category', ''])
      expect(() => of(list, next)).toThrow('The cursor is one of another list.')
    expect(() => of('month', of('').next)).toThrow('The cursor is one of another list.')
  })
})
