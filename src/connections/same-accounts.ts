import type { Account, Connection } from '../model.ts'
import type { Store } from '../store/store.ts'
import { isReplaced } from './replaced.ts'

/** Notes anew which accounts are seen through several logins: one has broken, works again, or has gone. */
export async function markAnew(store: Store): Promise<void> {
  await store.accounts.remark(withSameAs)
}

/**
 * Of one account that several logins show, that of the login that works best counts, then that of the oldest;
 * the others name it in `sameAs`.
 */
export function withSameAs(accounts: readonly Account[], connections: readonly Connection[]): Account[] {
  const logins = new Map(connections.map((connection) => [connection.itemId, connection]))
  const loginOf = ({ itemId }: Account) => logins.get(itemId)
  const counted: Account[] = []
  const sameAs = new Map<Account, string | null>()
  for (const account of accounts.toSorted((a, b) => byRank(loginOf(a), loginOf(b)))) {
    const first = counted.find(
      (other) => isSameBank(loginOf(account), loginOf(other)) && isSameAccount(account, other),
    )
    if (first === undefined) counted.push(account)
    sameAs.set(account, first?.accountId ?? null)
  }
  return accounts.map((account) => withMark(account, sameAs.get(account) ?? null))
}

function isSameBank(one: Connection | undefined, other: Connection | undefined): boolean {
  if (one === undefined || other === undefined || one.itemId === other.itemId) return false
  return (
    one.institutionId !== null &&
    one.institutionId === other.institutionId &&
    one.environment === other.environment
  )
}

/** By the bank's own id where it gives one, else by what people tell accounts apart by. */
export function isSameAccount(one: Account, other: Account): boolean {
  if (one.persistentAccountId !== null && other.persistentAccountId !== null)
    return one.persistentAccountId === other.persistentAccountId
  return (
    one.mask !== null && one.mask === other.mask && one.name === other.name && one.subtype === other.subtype
  )
}

function withMark(account: Account, sameAs: string | null): Account {
  return account.sameAs === sameAs ? account : { ...account, sameAs }
}

const ranks: Readonly<Record<Connection['status'], number>> = {
  active: 0,
  expiring: 0,
  preparing: 1,
  needs_reauth: 2,
  bank_issue: 2,
  expired: 3,
  removing: 4,
  revoked: 4,
}

/** One whose place is taken counts nowhere, so nothing may be counted as its own. */
function rankOf(login: Connection): number {
  return isReplaced(login) ? ranks.revoked : ranks[login.status]
}

function byRank(a: Connection | undefined, b: Connection | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  return rankOf(a) - rankOf(b) || Date.parse(a.createdAt) - Date.parse(b.createdAt)
}
