import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { sumOfDecimals } from '../../src/snapshot/quantity.ts'

it.each([
  [[], '0'],
  [['0.10', '2'], '2.1'],
  [['0.1', '0.2'], '0.3'],
  [['-0.5', '0.25'], '-0.25'],
  [['-10', '10'], '0'],
  [['0.00000001', '1000000000000000000'], '1000000000000000000.00000001'],
  [['-0.05'], '-0.05'],
  [['100'], '100'],
])('%j is %s', (texts, sum) => expect(sumOfDecimals(texts)).toBe(sum))

it('adds integers as integers', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt()), (numbers) => {
      const sum = numbers.reduce((total, n) => total + n, 0n)
      expect(sumOfDecimals(numbers.map(String))).toBe(String(sum))
    }),
  )
})
