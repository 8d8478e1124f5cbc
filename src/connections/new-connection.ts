import type { Connection, Environment } from '../model.ts'
import type { Secret } from '../secret.ts'
import type { Link, Store } from '../store/store.ts'
import type { Vault } from '../vault/vault.ts'
import { unnamedBank } from './bank-name.ts'
import { tokenPlace } from './token.ts'

/** What is known of an Item before it is checked for the first time. */
export interface Found
  extends Pick<Connection, 'itemId' | 'institutionId' | 'label' | 'person' | 'products'> {
  /** Null: nobody has said which bank it is. */
  readonly institution: string | null
}

export interface KeeperDeps {
  readonly store: Pick<Store, 'connections'>
  readonly vault: Vault
  readonly environment: Environment
  readonly now: () => number
}

/** Seals the token and stores the connection, whatever way it came by. One that is here already stays as it is. */
export type KeepNew = (found: Found, accessToken: Secret, link?: Link) => Promise<void>

export function createKeeper({ store, vault, environment, now }: KeeperDeps): KeepNew {
  return async ({ itemId, institution, institutionId, label, person, products }, accessToken, link) => {
    if ((await store.connections.find(itemId)) !== null) return
    const sealedToken = await vault.seal(tokenPlace(itemId, environment), accessToken)
    const told = { itemId, institution: institution ?? unnamedBank, institutionId, label, person, products }
    const createdAt = new Date(now()).toISOString()
    await store.connections.insert({ ...blank, ...told, environment, createdAt }, sealedToken, link)
  }
}

const blank = {
  status: 'preparing',
  reason: null,
  deadline: null,
  warning: null,
  awaitingData: true,
  consentExpirationTime: null,
  answeredDeadline: null,
  repairedAt: null,
  errorSentAt: null,
  warningSentAt: null,
  newAccounts: false,
  consentedProducts: [],
  lastUsedAt: null,
  lastSyncedAt: null,
  lastCheckedAt: null,
  dataAsOf: null,
  syncError: null,
  dirtySince: null,
  replacedBy: null,
  removingSince: null,
  removalCause: null,
  removalTriedAt: null,
} as const satisfies Partial<Connection>
