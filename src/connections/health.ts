import { type CofferError, ignoreKnown, isCofferError } from '../errors.ts'
import type { Connection, WebhookDelivery } from '../model.ts'
import type { ItemState, Plaid } from '../plaid/operations.ts'
import type { Store } from '../store/store.ts'
import { createBankNamer } from './bank-name.ts'
import { facetsOf } from './facets.ts'
import { eventOf, type MissedWebhook, missedWebhook } from './missed.ts'
import { createMove, type Move, unlessSame } from './move.ts'
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

type How = Parameters<Plaid['item']>[2]
type Change = (row: Connection) => Connection

/** Every call to Plaid about a connection goes through here, so that its state moves with what Plaid says. */
export interface HealthKeeper {
  /** Asks `/item/get`, moves the state, and gives both. `forRepair`: somebody is repairing it, and is not to be kept waiting. */
  check(itemId: string, signal?: AbortSignal, how?: How): Promise<{ connection: Connection; item: ItemState }>
  /**
   * Runs `work`; a failure of it moves the state of the connection and is thrown on. A call that was on its way
   * while Plaid said that all is well may have failed of what is mended: then Plaid is asked again.
   */
  attempt<T>(itemId: string, work: () => Promise<T>): Promise<T>
  /** @param also what else becomes of it at once */
  apply(itemId: string, event: HealthEvent, also?: Change): Promise<Connection>
  /** The same, writing through a store that may refuse. */
  through(store: Store): HealthKeeper
}

const asItIs: Change = (row) => row

export function createHealthKeeper(deps: HealthDeps, asked = new Map<string, string>()): HealthKeeper {
  const { store, plaid, now, move, translateCode } = deps
  const withName = createBankNamer({ store, plaid, now }, asked)

  async function apply(itemId: string, event: HealthEvent, also = asItIs): Promise<Connection> {
    const told = (row: Connection) => also({ ...row, ...next(row, event, now()) })
    const changed = await move(itemId, told, { actor: 'coffer', name: event.type })
    if (changed === null) throw unknownConnection(itemId)
    return changed
  }

  async function attempt<T>(itemId: string, work: () => Promise<T>): Promise<T> {
    const began = now()
    try {
      return await work()
    } catch (error) {
      if (isCofferError(error)) await believe(itemId, error, began)
      throw error
    }
  }

  async function believe(itemId: string, error: CofferError, began: number): Promise<void> {
    const row = await store.connections.find(itemId)
    const isDoubtful = row !== null && saysOfLogin(row, error) && wasWellSince(row, began, now())
    if (isDoubtful && (await check(itemId).then(() => true, ignoreKnown)) === true) return
    await apply(itemId, failed(error))
  }

  /** A revoked Item may answer, or refuse to. */
  async function ask(itemId: string, signal?: AbortSignal, how?: How): Promise<ItemState> {
    try {
      return await plaid.item(itemId, signal, how)
    } catch (error) {
      if (isCofferError(error)) {
        await apply(itemId, failed(error))
        await forgetIfRevoked(store, itemId, error.plaidCode ?? null)
      }
      throw error
    }
  }

  async function check(itemId: string, signal?: AbortSignal, how?: How) {
    const at = new Date(now()).toISOString()
    const item = await ask(itemId, signal, how)
    const missed = await noteSent(store, itemId, item, now())
    const event = checkedBy(item, at, translateCode)
    const told = (before: Connection) => {
      const row = caughtUp({ ...before, ...learned(before, item) }, missed, now())
      return { ...row, ...next(row, event, now()) }
    }
    const connection = await move(itemId, told, { actor: 'coffer', name: event.type })
    if (connection === null) throw unknownConnection(itemId)
    await forgetIfRevoked(store, itemId, event.plaidCode)
    return { connection: await withName(connection, signal), item }
  }

  return { check, attempt, apply, through: (other) => keeperOn(other, deps, asked) }
}

function keeperOn(store: Store, deps: HealthDeps, asked: Map<string, string>): HealthKeeper {
  return createHealthKeeper({ ...deps, store, move: createMove(store) }, asked)
}

/** Notes what Plaid says of webhooks about this Item; gives the last one if it did not arrive. */
async function noteSent(store: Store, itemId: string, item: ItemState, now: number) {
  const row = await store.deliveries.change(itemId, (row) => unlessSame(row, sent(row, item)))
  return row === null ? null : missedWebhook(row, row.url, now)
}

/** Whether this failure would change what is thought of the login. */
function saysOfLogin(row: Connection, error: CofferError): boolean {
  return next(row, failed(error), 0).status !== row.status
}

/** What `/item/get` says of the login. @param at when it was asked */
export function checkedBy(item: ItemState, at: string, translateCode: HealthDeps['translateCode']) {
  const error = item.error === null ? null : translateCode(item.error)
  const { consentExpirationTime } = item
  const [code, plaidCode] = [error?.code ?? null, error?.plaidCode ?? null]
  return { type: 'checked', code, plaidCode, consentExpirationTime, at } as const
}

export function failed({ code, plaidCode }: CofferError): HealthEvent {
  return { type: 'failed', code, plaidCode: plaidCode ?? null }
}

/** A time ahead is of a clock that was set back. */
function wasWellSince(row: Connection, began: number, now: number): boolean {
  const checked = row.lastCheckedAt === null ? 0 : Date.parse(row.lastCheckedAt)
  return facetsOf(row).trouble === null && checked >= began && checked <= now
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
