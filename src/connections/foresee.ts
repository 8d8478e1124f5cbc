import { type CofferError, isCofferError } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { Plaid } from '../plaid/operations.ts'
import type { Store } from '../store/store.ts'
import { checkedBy, failed, type HealthKeeper } from './health.ts'
import { next } from './transitions.ts'

export interface LookDeps {
  readonly store: Store
  readonly plaid: Plaid
  readonly health: HealthKeeper
  readonly translateCode: (plaidCode: string) => CofferError
  readonly now: () => number
}

/** A connection before and after Plaid was asked about it. */
export interface Looked {
  readonly before: Connection
  readonly after: Connection
  /** Plaid answered. */
  readonly isChecked: boolean
}

/** Asks `/item/get`. With `mark` what it tells is written; without, nothing is, and `after` is what it would be. */
export type Look = (before: Connection, mark: boolean, signal?: AbortSignal) => Promise<Looked>

export function createLook({ store, plaid, health, translateCode, now }: LookDeps): Look {
  async function foresee(row: Connection, signal?: AbortSignal): Promise<Connection> {
    const at = new Date(now()).toISOString()
    const item = await plaid.item(row.itemId, signal)
    return { ...row, ...next(row, checkedBy(item, at, translateCode), now()) }
  }

  return async (before, mark, signal) => {
    const { itemId } = before
    try {
      const after = mark ? (await health.check(itemId, signal)).connection : await foresee(before, signal)
      return { before, after, isChecked: true }
    } catch (error) {
      if (!isCofferError(error)) throw error
      const told = { ...before, ...next(before, failed(error), now()) }
      const after = mark ? ((await store.connections.find(itemId)) ?? before) : told
      return { before, after, isChecked: error.plaidCode !== undefined }
    }
  }
}
