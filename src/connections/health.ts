import { type CofferError, isCofferError } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { ItemState, Plaid } from '../plaid/operations.ts'
import type { Store } from '../store/store.ts'
import { createBankNamer } from './bank-name.ts'
import { markAnew } from './same-accounts.ts'
import { unknownConnection } from './token.ts'
import { type HealthEvent, next } from './transitions.ts'

export interface HealthDeps {
  readonly store: Store
  readonly plaid: Plaid
  readonly now: () => number
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

export function createHealthKeeper({ store, plaid, now, translateCode }: HealthDeps): HealthKeeper {
  const withName = createBankNamer({ store, plaid, now })

  async function apply(itemId: string, event: HealthEvent): Promise<Connection> {
    let before: Connection['status'] | null = null
    const changed = await store.connections.change(itemId, (connection) => {
      before = connection.status
      return { ...connection, ...next(connection, event, now()) }
    })
    if (changed === null) throw unknownConnection(itemId)
    if (changed.status !== before) await markAnew(store)
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

  async function check(itemId: string, signal?: AbortSignal) {
    const at = new Date(now()).toISOString()
    const item = await attempt(itemId, () => plaid.item(itemId, signal))
    const error = item.error === null ? null : translateCode(item.error)
    await store.connections.change(itemId, (connection) => ({ ...connection, ...learned(connection, item) }))
    const connection = await apply(itemId, {
      type: 'checked',
      code: error?.code ?? null,
      plaidCode: error?.plaidCode ?? null,
      consentExpirationTime: item.consentExpirationTime,
      at,
    })
    // A mark alone is not enough: only Plaid's own word, now, deletes anything.
    if (error?.plaidCode === 'USER_PERMISSION_REVOKED') await store.connections.forgetData(itemId)
    return { connection: await withName(connection, signal), item }
  }

  return { check, attempt, apply }
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
