import type { Call } from './call.ts'
import { isRecord, malformed, numberAt } from './json.ts'
import { toItemState } from './items.ts'
import type { Plaid } from './operations.ts'

export function webhookCalls(call: Call): Pick<Plaid, 'webhookKey' | 'updateWebhook'> {
  return {
    async webhookKey(kid, signal) {
      const { key } = await call({
        endpoint: '/webhook_verification_key/get',
        args: kid,
        signal,
        patience: 0,
        send: (sdk, options) => sdk.webhookVerificationKeyGet({ key_id: kid }, options),
      })
      if (!isRecord(key)) throw malformed('key')
      return { jwk: key, expiredAt: numberAt(key, 'expired_at') }
    },

    async updateWebhook(itemId, url, signal) {
      const answer = await call({
        endpoint: '/item/webhook/update',
        itemId,
        signal,
        send: (sdk, options, token) =>
          sdk.itemWebhookUpdate({ access_token: token.open(), webhook: url }, options),
      })
      return toItemState(answer, itemId)
    },
  }
}
