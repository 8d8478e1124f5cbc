import { CountryCode, Products } from 'plaid'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPlaid, type Plaid } from '../harness.ts'

const US = [CountryCode.Us]

let plaid: Plaid
beforeAll(async () => {
  plaid = await openPlaid()
})
afterAll(async () => plaid[Symbol.asyncDispose]())

it('lists every bank once, page by page', async () => {
  const names: string[] = []
  for (let offset = 0, total = 1; offset < total; offset += 5) {
    const { data } = await plaid.sdk.institutionsGet({ count: 5, offset, country_codes: US })
    total = data.total
    names.push(...data.institutions.map(({ name }) => name))
  }
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('Capital One')
})

it('finds by a part of the name, whatever its case, and by login and products', async () => {
  const search = async (query: string, oauth?: boolean, products = [Products.Transactions]) => {
    const options = oauth === undefined ? {} : { oauth }
    const { data } = await plaid.sdk.institutionsSearch({ query, country_codes: US, products, options })
    return data.institutions.map(({ institution_id }) => institution_id)
  }
  expect(await search('CAPITAL')).toEqual(['ins_128026'])
  expect(await search('platypus', true)).toEqual(['ins_127287', 'ins_132241'])
  expect(await search('platypus', false)).not.toContain('ins_127287')
  expect(await search('platypus', undefined, [Products.Transfer])).toEqual([])
  expect(await search('no such bank')).toEqual([])
})

it('knows no bank of another country', async () => {
  const { data } = await plaid.sdk.institutionsGet({ count: 10, offset: 0, country_codes: [CountryCode.De] })
  expect(data).toMatchObject({ institutions: [], total: 0 })
  const request = { institution_id: 'ins_109508', country_codes: ['DE'] }
  expect(await plaid.codeOf('/institutions/get_by_id', request)).toBe('INVALID_INSTITUTION')
})

it('tells nothing of a health that the Sandbox does not know', async () => {
  const options = { include_status: true }
  const request = { institution_id: 'ins_132363', country_codes: US, options }
  const { data } = await plaid.sdk.institutionsGetById(request)
  expect(data.institution).not.toHaveProperty('status')
})
