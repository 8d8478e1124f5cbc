import { isCofferError } from '../errors.ts'
import type { Call } from './call.ts'
import { safeCode } from './errors.ts'
import {
  foreignAt,
  idAt,
  isRecord,
  type Json,
  malformed,
  objectAt,
  textAt,
  timeAt,
  wordAt,
  wordsAt,
} from './json.ts'
import type { ItemState, Plaid } from './operations.ts'

/** What Plaid answers to the token of an Item that it has no more. */
const goneCodes = ['ITEM_NOT_FOUND', 'INVALID_ACCESS_TOKEN']

/** A login may be repaired although everything else has used up what this minute allows. */
const sparedForRepairs = 2

export function itemCalls(call: Call): Pick<Plaid, 'item' | 'removeItem' | 'resetLogin'> {
  return {
    async item(itemId, signal, { forRepair = false } = {}) {
      const answer = await call({
        endpoint: '/item/get',
        itemId,
        signal,
        isAskedAnew: true,
        ...(forRepair ? { args: 'proof' } : { spared: sparedForRepairs }),
        send: (sdk, options, token) => sdk.itemGet({ access_token: token.open() }, options),
      })
      return toItemState(answer, itemId)
    },

    async removeItem(itemId, signal) {
      try {
        await call({
          endpoint: '/item/remove',
          itemId,
          signal,
          send: (sdk, options, token) => sdk.itemRemove({ access_token: token.open() }, options),
        })
        return 'removed'
      } catch (error) {
        if (isCofferError(error) && goneCodes.includes(error.plaidCode ?? '')) return 'gone'
        throw error
      }
    },

    async resetLogin(itemId) {
      await call({
        endpoint: '/sandbox/item/reset_login',
        itemId,
        send: (sdk, options, token) => sdk.sandboxItemResetLogin({ access_token: token.open() }, options),
      })
    },
  }
}

/** Also `/item/webhook/update` answers with the Item, without `status`. */
export function toItemState(answer: Json, itemId: string): ItemState {
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
    consentExpirationTime: timeAt(item, 'consent_expiration_time'),
    lastUpdate: oldestUpdate(status),
    webhook: textAt(item, 'webhook'),
    lastWebhook: lastWebhookOf(status),
  }
}

function lastWebhookOf(status: Json): ItemState['lastWebhook'] {
  const sent = objectAt(status, 'last_webhook')
  const [code, sentAt] = [wordAt(sent, 'code_sent'), timeAt(sent, 'sent_at')]
  return code === null || sentAt === null ? null : { code, sentAt }
}

/** The code in a PlaidError; 'UNKNOWN' for whatever else stands in its place: it is still an error, and no health. */
export function errorCodeOf(error: unknown): string | null {
  if (error == null) return null
  return isRecord(error) && typeof error.error_code === 'string' ? safeCode(error.error_code) : 'UNKNOWN'
}

/** Of several products the one that lags: figures are as old as the oldest that they rest on. */
function oldestUpdate(status: Json): string | null {
  const updates = Object.keys(status).map((product) =>
    timeAt(objectAt(status, product), 'last_successful_update'),
  )
  return (
    updates
      .filter((time) => time !== null)
      .sort()
      .at(0) ?? null
  )
}
