import { describe, expect, it } from 'vitest'
import { heading, lineOf, median } from '../../bench/figure.ts'

describe('lineOf', () => {
  it('tells a figure, its floor and how they compare', () => {
    const line = lineOf({ name: 'start', unit: 'ms', value: 75, floor: 100, budget: 0.8 })
    expect(line.split(/ {2,}/)).toEqual(['start', '75.0 ms', '100.0 ms', '0.75', '<= 0.8x', 'ok'])
    expect(line.replace(/ {2}ok$/, '')).toHaveLength(heading.length)
  })

  it('says when a budget is missed', () => {
    expect(lineOf({ name: 'start', unit: 'ms', value: 90, floor: 100, budget: 0.8 })).toMatch(/ MISSED$/)
    expect(lineOf({ name: 'size', unit: 'kB', value: 24.1, budget: 24 })).toMatch(/ MISSED$/)
  })

  it('is content on the line', () => {
    expect(lineOf({ name: 'start', unit: 'ms', value: 80, floor: 100, budget: 0.8 })).toMatch(/ ok$/)
    expect(lineOf({ name: 'size', unit: 'kB', value: 24, budget: 24 })).toMatch(/ ok$/)
  })

  it('judges nothing without a budget', () => {
    expect(lineOf({ name: 'memory', unit: 'MiB', value: 144, floor: 80 })).toMatch(/1\.80 +reported$/)
  })

  it('never takes a figure that is none for one in budget', () => {
    expect(lineOf({ name: 'start', unit: 'ms', value: median([]), floor: 100, budget: 0.8 })).toMatch(
      / MISSED$/,
    )
  })
})

describe('median', () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })
})
