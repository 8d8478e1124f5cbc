import type { Connection, Environment } from '../model.ts'
import type { Plaid } from '../plaid/operations.ts'
import type { Store } from '../store/store.ts'
import { atBankOf, duplicateOf, type Login } from './duplicates.ts'
import { fetchAccounts } from './succession.ts'

/** Every connection that a login could double; one that it replaces it cannot. */
export async function othersThan(
  store: Store,
  environment: Environment,
  replaces: string | null,
): Promise<readonly Connection[]> {
  const all = await store.connections.list()
  return all.filter((row) => row.itemId !== replaces && row.environment === environment)
}

/** The living one among `others` that a login would double, or null. Accounts that were never told are asked for. */
export async function findTwin(
  deps: { readonly store: Store; readonly plaid: Plaid },
  login: Login,
  others: readonly Connection[],
): Promise<Connection | null> {
  const told = new Set((await deps.store.accounts.list()).map(({ itemId }) => itemId))
  for (const { itemId } of atBankOf(login, others)) if (!told.has(itemId)) await fetchAccounts(deps, itemId)
  return duplicateOf(login, others, await deps.store.accounts.list())
}
