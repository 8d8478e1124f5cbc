import { describe, expect, it } from 'vitest'
import { at } from './path.ts'
import { carries } from './talk.ts'

const answer = {
  totals: [{ currency: 'USD', income: 12.5 }, { currency: 'CAD' }],
  groups: [{ key: 'Maple. Street' }],
  complete: true,
}

describe('a path into an answer', () => {
  it.each([
    ['complete', true],
    ['totals[currency=USD].income', 12.5],
    ['totals[1].currency', 'CAD'],
    ['groups[key=Maple. Street].key', 'Maple. Street'],
    ['totals[currency=CAD].income', undefined],
    ['totals[currency=EUR].income', undefined],
    ['nothing.at.all', undefined],
  ])('%s', (path, value) => {
    expect(at(answer, path)).toBe(value)
  })
})

describe('a fact', () => {
  it.each([
    [12.5, 12.504, true],
    [12.5, 12.51, false],
    ['active', 'needs_reauth', false],
    [undefined, { absent: true as const }, true],
    [0, { absent: true as const }, false],
    [[1, 2], { rows: 2 }, true],
    [undefined, { rows: 0 }, false],
    [undefined, { contains: '' }, false],
    ['until 2026-11-26', { contains: '2026-11-26' }, true],
  ])('%j is carried by %j: %s', (found, wanted, isCarried) => {
    expect(carries(found, wanted)).toBe(isCarried)
  })
})
