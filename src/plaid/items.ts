import type { Call } from './call.ts'
import { safeCode } from './errors.ts'
import { foreignAt, idAt, isRecord, type Json, malformed, objectAt, timeAt, wordAt, wordsAt } from './json.ts'
import type { ItemState, Plaid, PlaidDeps } from './operations.ts'

export function itemCalls(call: Call, deps: PlaidDeps): Pick<Plaid, 'item' | 'resetLogin'> {
  return {
    async item(itemId, signal) {
      const answer = await call({
        endpoint: '/item/get',
        itemId,
        signal,
        send: async (sdk, options) => {
          const token = await deps.tokenOf(itemId)
          return await sdk.itemGet({ access_token: token.open() }, options)
        },
      })
      return toItemState(answer, itemId)
    },

    async resetLogin(itemId) {
      await call({
        endpoint: '/sandbox/item/reset_login',
        itemId,
        send: async (sdk, options) => {
          const token = await deps.tokenOf(itemId)
          return await sdk.sandboxItemResetLogin({ access_token: token.open() }, options)
        },
      })
    },
  }
}

function toItemState(answer: Json, itemId: string): ItemState {
  const { item } = answer
  if (!isRecord(item)) throw malformed('item')
  const status = objectAt(answer, 'status')
  return {
    itemId: idAt(item, 'item_id') ?? itemId,
    institutionId: idAt(item, 'institution_id'),
    institution: foreignAt(item, 'institution_name'),
    error: errorCodeOf(item.error),
    products: Array.isArray(item.products) ? wordsAt(item, 'products') : wordsAt(item, 'billed_products'),
    consentedProducts: wordsAt(item, 'consented_products'),
    availableProducts: wordsAt(item, 'available_products'),
    consentExpirationTime: timeAt(item, 'consent_expiration_time'),
    lastUpdate: latestUpdate(status),
    lastWebhook: lastWebhook(objectAt(status, 'last_webhook')),
  }
}

/** The code in a PlaidError; 'UNKNOWN' for an error without a usable one: it is still an error. */
export function errorCodeOf(error: unknown): string | null {
  if (!isRecord(error)) return null
  return typeof error.error_code === 'string' ? safeCode(error.error_code) : 'UNKNOWN'
}

function latestUpdate(status: Json): string | null {
  const updates = Object.keys(status).map((product) =>
    timeAt(objectAt(status, product), 'last_successful_update'),
  )
  return (
    updates
      .filter((time) => time !== null)
      .sort()
      .at(-1) ?? null
  )
}

function lastWebhook(webhook: Json): ItemState['lastWebhook'] {
  const code = wordAt(webhook, 'code_sent')
  return code === null ? null : { code, sentAt: timeAt(webhook, 'sent_at') }
}
