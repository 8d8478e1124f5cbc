import { ageOf } from '../age.ts'
import type { CofferError } from '../errors.ts'
import type { Connection, Environment, ReceivedWebhook, WebhookDelivery, WebhookEvent } from '../model.ts'
import type { Store } from '../store/store.ts'
import { type Move, unlessSame } from './move.ts'
import { withSameAs } from './same-accounts.ts'
import { isOlder, later } from './sent-at.ts'
import { type HealthEvent, next } from './transitions.ts'

export interface HearDeps {
  readonly store: Store
  readonly environment: Environment
  readonly now: () => number
  readonly translateCode: (plaidCode: string) => CofferError
  readonly move: Move
}

/** True when `/item/get` has to confirm what this webhook says: all but those that say nothing of a login. */
export function needsCheck({ type }: WebhookEvent): boolean {
  return type !== 'data_changed' && type !== 'link_session'
}

/** Applies what a webhook says, in the database alone. Heard again, it changes nothing more. */
export function createHear({ store, environment, now, translateCode, move }: HearDeps) {
  /** What moves the health of a connection; null for the rest. */
  function healthEventOf({ event, sentAt }: ReceivedWebhook): HealthEvent | null {
    switch (event.type) {
      case 'error': {
        const { code } = translateCode(event.plaidCode)
        return { type: 'error', code, plaidCode: event.plaidCode, sentAt }
      }
      case 'login_repaired':
      case 'new_accounts':
        return { type: event.type, sentAt }
      case 'pending':
        return { ...event, sentAt }
      default:
        return null
    }
  }

  async function take(connection: Connection, webhook: ReceivedWebhook): Promise<void> {
    const { itemId } = connection
    const { event, sentAt } = webhook
    const moves = healthEventOf(webhook)
    const cause = { actor: 'webhook', name: event.type } as const
    if (moves !== null) await move(itemId, (row) => ({ ...row, ...next(row, moves, now()) }), cause)
    // A fetch that is under way brings back the account that was taken back; the one after it does not.
    if (event.type === 'data_changed' || event.type === 'account_revoked')
      await move(itemId, (row) => dirty(row, sentAt, now()), cause)
    // Since then the person has chosen anew what to share.
    if (event.type === 'account_revoked' && !isOlder(sentAt, connection.repairedAt))
      await store.accounts.forget(itemId, event.accountId, withSameAs)
    await store.deliveries.change(itemId, (row) => unlessSame(row, received(row, webhook)))
  }

  return async (webhook: ReceivedWebhook): Promise<void> => {
    const { itemId, event } = webhook
    if (event.type === 'link_session') return await store.links.ring(new Date(now()).toISOString())
    const connection = itemId === null ? null : await store.connections.find(itemId)
    if (connection === null || connection.environment !== environment) return
    if (connection.status !== 'removing') await take(connection, webhook)
  }
}

/** How far Plaid's clock may be behind ours for a webhook to be taken. */
const clocksDifferMs = 5 * 60_000

/** The latest that it can have been here when Plaid sent it: one pull too many costs less than one too few. */
function onOurClock(sentAt: string): string {
  return new Date(Date.parse(sentAt) + clocksDifferMs).toISOString()
}

/**
 * A fetch that began later has brought it, unless the clock was set back since. While one is under way a later webhook
 * must outlive it.
 */
function dirty(row: Connection, sentAt: string, now: number): Connection {
  const { status, lastSyncedAt, dirtySince } = row
  const isServed = Number.isFinite(ageOf(lastSyncedAt, now)) && isOlder(onOurClock(sentAt), lastSyncedAt)
  if (status === 'removing' || isServed) return row
  return { ...row, dirtySince: later(dirtySince, sentAt) }
}

function received(row: WebhookDelivery, { event, sentAt }: ReceivedWebhook): WebhookDelivery {
  const lastReceivedAt = later(row.lastReceivedAt, sentAt)
  // An older address that arrives late is not the present one; the check that follows says which is.
  if (event.type !== 'webhook_acknowledged' || isOlder(sentAt, row.lastReceivedAt))
    return { ...row, lastReceivedAt }
  return { ...row, lastReceivedAt, url: event.url, updateError: null }
}
