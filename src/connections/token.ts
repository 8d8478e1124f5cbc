import { CofferError } from '../errors.ts'
import type { Connection, Environment } from '../model.ts'
import type { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'
import type { Place, Vault } from '../vault/vault.ts'

export function tokenPlace(itemId: string, environment: Environment) {
  return {
    table: 'connections',
    column: 'sealed_token',
    row: itemId,
    environment,
  } as const satisfies Place
}

/** Opens the access token of a connection of this environment; what `src/plaid` is handed. */
export function createTokenOf(store: Store, vault: Vault, environment: Environment) {
  return async (itemId: string): Promise<Secret> => {
    const connection = await store.connections.find(itemId)
    const sealed = await store.connections.sealedToken(itemId)
    if (connection === null || sealed === null) throw unknownConnection(itemId)
    if (connection.environment !== environment) throw wrongEnvironment(connection, environment)
    return await vault.open(tokenPlace(itemId, environment), sealed)
  }
}

export function wrongEnvironment(
  { institution, environment: theirs }: Pick<Connection, 'institution' | 'environment'>,
  environment: Environment,
): CofferError {
  return new CofferError(
    'WRONG_ENVIRONMENT',
    `${institution} was connected in Plaid's ${theirs} environment, and PLAID_ENV is ${environment}.`,
    { fix: `Set PLAID_ENV=${theirs} with that environment's secret.` },
  )
}

export function unknownConnection(itemId: string): CofferError {
  return new CofferError(
    'UNKNOWN_CONNECTION',
    `No connection has the item_id ${JSON.stringify(itemId.slice(0, 64))}.`,
    {
      fix: 'Call list_connections for the right ones.',
    },
  )
}
