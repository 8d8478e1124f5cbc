import { describe, expect, it } from 'vitest'
import { institutionOf, institutions } from '../../src/simulator/institutions.ts'

describe('institutions', () => {
  it('each is found by its id', () => {
    for (const institution of institutions)
      expect(institutionOf(institution.institution_id)).toBe(institution)
    expect(institutionOf('ins_0')).toBeUndefined()
  })

  it.each([
    ['ins_109508', 'First Platypus Bank', false],
    ['ins_109509', 'First Gingham Credit Union', false],
    ['ins_109510', 'Tattersall Federal Credit Union', false],
    ['ins_109511', 'Tartan Bank', false],
    ['ins_109512', 'Houndstooth Bank', false],
    ['ins_127287', 'Platypus OAuth Bank', true],
    ['ins_128026', 'Capital One', true],
  ])('%s is %s', (id, name, oauth) => {
    expect(institutionOf(id)).toMatchObject({ name, oauth, country_codes: ['US'] })
  })

  it('one is Canadian', () => {
    expect(institutionOf('ins_43')).toMatchObject({
      name: 'Tartan-Dominion Bank of Canada',
      country_codes: ['CA'],
    })
  })

  it('no two share an id', () => {
    expect(new Set(institutions.map((each) => each.institution_id)).size).toBe(institutions.length)
  })
})
