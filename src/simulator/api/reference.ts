import { z } from 'zod'
import { servedKeys } from '../delivery/keys.ts'
import { endpoint } from '../endpoint.ts'
import { plaidFailure } from '../failure.ts'
import { itemBody } from './fields.ts'

const verificationKey = endpoint(
  '/webhook_verification_key/get',
  z.strictObject({ key_id: z.string() }),
  ({ key_id }, world) => {
    const key = servedKeys(world).find(({ kid }) => kid === key_id)
    if (key === undefined) throw plaidFailure('INVALID_WEBHOOK_VERIFICATION_KEY_ID')
    const { kid, x, y, createdAt, expiredAt } = key
    const head = { alg: 'ES256', crv: 'P-256', kty: 'EC', use: 'sig' }
    return { key: { ...head, kid, x, y, created_at: createdAt, expired_at: expiredAt } }
  },
)

/** Paid additions that no tool needs: answered as for a team that has not got them. */
const notEnabled = [
  { path: '/transactions/recurring/get', product: 'recurring_transactions' },
  { path: '/investments/refresh', product: 'investments_refresh' },
].map(({ path, product }) =>
  endpoint(path, z.looseObject({ access_token: itemBody.shape.access_token }), () => {
    const message = `client is not authorized to access the following products: ["${product}"]`
    throw plaidFailure('INVALID_PRODUCT', { message })
  }),
)

/** Plaid's first taxonomy, long deprecated: its top level. */
const legacyCategories = endpoint('/categories/get', z.looseObject({}), () => ({
  categories: [
    ['10000000', 'special', 'Bank Fees'],
    ['11000000', 'special', 'Cash Advance'],
    ['12000000', 'place', 'Community'],
    ['13000000', 'place', 'Food and Drink'],
    ['14000000', 'place', 'Healthcare'],
    ['15000000', 'special', 'Interest'],
    ['16000000', 'special', 'Payment'],
    ['17000000', 'place', 'Recreation'],
    ['18000000', 'place', 'Service'],
    ['19000000', 'place', 'Shops'],
    ['20000000', 'special', 'Tax'],
    ['21000000', 'special', 'Transfer'],
    ['22000000', 'place', 'Travel'],
  ].map(([category_id, group, name]) => ({ category_id, group, hierarchy: [name] })),
}))

export const referenceEndpoints = [verificationKey, legacyCategories, ...notEnabled]
