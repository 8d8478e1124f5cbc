import type { Connection, WebhookDelivery } from '../model.ts'
import { warnedAhead } from './expiring.ts'
import { isOlder } from './sent-at.ts'
import type { HealthEvent } from './transitions.ts'

export interface MissedWebhook {
  /** Plaid's `webhook_code`. */
  readonly code: string
  readonly sentAt: string
}

const minute = 60_000
const day = 86_400_000

/**
 * The webhook that Plaid sent to `url` last, if it should have arrived by now and nothing did since. Plaid sends
 * to the address that the Item has: with another one, or none, nothing can be missed at `url`.
 */
export function missedWebhook(
  { url: theirs, lastSentCode: code, lastSentAt: sentAt, lastReceivedAt }: WebhookDelivery,
  url: string | null,
  now: number,
): MissedWebhook | null {
  if (url === null || theirs !== url || code === null || sentAt === null) return null
  const sent = Date.parse(sentAt)
  const hasArrived = lastReceivedAt !== null && sent <= Date.parse(lastReceivedAt) + minute
  return hasArrived || now - sent <= minute ? null : { code, sentAt }
}

/** What a webhook that did not arrive says by its code alone; null when that is nothing, or has been heard since. */
export function eventOf(
  { code, sentAt }: MissedWebhook,
  { warningSentAt }: Connection,
  now: number,
): HealthEvent | null {
  switch (code) {
    case 'PENDING_DISCONNECT':
    case 'PENDING_EXPIRATION': {
      const isHeard = warningSentAt !== null && !isOlder(warningSentAt, sentAt)
      const isPast = now > Date.parse(sentAt) + warnedAhead + day
      return isHeard || isPast ? null : { type: 'pending', warning: code, deadline: null, sentAt }
    }
    case 'NEW_ACCOUNTS_AVAILABLE':
      return { type: 'new_accounts', sentAt }
    default:
      return null
  }
}
