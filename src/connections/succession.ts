import { ignoreKnown } from '../errors.ts'
import type { Account, Connection } from '../model.ts'
import type { Plaid } from '../plaid/operations.ts'
import type { Store } from '../store/store.ts'
import { isReplaced } from './replaced.ts'
import { isSameAccount, markAnew, withSameAs } from './same-accounts.ts'

/**
 * Stores the accounts of one connection, notes anew which accounts are seen through several logins, and lets
 * it take the place of the dead one that it replaces.
 */
export async function saveAccounts(
  store: Store,
  itemId: string,
  accounts: readonly Account[],
): Promise<void> {
  await store.accounts.replace(itemId, accounts, withSameAs)
  await takePlace(store, itemId)
}

/** Fetches and stores them; where Plaid does not give them, the first sync brings them. */
export async function fetchAccounts(
  { store, plaid }: { readonly store: Store; readonly plaid: Plaid },
  itemId: string,
): Promise<void> {
  const accounts = await plaid.accounts(itemId).catch(ignoreKnown)
  if (accounts !== undefined) await saveAccounts(store, itemId, accounts)
}

/**
 * The kept flow of the dead one becomes its own, account by account, and the dead one goes if Plaid has no
 * such Item any more. Once more, as after a crash, changes nothing.
 */
async function takePlace(store: Store, itemId: string): Promise<void> {
  const all = await store.connections.list()
  const dead = all.filter((connection) => connection.replacedBy === itemId && isReplaced(connection))
  for (const old of dead) {
    const heirs = heirsOf(old.itemId, itemId, await store.accounts.list())
    const successor = all.find((connection) => connection.itemId === itemId)
    if (heirs.size === 0 && successor?.institutionId !== old.institutionId) {
      // The person logged in at another bank: this one is still missing.
      await store.connections.change(old.itemId, (row) => ({ ...row, replacedBy: null }))
      continue
    }
    await store.flow.inherit(old.itemId, itemId, heirs)
    await store.balanceDays.inherit(old.itemId, itemId, heirs)
    if (!isGoneAtPlaid(old)) continue
    await store.connections.remove(old.itemId)
    await markAnew(store)
  }
}

/** The account_id that each account of the old connection has in the new one; none twice. */
function heirsOf(from: string, to: string, accounts: readonly Account[]): ReadonlyMap<string, string> {
  const free = new Set(accounts.filter(({ itemId }) => itemId === to))
  const found = new Map<string, string>()
  for (const old of accounts.filter(({ itemId }) => itemId === from)) {
    const heir = [...free].find((account) => isSameAccount(old, account))
    if (heir === undefined) continue
    free.delete(heir)
    found.set(old.accountId, heir.accountId)
  }
  return found
}

/**
 * INVALID_ACCESS_TOKEN does not say so: that of another team's keys is the same, and the Item lives on, and
 * is billed, at the team of the token. One whose permission was taken back may be billed until it is removed.
 */
function isGoneAtPlaid({ reason }: Connection): boolean {
  return reason === 'ITEM_NOT_FOUND'
}
