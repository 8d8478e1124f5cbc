import { z } from 'zod'
import { plaidProducts } from '../products.ts'

/** The pieces that several request bodies share. */

const countries = 'US GB ES NL FR IE CA DE IT PL DK NO SE EE LT LV PT BE AT FI'.split(' ')

export const accessToken = z.string()
export const countryCodes = z.array(z.enum(countries))
export const day = z.iso.date()
export const daysRequested = z.int().min(1).max(730)
export const pageCount = z.int().min(1).max(500)
export const products = z.array(z.enum(plaidProducts))
export const url = z.url({ protocol: /^https?$/ })

export const accountsOption = z.strictObject({ account_ids: z.array(z.string()).optional() }).optional()
export const itemBody = z.strictObject({ access_token: accessToken })

/** Options that Plaid takes and that change nothing in the answer. */
export function unread(...keys: readonly string[]) {
  return Object.fromEntries(keys.map((key) => [key, z.unknown().optional()]))
}
