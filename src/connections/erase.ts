import { type CofferError, isCofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Connection } from '../model.ts'
import type { Plaid } from '../plaid/operations.ts'
import type { Store } from '../store/store.ts'

export interface EraseDeps {
  readonly store: Store
  readonly plaid: Plaid
  readonly now: () => number
  readonly newId: () => string
  readonly log: Log
}

/** Says that a connection is gone at Plaid and here. */
export interface Receipt {
  readonly itemId: string
  readonly institution: string
  /** Null: another copy was faster, and has the receipt. */
  readonly tombstoneId: string | null
  /** `gone`: Plaid knew no Item by its token any more. */
  readonly atPlaid: 'removed' | 'gone'
  readonly removedAt: string
  /** Files that were looked through and still hold its ids or its bank's name. With any, this is a warning. */
  readonly traces: readonly string[]
}

export interface Removals {
  readonly receipts: readonly Receipt[]
  /** Why those that are still `removing` could not be finished, by item_id. */
  readonly failures: ReadonlyMap<string, CofferError>
}

/** A receipt before the files were searched, with what to search them for. */
export type Erased = Omit<Receipt, 'traces'> & { readonly names: readonly string[] }

/** Ends one that is `removing` at Plaid, then erases it here. Rejects with what kept Plaid from confirming it. */
export function createErase({ store, plaid, now, newId, log }: EraseDeps) {
  /** Everything that would lead back to it, read while it is still there. */
  async function namesOf(itemId: string): Promise<string[]> {
    const accounts = await store.accounts.list(itemId)
    const sealed = await store.connections.sealedToken(itemId)
    return [itemId, ...accounts.map(({ accountId }) => accountId), ...(sealed === null ? [] : [sealed])]
  }

  return async ({ itemId, institution, ...row }: Connection): Promise<Erased> => {
    const names = await namesOf(itemId)
    const atPlaid = await plaid.removeItem(itemId).catch(goneIfErased)
    const removedAt = new Date(now()).toISOString()
    const tombstoneId = newId()
    const isMine = await store.connections.erase(itemId, {
      tombstoneId,
      environment: row.environment,
      connectedAt: row.createdAt,
      removedAt,
      reason: row.removalCause ?? 'asked',
    })
    log.info('removal.done', { at_plaid: atPlaid })
    return { itemId, institution, tombstoneId: isMine ? tombstoneId : null, atPlaid, removedAt, names }
  }
}

/** Another copy has removed it while this one was about to. */
function goneIfErased(error: unknown): 'gone' {
  if (isCofferError(error, 'UNKNOWN_CONNECTION')) return 'gone'
  throw error
}
