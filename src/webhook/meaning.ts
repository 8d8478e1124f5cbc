import type { WebhookEvent } from '../model.ts'
import { idAt, isRecord, type Json, objectAt, timeAt, wordAt } from '../plaid/json.ts'

export type Meaning =
  | {
      /** Null for what is about a link. */
      readonly itemId: string | null
      /** As Plaid said it; null where it did not. */
      readonly environment: string | null
      readonly events: readonly WebhookEvent[]
    }
  /** Known and of no use to us; not known; or not as Plaid documents it. */
  | 'ignored'
  | 'unknown'
  | 'malformed'

type Read = (body: Json) => WebhookEvent

const unreadable: WebhookEvent = { type: 'unreadable' }
const dataChanged: Read = () => ({ type: 'data_changed' })
const linkSession: Read = () => ({ type: 'link_session' })

/** What an Item's webhooks say, by `TYPE:CODE`. */
const aboutItems = new Map<string, Read>([
  ['ITEM:ERROR', errorOf],
  ['ITEM:LOGIN_REPAIRED', () => ({ type: 'login_repaired' })],
  ['ITEM:PENDING_EXPIRATION', (body) => pending('PENDING_EXPIRATION', body, 'consent_expiration_time')],
  ['ITEM:PENDING_DISCONNECT', (body) => pending('PENDING_DISCONNECT', body, 'disconnect_time')],
  ['ITEM:USER_PERMISSION_REVOKED', () => ({ type: 'error', plaidCode: 'USER_PERMISSION_REVOKED' })],
  ['ITEM:USER_ACCOUNT_REVOKED', accountRevoked],
  ['ITEM:NEW_ACCOUNTS_AVAILABLE', () => ({ type: 'new_accounts' })],
  ['ITEM:WEBHOOK_UPDATE_ACKNOWLEDGED', (body) => ({ type: 'webhook_acknowledged', url: urlOf(body) })],
  ['TRANSACTIONS:SYNC_UPDATES_AVAILABLE', dataChanged],
  ['TRANSACTIONS:INITIAL_UPDATE', dataChanged],
  ['TRANSACTIONS:HISTORICAL_UPDATE', dataChanged],
  ['TRANSACTIONS:DEFAULT_UPDATE', dataChanged],
  ['TRANSACTIONS:TRANSACTIONS_REMOVED', dataChanged],
  ['HOLDINGS:DEFAULT_UPDATE', dataChanged],
  ['INVESTMENTS_TRANSACTIONS:DEFAULT_UPDATE', dataChanged],
  ['INVESTMENTS_TRANSACTIONS:HISTORICAL_UPDATE', dataChanged],
  ['LIABILITIES:DEFAULT_UPDATE', dataChanged],
])

/** They name no Item, and their tokens are not looked at: the link is asked about with the token that made it. */
const aboutLinks = new Map<string, Read>([
  ['LINK:SESSION_FINISHED', linkSession],
  ['LINK:ITEM_ADD_RESULT', linkSession],
])

const ignored =
  /^(TRANSACTIONS:RECURRING_TRANSACTIONS_UPDATE|LINK:EVENTS|ISSUES:\w+|LINK_DELIVERY:\w+|AUTH:\w+|IDENTITY:\w+)$/

/** What a webhook says, reduced to what is acted on. `name` is for the log: `TYPE:CODE`, or null when it has none. */
export function meaningOf(body: unknown): { readonly name: string | null; readonly meaning: Meaning } {
  const name = nameOf(body)
  if (!isRecord(body) || name === null) return { name, meaning: 'malformed' }
  return { name, meaning: read(name, body) }
}

function read(name: string, body: Json): Meaning {
  const ofLink = aboutLinks.get(name)?.(body)
  if (ofLink) return { itemId: null, environment: wordAt(body, 'environment'), events: [ofLink] }
  const readItem = aboutItems.get(name)
  if (readItem === undefined) return ignored.test(name) ? 'ignored' : 'unknown'
  const itemId = idAt(body, 'item_id')
  if (itemId === null) return 'malformed'
  const event = readItem(body)
  return { itemId, environment: wordAt(body, 'environment'), events: [...errorBeside(event, body), event] }
}

/**
 * Most webhooks may carry the Item's error beside what they are about, and it is as true there as in ERROR. It
 * counts like one: `/item/get` has the last word on both.
 */
function errorBeside(event: WebhookEvent, body: Json): WebhookEvent[] {
  if (body.error == null || event.type === 'error') return []
  const error = errorOf(body)
  return error.type === event.type ? [] : [error]
}

/** One without a usable code is a hint all the same. */
function errorOf(body: Json): WebhookEvent {
  const plaidCode = wordAt(objectAt(body, 'error'), 'error_code')
  return plaidCode === null ? unreadable : { type: 'error', plaidCode }
}

function pending(
  warning: 'PENDING_EXPIRATION' | 'PENDING_DISCONNECT',
  body: Json,
  field: string,
): WebhookEvent {
  return { type: 'pending', warning, deadline: timeAt(body, field) }
}

function accountRevoked(body: Json): WebhookEvent {
  const accountId = idAt(body, 'account_id')
  return accountId === null ? unreadable : { type: 'account_revoked', accountId }
}

function urlOf({ new_webhook_url: url }: Json): string | null {
  return typeof url === 'string' && url.length <= 2048 && URL.canParse(url) ? url : null
}

function nameOf(body: unknown): string | null {
  if (!isRecord(body)) return null
  const [type, code] = [wordAt(body, 'webhook_type'), wordAt(body, 'webhook_code')]
  return type === null || code === null ? null : `${type}:${code}`
}
