import { CofferError } from '../errors.ts'
import type { Connection, Environment } from '../model.ts'
import type { Store } from '../store/store.ts'
import { unknownConnection, wrongEnvironment } from './token.ts'
import { isOver } from './transitions.ts'

/** Dead, and another has its place: what is kept of it is its token, and it counts nowhere. */
export function isReplaced(connection: Pick<Connection, 'status' | 'replacedBy'>): boolean {
  return connection.replacedBy !== null && isOver(connection)
}

/** Connections that no figure is taken from any more. */
export function isGone(connection: Connection): boolean {
  return connection.status === 'removing' || connection.status === 'revoked' || isReplaced(connection)
}

/** Rejects with what to do instead, unless this connection is dead and has no successor yet. */
export async function mustBeReplaceable(
  { store, environment }: { readonly store: Store; readonly environment: Environment },
  itemId: string,
): Promise<void> {
  const old = await store.connections.find(itemId)
  if (old === null) throw unknownConnection(itemId)
  if (old.environment !== environment) throw wrongEnvironment(old, environment)
  if (isReplaced(old)) {
    throw new CofferError('INVALID_ARGUMENTS', `${old.institution} has been replaced already.`, {
      fix: `Use the connection that took its place: item_id ${JSON.stringify(old.replacedBy)}.`,
    })
  }
  if (old.status === 'expired' || old.status === 'revoked') return
  throw new CofferError('INVALID_ARGUMENTS', 'replaces must name a connection that is expired or revoked.', {
    fix: 'For one that only needs a new login call start_reauth: it keeps the connection and its history.',
  })
}
