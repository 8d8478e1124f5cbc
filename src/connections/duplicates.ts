import type { Account, Connection } from '../model.ts'
import type { LinkedAccount } from '../plaid/operations.ts'
import { unnamedBank } from './bank-name.ts'
import { isOver } from './transitions.ts'

/** What Link tells of a login before its token is exchanged. */
export interface Login {
  readonly institutionId: string | null
  readonly institution: string | null
  readonly accounts: readonly LinkedAccount[]
}

type Bank = Pick<Connection, 'institutionId'> & { readonly institution: string | null }
type Known = Pick<Account, 'name' | 'mask' | 'subtype' | 'persistentAccountId'>

/** `unknown`: somebody does not say which bank it is. */
type SameBank = 'yes' | 'no' | 'unknown'

/**
 * The living connection that a new login would double, or null. A second Item for the same login costs a
 * Trial slot for life, is billed twice, and at some banks ends the first one.
 */
export function duplicateOf(
  login: Login,
  connections: readonly Connection[],
  accounts: readonly Account[],
): Connection | null {
  const known = Map.groupBy(accounts, ({ itemId }) => itemId)
  const living = connections.filter((connection) => !isOver(connection))
  const accountsOf = ({ itemId }: Connection) => known.get(itemId) ?? []
  const isTwin = (connection: Connection) =>
    isSameLogin(login.accounts, accountsOf(connection), sameBank(login, connection))
  // With nothing to compare nobody can say, and asking costs less than a second Item.
  const mayBeTwin = (connection: Connection) =>
    sameBank(login, connection) === 'yes' &&
    (login.accounts.length === 0 || accountsOf(connection).length === 0)
  return living.find(isTwin) ?? living.find(mayBeTwin) ?? null
}

/** Living connections at the bank of this login; only they can be its twins when accounts are not told. */
export function atBankOf(login: Login, connections: readonly Connection[]): readonly Connection[] {
  return connections.filter((connection) => !isOver(connection) && sameBank(login, connection) === 'yes')
}

/**
 * A person may share fewer accounts the second time, or more, so all of the smaller list have to be in the
 * larger one. Two people who share an account each have others too.
 */
function isSameLogin(linked: readonly Known[], known: readonly Known[], bank: SameBank): boolean {
  const [small, large] = linked.length <= known.length ? [linked, known] : [known, linked]
  return small.length > 0 && small.every((one) => large.some((other) => isSame(one, other, bank)))
}

function isSame(one: Known, other: Known, bank: SameBank): boolean {
  if (one.persistentAccountId !== null && other.persistentAccountId !== null)
    return one.persistentAccountId === other.persistentAccountId
  if (bank === 'no') return false
  const name = one.name === other.name
  const subtype = one.subtype === other.subtype
  if (one.mask !== null && one.mask === other.mask) return bank === 'yes' ? name || subtype : name && subtype
  return bank === 'yes' && (one.mask === null || other.mask === null) && name && subtype
}

function sameBank(login: Bank, connection: Bank): SameBank {
  const ids = [login.institutionId, connection.institutionId]
  if (!ids.includes(null)) return ids[0] === ids[1] ? 'yes' : 'no'
  const names = [login.institution, connection.institution]
  if (names.some((name) => name === null || name === unnamedBank)) return 'unknown'
  return names[0] === names[1] ? 'yes' : 'no'
}
