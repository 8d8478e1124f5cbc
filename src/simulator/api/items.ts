import { z } from 'zod'
import { endpoint, itemEndpoint } from '../endpoint.ts'
import { plaidFailure } from '../failure.ts'
import { itemView, statusView } from '../item-view.ts'
import { checkToken } from '../items.ts'
import { forgetPast } from '../happenings.ts'
import { queueItemWebhook } from '../webhooks.ts'
import { accessToken, itemBody, url } from './fields.ts'

const exchange = endpoint(
  '/item/public_token/exchange',
  z.strictObject({ public_token: z.string() }),
  ({ public_token }, world) => {
    checkToken(world, 'public', public_token)
    const token = world.state.publicTokens[public_token]
    const item = world.state.items[token?.itemId ?? '']
    if (token === undefined || item === undefined || token.expiresAt <= world.now()) {
      throw plaidFailure('INVALID_PUBLIC_TOKEN')
    }
    // The same public token again gives the same Item, as the real Sandbox does.
    item.accessToken ??= world.newToken('access')
    world.state.accessTokens[item.accessToken] = item.itemId
    return { access_token: item.accessToken, item_id: item.itemId }
  },
)

const get = itemEndpoint('/item/get', itemBody, (item, _body, world) => ({
  item: itemView(world, item),
  status: statusView(world, item),
}))

const removeReasons = z.enum([
  'FRAUD_FIRST_PARTY',
  'FRAUD_FALSE_IDENTITY',
  'FRAUD_ABUSE',
  'FRAUD_OTHER',
  'CONNECTION_IS_NON_FUNCTIONAL',
  'OTHER',
])

const remove = itemEndpoint(
  '/item/remove',
  z.strictObject({
    access_token: accessToken,
    reason_code: removeReasons.nullish(),
    reason_note: z.string().max(512).nullish(),
  }),
  (item) => {
    item.removed = true
    return {}
  },
)

const invalidate = itemEndpoint('/item/access_token/invalidate', itemBody, (item, body, world) => {
  delete world.state.accessTokens[body.access_token]
  item.accessToken = world.newToken('access')
  world.state.accessTokens[item.accessToken] = item.itemId
  return { new_access_token: item.accessToken }
})

const updateWebhook = itemEndpoint(
  '/item/webhook/update',
  z.strictObject({ access_token: accessToken, webhook: z.union([url, z.literal('')]).nullish() }),
  (item, { webhook }, world) => {
    if (item.webhook === null) forgetPast(world, item)
    item.webhook = webhook === '' || webhook === undefined ? null : webhook
    queueItemWebhook(world, item, {
      type: 'ITEM',
      code: 'WEBHOOK_UPDATE_ACKNOWLEDGED',
      new_webhook_url: item.webhook,
      error: null,
    })
    return { item: itemView(world, item) }
  },
)

export const itemEndpoints = [exchange, get, remove, invalidate, updateWebhook]
