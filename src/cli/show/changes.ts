import type { Account, Connection } from '../../model.ts'

export interface Known {
  readonly connection: Connection
  readonly accounts: readonly Account[]
}

/** What a repair has brought; what did not change is left out. */
export interface Changes {
  readonly status: { readonly before: string; readonly after: string }
  readonly accounts_added?: readonly string[]
  readonly accounts_gone?: readonly string[]
  readonly products_added?: readonly string[]
  /** Until when the login works now, where that is known. */
  readonly works_until?: string
}

export function changesOf(before: Known, after: Known): Changes {
  const products = after.connection.products.filter((name) => !before.connection.products.includes(name))
  const added = namesOf(without(after.accounts, before.accounts))
  const gone = namesOf(without(before.accounts, after.accounts))
  const until = worksUntil(after.connection)
  return {
    status: { before: before.connection.status, after: after.connection.status },
    ...(added.length === 0 ? {} : { accounts_added: added }),
    ...(gone.length === 0 ? {} : { accounts_gone: gone }),
    ...(products.length === 0 ? {} : { products_added: products }),
    ...(until === null || until === worksUntil(before.connection) ? {} : { works_until: until }),
  }
}

export function showChanges(changes: Changes): string[] {
  const { status, accounts_added = [], accounts_gone = [], products_added = [], works_until } = changes
  return [
    `  Status: ${status.before} → ${status.after}`,
    ...line('Accounts added', accounts_added),
    ...line('Accounts that are no longer shared', accounts_gone),
    ...line('Products added', products_added),
    ...(works_until === undefined ? [] : [`  Works until ${works_until.slice(0, 10)}`]),
  ]
}

function worksUntil({ deadline, consentExpirationTime }: Connection): string | null {
  return deadline ?? consentExpirationTime
}

function without(accounts: readonly Account[], others: readonly Account[]): readonly Account[] {
  return accounts.filter(({ accountId }) => !others.some((other) => other.accountId === accountId))
}

function namesOf(accounts: readonly Account[]): string[] {
  return accounts.map(({ name, mask }) => (mask === null ? name : `${name} ••${mask}`))
}

function line(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`  ${what}: ${names.join(', ')}`]
}
