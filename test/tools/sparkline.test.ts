import { describe, expect, it } from 'vitest'
import { evenly, sparkline } from '../../src/tools/sparkline.ts'

describe('a sparkline', () => {
  it.each([
    [[], ''],
    [[5], '▄'],
    [[5, 5, 5], '▄▄▄'],
    [[0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
    [[-7, 0, 7], '▁▅█'],
    [[0.02, 0.01], '█▁'],
  ])('of %j is %s', (values, line) => {
    expect(sparkline(values)).toBe(line)
  })

  it('of many values still is one line of text, from the first to the last', () => {
    const line = sparkline(Array.from({ length: 1_000 }, (_, value) => value))
    expect(line).toHaveLength(60)
    expect(line).toMatch(/^▁+▂+▃+▄+▅+▆+▇+█+$/)
  })
})

describe('some of many, evenly', () => {
  it.each([
    [[1, 2, 3], 3, [1, 2, 3]],
    [[1, 2, 3, 4, 5], 3, [1, 3, 5]],
    [[1, 2, 3, 4, 5], 2, [1, 5]],
    [[1, 2, 3, 4, 5], 1, [5]],
    [[], 0, []],
  ])('of %j %i are %j', (all, most, some) => {
    expect(evenly(all, most)).toEqual(some)
  })
})
