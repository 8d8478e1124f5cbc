import { ageOf } from '../age.ts'
import { ignoreKnown } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { Plaid } from '../plaid/operations.ts'
import type { Store } from '../store/store.ts'

/** What a bank is called while neither Link nor `/item/get` has named it. */
export const unnamedBank = 'Your bank'

const askAgainAfter = 24 * 3_600_000

/** Looks the name of an unnamed bank up, once; where that fails it stays unnamed, and is looked up a day later. */
export function createBankNamer({ store, plaid, now }: NamerDeps, asked = new Map<string, string>()) {
  return async (connection: Connection, signal?: AbortSignal): Promise<Connection> => {
    const { itemId, institution, institutionId } = connection
    if (institution !== unnamedBank || institutionId === null) return connection
    if (ageOf(asked.get(itemId) ?? null, now()) < askAgainAfter) return connection
    asked.set(itemId, new Date(now()).toISOString())
    const name = await plaid.institution(institutionId, signal).catch(ignoreKnown)
    if (name === undefined || name === null) return connection
    const named = await store.connections.change(itemId, (row) => ({ ...row, institution: name }))
    return named ?? connection
  }
}

interface NamerDeps {
  readonly store: Store
  readonly plaid: Plaid
  readonly now: () => number
}
