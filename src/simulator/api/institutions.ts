import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { plaidFailure } from '../failure.ts'
import { institutionOf, institutions } from '../institutions.ts'
import { countryCodes, pageCount, products, unread } from './fields.ts'

const metadata = unread(
  'include_optional_metadata',
  'include_auth_metadata',
  'include_payment_initiation_metadata',
)

const getById = endpoint(
  '/institutions/get_by_id',
  z.strictObject({
    institution_id: z.string().min(1),
    country_codes: countryCodes,
    // Plaid's Sandbox has no status either, whether or not it is asked for.
    options: z.strictObject({ ...metadata, include_status: z.boolean().optional() }).optional(),
  }),
  ({ institution_id, country_codes }) => {
    const institution = institutionOf(institution_id)
    if (institution === undefined || !isIn(institution, country_codes))
      throw plaidFailure('INVALID_INSTITUTION')
    return { institution }
  },
)

const search = endpoint(
  '/institutions/search',
  z.strictObject({
    query: z.string().min(1),
    products: products.min(1).nullish(),
    country_codes: countryCodes,
    options: z
      .strictObject({ ...metadata, oauth: z.boolean().nullish(), payment_initiation: z.unknown().optional() })
      .prefault({}),
  }),
  ({ query, products, country_codes, options }) => ({
    institutions: matching(country_codes, products ?? [], options.oauth)
      .filter(({ name }) => name.toLowerCase().includes(query.toLowerCase()))
      .slice(0, 10),
  }),
)

const get = endpoint(
  '/institutions/get',
  z.strictObject({
    count: pageCount,
    offset: z.int().min(0),
    country_codes: countryCodes.min(1),
    options: z
      .strictObject({
        ...metadata,
        products: products.min(1).nullish(),
        routing_numbers: z.array(z.string()).nullish(),
        oauth: z.boolean().nullish(),
      })
      .prefault({}),
  }),
  ({ count, offset, country_codes, options }) => {
    const found = matching(country_codes, options.products ?? [], options.oauth).filter(
      ({ routing_numbers }) =>
        options.routing_numbers?.every((number) => routing_numbers.includes(number)) ?? true,
    )
    return { institutions: found.slice(offset, offset + count), total: found.length }
  },
)

function matching(
  countries: readonly string[],
  wanted: readonly string[],
  oauth: boolean | null | undefined,
) {
  return institutions.filter(
    (institution) =>
      isIn(institution, countries) &&
      wanted.every((product) => institution.products.some((offered) => offered === product)) &&
      (oauth ?? institution.oauth) === institution.oauth,
  )
}

function isIn(institution: { country_codes: readonly string[] }, countries: readonly string[]): boolean {
  return institution.country_codes.some((country) => countries.includes(country))
}

export const institutionEndpoints = [getById, search, get]
