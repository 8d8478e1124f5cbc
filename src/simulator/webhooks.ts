import { days, isoTime } from './clock.ts'
import { idOf } from './ids.ts'
import { errorView } from './item-view.ts'
import { troubleOf } from './items.ts'
import type { ItemState, QueuedWebhook } from './state.ts'
import type { World } from './world.ts'

/** Older ones are dropped: nobody asks for them any more. */
const KEPT = 1_000

export type WebhookFields = Readonly<Record<string, unknown>>

/** Sends a webhook about an Item; false when the Item has no address for it. */
export function queueItemWebhook(
  world: World,
  item: ItemState,
  { type, code, ...fields }: { type: string; code: string } & WebhookFields,
): boolean {
  if (item.webhook === null) return false
  item.lastWebhook = { code, at: world.now() }
  const head = { webhook_type: type, webhook_code: code, item_id: item.itemId }
  queue(world, { url: item.webhook, itemId: item.itemId, at: world.now() }, { ...head, ...fields })
  return true
}

/** Sends a webhook about a Link session, which knows no Item, at a time that may lie ahead. */
export function queueLinkWebhook(
  world: World,
  { url, at }: { url: string | null; at: number },
  code: string,
  fields: WebhookFields,
): void {
  if (url === null) return
  queue(world, { url, itemId: null, at }, { webhook_type: 'LINK', webhook_code: code, ...fields })
}

/** ITEM:ERROR with the Item's own error, or USER_PERMISSION_REVOKED, whose error says the same. */
export function queueError(
  world: World,
  item: ItemState,
  code: 'ERROR' | 'USER_PERMISSION_REVOKED',
): boolean {
  const fired = { code: code === 'ERROR' ? 'ITEM_LOGIN_REQUIRED' : code, reason: null } as const
  const trouble = code === 'ERROR' ? troubleOf(world, item) : null
  const error = { ...errorView(trouble ?? fired), display_message: null }
  return queueItemWebhook(world, item, { type: 'ITEM', code, error })
}

/** A week's warning that the bank will end the connection. */
export function queuePendingDisconnect(world: World, item: ItemState): boolean {
  const disconnect_time = isoTime(item.disconnectAt ?? world.now() + days(7))
  const reason = 'INSTITUTION_TOKEN_EXPIRATION'
  return queueItemWebhook(world, item, { type: 'ITEM', code: 'PENDING_DISCONNECT', reason, disconnect_time })
}

interface Address {
  readonly url: string
  readonly itemId: string | null
  readonly at: number
}

function queue(world: World, { url, itemId, at }: Address, fields: WebhookFields): void {
  const { state, environment } = world
  const user = state.settings.webhookUserId ? { user_id: `usr_${idOf(state.seed, 'user').slice(0, 14)}` } : {}
  // Null takes out what Plaid's webhooks of that kind have not got.
  const given = Object.entries({ ...user, environment, ...fields })
  const payload = Object.fromEntries(given.filter(([key, value]) => value !== null || !isHead(key)))
  const webhook: QueuedWebhook = { id: world.newUuid(), at: world.now(), url, itemId, payload }
  state.webhooks = [...state.webhooks, webhook].slice(-KEPT)
  world.courier.accept(webhook, at)
}

function isHead(key: string): boolean {
  return key === 'item_id' || key === 'environment' || key === 'user_id'
}
