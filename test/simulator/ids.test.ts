import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idOf, requestIdOf, uuidOf } from '../../src/simulator/ids.ts'

const parts = fc.array(fc.string(), { minLength: 1, maxLength: 4 })

describe('ids', () => {
  it.each([
    ['an id', idOf, /^[A-Za-z0-9]{37}$/],
    ['a request_id', requestIdOf, /^[A-Za-z0-9]{15}$/],
    ['a UUID', uuidOf, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/],
  ])('%s looks like those of Plaid and is the same for the same parts', (_name, make, pattern) => {
    fc.assert(
      fc.property(parts, (some) => {
        expect(make(...some)).toMatch(pattern)
        expect(make(...some)).toBe(make(...some))
      }),
    )
  })

  it('ten thousand are all different, in whatever case', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => idOf('row', String(index)))
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(10_000)
  })

  it('use both cases, which some clients lose', () => {
    expect(idOf('a')).toMatch(/[a-z]/)
    expect(idOf('a')).toMatch(/[A-Z]/)
  })
})
