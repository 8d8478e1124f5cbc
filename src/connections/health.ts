import { type CofferError, isCofferError } from '../errors.ts'
import type { Connection, WebhookDelivery } from '../model.ts'
import type { ItemState, Plaid } from '../plaid/operations.ts'
import type { Store } from '../store/store.ts'
import { createBankNamer } from './bank-name.ts'
import { eventOf, type MissedWebhook, missedWebhook } from './missed.ts'
import { type Move, unlessSame } from './move.ts'
import { unknownConnection } from './token.ts'
import { confirmsRevoked, type HealthEvent, next } from './transitions.ts'

export interface HealthDeps {
  readonly store: Store
  readonly plaid: Plaid
  readonly now: () => number
  readonly move: Move
  /** Turns the code in an Item's `error` into ours; the table is in src/plaid. */
  readonly translateCode: (plaidCode: string) => CofferError
}

/** Every call to Plaid about a connection goes through here, so that its state moves with what Plaid says. */
export interface HealthKeeper {
  /** Asks `/item/get`, moves the state, and gives both. */
  check(itemId: string, signal?: AbortSignal): Promise<{ connection: Connection; item: ItemState }>
  /** Runs `work`; a failure of it moves the state of the connection and is thrown on. */
  attempt<T>(itemId: string, work: () => Promise<T>): Promise<T>
  apply(itemId: string, event: HealthEvent): Promise<Connection>
}

export function createHealthKeeper({ store, plaid, now, move, translateCode }: HealthDeps): HealthKeeper {
  const withName = createBankNamer({ store, plaid, now })

  async function apply(itemId: string, event: HealthEvent): Promise<Connection> {
    const changed = await move(itemId, (row) => ({ ...row, ...next(row, event, now()) }))
    if (changed === null) throw unknownConnection(itemId)
    return changed
  }

  async function attempt<T>(itemId: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isCofferError(error)) {
        await apply(itemId, { type: 'failed', code: error.code, plaidCode: error.plaidCode ?? null })
      }
      throw error
    }
  }

  /** Notes what Plaid says of webhooks about this Item; gives the last one if it did not arrive. */
  async function noteSent(itemId: string, item: ItemState): Promise<MissedWebhook | null> {
    const row = await store.deliveries.change(itemId, (row) => unlessSame(row, sent(row, item)))
    return row === null ? null : missedWebhook(row, row.url, now())
  }

  /** A revoked Item may answer, or refuse to. */
  async function ask(itemId: string, signal?: AbortSignal): Promise<ItemState> {
    try {
      return await attempt(itemId, () => plaid.item(itemId, signal))
    } catch (error) {
      if (isCofferError(error)) await forgetIfRevoked(store, itemId, error.plaidCode ?? null)
      throw error
    }
  }

  async function check(itemId: string, signal?: AbortSignal) {
    const at = new Date(now()).toISOString()
    const item = await ask(itemId, signal)
    const error = item.error === null ? null : translateCode(item.error)
    const missed = await noteSent(itemId, item)
    const { consentExpirationTime } = item
    const [code, plaidCode] = [error?.code ?? null, error?.plaidCode ?? null]
    const event = { type: 'checked', code, plaidCode, consentExpirationTime, at } as const
    const connection = await move(itemId, (before) => {
      const row = caughtUp({ ...before, ...learned(before, item) }, missed, now())
      return { ...row, ...next(row, event, now()) }
    })
    if (connection === null) throw unknownConnection(itemId)
    await forgetIfRevoked(store, itemId, plaidCode)
    return { connection: await withName(connection, signal), item }
  }

  return { check, attempt, apply }
}

/** What was fetched goes by Plaid's own word, now, and by nothing less: a mark alone deletes nothing. */
async function forgetIfRevoked(store: Store, itemId: string, plaidCode: string | null): Promise<void> {
  const row = plaidCode === null ? null : await store.connections.find(itemId)
  if (row === null) return
  if (plaidCode === 'USER_PERMISSION_REVOKED' || confirmsRevoked(row, { plaidCode }))
    await store.connections.forgetData(itemId)
}

/** What a missed webhook said comes before what Plaid says now, which may have answered it. */
function caughtUp(row: Connection, missed: MissedWebhook | null, now: number): Connection {
  const event = missed === null ? null : eventOf(missed, row, now)
  return event === null ? row : { ...row, ...next(row, event, now) }
}

/** What `/item/get` tells besides health. Products that the Item has are billed already, so using them is no surprise. */
function learned(connection: Connection, item: ItemState): Partial<Connection> {
  return {
    institution: item.institution ?? connection.institution,
    institutionId: item.institutionId ?? connection.institutionId,
    products: [...new Set([...connection.products, ...item.products])],
    consentedProducts: item.consentedProducts,
    dataAsOf: item.lastUpdate ?? connection.dataAsOf,
  }
}

function sent(row: WebhookDelivery, { webhook: url, lastWebhook }: ItemState): WebhookDelivery {
  if (lastWebhook === null) return { ...row, url }
  return { ...row, url, lastSentCode: lastWebhook.code, lastSentAt: lastWebhook.sentAt }
}
