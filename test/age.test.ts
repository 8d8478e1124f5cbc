import { expect, test } from 'vitest'
import { ageOf } from '../src/age.ts'

const now = Date.parse('2026-05-01T12:00:00.000Z')

test.each([
  ['2026-05-01T11:59:59.000Z', 1000],
  ['2026-05-01T12:00:00.000Z', 0],
  ['2026-05-01T12:00:00.001Z', Number.POSITIVE_INFINITY],
  [null, Number.POSITIVE_INFINITY],
  ['no time', Number.POSITIVE_INFINITY],
])('the age of %s is %d ms', (time, age) => {
  expect(ageOf(time, now)).toBe(age)
})
