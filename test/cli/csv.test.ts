import { describe, expect, it } from 'vitest'
import { toCsv, toPlain } from '../../src/cli/export/csv.ts'

function line(cell: Parameters<typeof toPlain>[0][string]): string | undefined {
  return toCsv(['x'], [{ x: cell }])
    .split('\n')
    .slice(1, -1)
    .join('\n')
}

describe('a field of CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['a, b', '"a, b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    [' edge', '" edge"'],
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['-5', "'-5"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' =1+1', "' =1+1"],
    ['\t=1+1', "'\t=1+1"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    ['＝1', "'＝1"],
    ["'=1", "'=1"],
    ['a=1', 'a=1'],
    ['', ''],
  ])('that somebody wrote as %j is %j', (text, field) => {
    expect(line({ text })).toBe(field)
  })

  it.each([
    ['-12.50', '-12.50'],
    [true, 'true'],
    [false, 'false'],
    [null, ''],
  ])('of ours, such as %j, is %j', (cell, field) => {
    expect(line(cell)).toBe(field)
  })

  it('stands under its name, in the order of the columns', () => {
    const row = { b: '2', a: { text: 'one' }, d: 'in no column' }
    expect(toCsv(['a', 'b', 'c'], [row])).toBe('a,b,c\none,2,\n')
    expect(toCsv(['a'], [])).toBe('a\n')
  })
})

it('JSON has the same texts as they are, and leaves out what is not known', () => {
  expect(toPlain({ name: { text: '=1+1' }, amount: '-5.00', pending: false, merchant: null })).toEqual({
    name: '=1+1',
    amount: '-5.00',
    pending: false,
  })
})
