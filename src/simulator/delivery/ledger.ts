import { days } from '../clock.ts'
import type { QueuedWebhook } from '../state.ts'
import type { World } from '../world.ts'
import type { Delivery, Parcel } from './parcel.ts'
import type { Outcome } from './post.ts'
import { isShunned, nextAttempt } from './schedule.ts'

/** Every attempt, oldest first, and what follows from it. */
export interface Ledger {
  deliveries(): readonly Delivery[]
  noteLoss(webhook: QueuedWebhook): void
  /** Writes an attempt down and gives the parcel its next time, or none when it is over. */
  noteAttempt(parcel: Parcel, sent: { at: number; kid: string | null }, outcome: Outcome): void
}

/** Old attempts are forgotten, so that a simulator may run for weeks. */
const KEPT = 10_000

export function createLedger(world: World): Ledger {
  const deliveries: Delivery[] = []

  function write(delivery: Delivery): void {
    deliveries.push(delivery)
    if (deliveries.length > KEPT) deliveries.shift()
  }

  function lastDay(url: string): { rejected: number; attempts: number } {
    const since = world.now() - days(1)
    const recent = deliveries.filter((one) => one.url === url && one.at > since && one.failure !== 'lost')
    const rejected = recent.filter(({ status }) => status !== 200).length
    return { rejected, attempts: recent.length }
  }

  /** After a failure that is not yet written down. */
  function retryAt({ url, attempts }: Parcel, { status, retryAfter }: Outcome): number | null {
    const before = lastDay(url)
    if (isShunned({ rejected: before.rejected + 1, attempts: before.attempts + 1 })) return null
    return nextAttempt({ attempts, at: world.now(), status, retryAfter })
  }

  return {
    deliveries: () => deliveries,
    noteLoss({ id, url, itemId, payload }) {
      write({
        webhookId: id,
        url,
        itemId,
        type: String(payload['webhook_type']),
        code: String(payload['webhook_code']),
        attempt: 1,
        at: world.now(),
        kid: null,
        tampering: null,
        status: null,
        failure: 'lost',
        nextAt: null,
      })
    },
    noteAttempt(parcel, { at, kid }, outcome) {
      parcel.attempts += 1
      const nextAt = outcome.status === 200 ? null : retryAt(parcel, outcome)
      const { webhookId, url, type, code, itemId, attempts: attempt, tampering } = parcel
      const { status, failure } = outcome
      write({ webhookId, url, type, code, itemId, attempt, at, kid, tampering, status, failure, nextAt })
      parcel.dueAt = nextAt
      if (nextAt === null) world.state.outbox = world.state.outbox.filter((one) => one !== parcel)
    },
  }
}
