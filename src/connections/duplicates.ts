import type { Account, Connection } from '../model.ts'
import type { LinkedAccount } from '../plaid/operations.ts'
import { isOver } from './transitions.ts'

/**
 * The living connection that a new login would double, or null. A second Item for the same login costs a
 * Trial slot for life, is billed twice, and at some banks ends the first one.
 */
export function duplicateOf(
  login: { readonly institutionId: string | null; readonly accounts: readonly LinkedAccount[] },
  connections: readonly Connection[],
  accounts: readonly Account[],
): Connection | null {
  if (login.institutionId === null || login.accounts.length === 0) return null
  return (
    connections
      .filter((connection) => !isOver(connection) && connection.institutionId === login.institutionId)
      .find((connection) => isSameLogin(login.accounts, accountsOf(connection, accounts))) ?? null
  )
}

function accountsOf(connection: Connection, accounts: readonly Account[]): readonly Account[] {
  return accounts.filter((account) => account.itemId === connection.itemId)
}

/** A person may share fewer accounts the second time, so the smaller list decides. */
function isSameLogin(linked: readonly LinkedAccount[], known: readonly Account[]): boolean {
  const linkedKeys = linked.map(keyOf)
  const knownKeys = known.map(keyOf)
  const [small, large] =
    linkedKeys.length <= knownKeys.length ? [linkedKeys, knownKeys] : [knownKeys, linkedKeys]
  return small.length > 0 && small.every((key) => large.includes(key))
}

function keyOf({
  name,
  mask,
  subtype,
}: {
  name: string
  mask: string | null
  subtype: string | null
}): string {
  return JSON.stringify([name, mask, subtype])
}
