import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chanceOf } from '../../src/simulator/chance.ts'

function draws(text: string, count: number): number[] {
  const chance = chanceOf(text)
  return Array.from({ length: count }, () => chance.between(0, 9))
}

describe('chance', () => {
  it('is the same for the same text', () => {
    expect(draws('a', 50)).toEqual(draws('a', 50))
    expect(draws('a', 50)).not.toEqual(draws('b', 50))
    // From one run and machine to the next, or the demo would change.
    expect(draws('coffer', 8)).toMatchInlineSnapshot(`
      [
        8,
        8,
        7,
        5,
        6,
        3,
        7,
        7,
      ]
    `)
  })

  it('stays within its bounds, both included', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: -99, max: 0 }),
        fc.integer({ min: 1, max: 99 }),
        (text, a, b) => {
          const chance = chanceOf(text)
          const drawn = Array.from({ length: 20 }, () => chance.between(a, b))
          expect(drawn.every((one) => Number.isInteger(one) && one >= a && one <= b)).toBe(true)
        },
      ),
    )
    expect(new Set(draws('all of them', 200)).size).toBe(10)
  })

  it('is even', () => {
    const counts = Map.groupBy(draws('even', 10_000), (one) => one)
    for (const [, same] of counts) expect(Math.abs(same.length - 1_000)).toBeLessThan(150)
  })

  it('picks every choice, and the only one', () => {
    const chance = chanceOf('pick')
    expect(new Set(Array.from({ length: 60 }, () => chance.pick(['a', 'b', 'c']))).size).toBe(3)
    expect(chance.pick(['only'])).toBe('only')
  })
})
