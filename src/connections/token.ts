import { CofferError } from '../errors.ts'
import type { Environment } from '../model.ts'
import type { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'
import type { Place, Vault } from '../vault/vault.ts'

export function tokenPlace(itemId: string, environment: Environment): Place {
  return { table: 'connections', column: 'sealed_token', row: itemId, environment }
}

/** Opens the access token of a connection of this environment; what `src/plaid` is handed. */
export function createTokenOf(store: Store, vault: Vault, environment: Environment) {
  return async (itemId: string): Promise<Secret> => {
    const connection = await store.connections.find(itemId)
    const sealed = await store.connections.sealedToken(itemId)
    if (connection === null || sealed === null) throw unknownConnection(itemId)
    if (connection.environment !== environment) {
      throw new CofferError(
        'WRONG_ENVIRONMENT',
        `${connection.institution} was connected in Plaid's ${connection.environment} environment, and PLAID_ENV is ${environment}.`,
        { fix: `Set PLAID_ENV=${connection.environment} with that environment's secret.` },
      )
    }
    return await vault.open(tokenPlace(itemId, environment), sealed)
  }
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
