import { chanceOf } from '../chance.ts'
import type { QueuedWebhook } from '../state.ts'
import type { World } from '../world.ts'
import type { Parcel, Tampering } from './parcel.ts'

export type Order = 'reversed' | 'shuffled'

/** What may go wrong between Plaid and a receiver, for the webhooks to come. */
export interface Disorder {
  tamper(how: Tampering, times: number): void
  lose(count: number): void
  hold(count: number, order: Order): void
  /** Lets go what is held so far, in the order asked for. */
  release(): void
  /** The parcels of a webhook; none when it gets lost. */
  parcelsOf(webhook: QueuedWebhook, dueAt: number): Parcel[]
  /** Lets go what is held, if that is all that was waited for. */
  releaseIfFull(): void
}

export function createDisorder(world: World): Disorder {
  const tampered: Tampering[] = []
  let toLose = 0
  let held: { left: number; order: Order } | null = null

  function release(): void {
    const { outbox, seed } = world.state
    const waiting = outbox.filter(({ dueAt }) => dueAt === null)
    const order = held?.order ?? 'reversed'
    const sorted = order === 'reversed' ? waiting.toReversed() : shuffled(waiting, seed)
    for (const parcel of sorted) parcel.dueAt = world.now()
    world.state.outbox = [...outbox.filter((parcel) => !waiting.includes(parcel)), ...sorted]
    held = null
  }

  function isLost({ id }: QueuedWebhook): boolean {
    if (toLose > 0) {
      toLose -= 1
      return true
    }
    const share = world.state.settings.webhookLossShare
    return chanceOf(world.state.seed, 'loss', id).between(0, 9_999) < share * 10_000
  }

  return {
    tamper: (how, times) => void tampered.push(...Array.from({ length: times }, () => how)),
    lose: (count) => void (toLose = count),
    hold: (count, order) => void (held = { left: count, order }),
    release,
    parcelsOf(webhook, dueAt) {
      if (isLost(webhook)) return []
      const tampering = tampered.shift() ?? null
      const isHeld = held !== null && held.left > 0
      if (held !== null) held.left -= 1
      const body = JSON.stringify(webhook.payload, null, 2)
      return Array.from({ length: world.state.settings.webhookCopies }, () => ({
        webhookId: webhook.id,
        url: webhook.url,
        type: String(webhook.payload['webhook_type']),
        code: String(webhook.payload['webhook_code']),
        itemId: webhook.itemId,
        body,
        tampering,
        attempts: 0,
        dueAt: isHeld ? null : dueAt,
        jws: null,
      }))
    },
    releaseIfFull() {
      if (held !== null && held.left <= 0) release()
    },
  }
}

function shuffled(parcels: readonly Parcel[], seed: string): Parcel[] {
  const chance = chanceOf(seed, 'order', ...parcels.map(({ webhookId }) => webhookId))
  const rest = [...parcels]
  return parcels.flatMap(() => rest.splice(chance.between(0, rest.length - 1), 1))
}
