import type { ItemState } from '../state.ts'
import { queueItemWebhook } from '../webhooks.ts'
import type { World } from '../world.ts'
import type { Courier } from './courier.ts'
import type { Order } from './disorder.ts'
import { expireKey, rotateKey, servedKeys } from './keys.ts'
import { type Delivery, type Tampering, tamperings } from './parcel.ts'

/** What can be done to webhooks and seen of them. */
export interface WebhookControls {
  /** Sends anything to the Item's webhook; `item_id`, `environment` or `user_id` given as null are left out. */
  sendWebhook(itemId: string, webhook: { type: string; code: string; [field: string]: unknown }): void
  /** The next webhooks are spoiled so, retries and copies of them too. */
  tamperNext(how: Tampering, times?: number): void
  /** The next webhooks get lost on the way: Plaid has sent them, nobody sees them. */
  loseWebhooks(count: number): void
  /** Keeps the next webhooks back and sends them together when the last has come. */
  holdWebhooks(count: number, order?: Order): void
  /** Sends what is kept back now. */
  releaseWebhooks(): void
  /** A new key signs from now on; its kid is given back. Those before it stay valid. */
  rotateWebhookKey(): string
  /** Ends a key now. */
  expireWebhookKey(kid: string): void
  /** The kids that `/webhook_verification_key/get` knows, the oldest first. */
  webhookKeyIds(): string[]
  /** Every attempt, the oldest first. */
  deliveries(): readonly Delivery[]
  /** Waits until nothing that is due is under way. */
  webhooksSettled(): Promise<void>
}

export function webhookControls(
  world: World,
  courier: Courier,
  itemOf: (itemId: string) => ItemState,
): WebhookControls {
  const { disorder } = courier
  return {
    sendWebhook(itemId, webhook) {
      if (!queueItemWebhook(world, itemOf(itemId), webhook)) throw new TypeError('the Item has no webhook')
    },
    tamperNext(how, times = 1) {
      if (!tamperings.includes(how)) throw new TypeError(`choose one of ${tamperings.join(', ')}`)
      disorder.tamper(how, times)
    },
    loseWebhooks: disorder.lose,
    holdWebhooks: (count, order = 'reversed') => disorder.hold(count, order),
    releaseWebhooks() {
      disorder.release()
      courier.wake()
    },
    rotateWebhookKey: () => rotateKey(world),
    expireWebhookKey: (kid) => expireKey(world, kid),
    webhookKeyIds: () => servedKeys(world).map(({ kid }) => kid),
    deliveries: courier.deliveries,
    webhooksSettled: courier.settled,
  }
}
