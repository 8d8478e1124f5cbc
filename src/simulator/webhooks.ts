import { days, isoTime } from './clock.ts'
import { errorView } from './item-view.ts'
import type { ItemState, QueuedWebhook } from './state.ts'
import type { World } from './world.ts'

/** Older ones are dropped: nobody asks for them any more. */
const KEPT = 1_000

export type WebhookFields = Readonly<Record<string, unknown>>

/** Queues a webhook about an Item; false when the Item has no address for it. */
export function queueItemWebhook(
  world: World,
  item: ItemState,
  { type, code, ...fields }: { type: string; code: string } & WebhookFields,
): boolean {
  if (item.webhook === null) return false
  item.lastWebhook = { code, at: world.now() }
  const head = { webhook_type: type, webhook_code: code, item_id: item.itemId }
  queue(world, item.webhook, item.itemId, { ...head, ...fields })
  return true
}

/** Queues a webhook about a Link session, which knows no Item. */
export function queueLinkWebhook(
  world: World,
  url: string | null,
  code: string,
  fields: WebhookFields,
): void {
  if (url !== null) queue(world, url, null, { webhook_type: 'LINK', webhook_code: code, ...fields })
}

/** The Item's own error, as ITEM:ERROR and USER_PERMISSION_REVOKED carry it. */
export function queueError(
  world: World,
  item: ItemState,
  code: 'ERROR' | 'USER_PERMISSION_REVOKED',
): boolean {
  const trouble = item.trouble ?? { code: 'ITEM_LOGIN_REQUIRED' as const }
  const error = errorView({ code: trouble.code, reason: null })
  return queueItemWebhook(world, item, { type: 'ITEM', code, error })
}

/** A week's warning that the bank will end the connection. */
export function queuePendingDisconnect(world: World, item: ItemState): boolean {
  const disconnect_time = isoTime(item.disconnectAt ?? world.now() + days(7))
  const reason = 'INSTITUTION_TOKEN_EXPIRATION'
  return queueItemWebhook(world, item, { type: 'ITEM', code: 'PENDING_DISCONNECT', reason, disconnect_time })
}

function queue(world: World, url: string, itemId: string | null, payload: WebhookFields): void {
  const webhook: QueuedWebhook = {
    id: world.newUuid(),
    at: world.now(),
    url,
    itemId,
    payload: { ...payload, environment: world.environment },
  }
  world.state.webhooks = [...world.state.webhooks, webhook].slice(-KEPT)
}
