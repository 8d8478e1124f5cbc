import { CofferError, ignoreKnown, isCofferError } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { Secret } from '../secret.ts'
import type { Place } from '../vault/vault.ts'
import type { HealthDeps } from './health.ts'
import type { FinishDeps } from './link-change.ts'
import { createKeeper } from './new-connection.ts'
import { saveAccounts } from './succession.ts'
import { tokenPlace } from './token.ts'
import { findTwin, othersThan } from './twin.ts'

/** An access token that a person has from elsewhere. */
export interface KnownToken extends Pick<Connection, 'label' | 'person'> {
  readonly accessToken: Secret
  /** Whether it is to be kept although its login is connected already. */
  readonly keep: boolean
}

/**
 * Asks Plaid whose token it is, and keeps it as a new connection, which is yet to be fetched; or in the place of the same
 * token, where that does not open any more. Nothing is intended before: whatever happens, the person still has the token.
 * @throws CofferError INVALID_ARGUMENTS, WRONG_ENVIRONMENT, PLAID_REJECTED or ALREADY_CONNECTED; no connection was made
 */
export type ImportToken = (token: KnownToken) => Promise<Connection>

export function createImport(deps: FinishDeps & Pick<HealthDeps, 'translateCode'>): ImportToken {
  const { store, vault, plaid, environment, health, loginLock, translateCode } = deps
  const keepNew = createKeeper(deps)

  return async ({ accessToken, label, person, keep }) => {
    await vault.prepare()
    const { item, accounts } = await plaid.whose(accessToken).catch(orRefused)
    if (item.error !== null) refuseEnded(translateCode(item.error))
    const { itemId, institution, institutionId, products } = item
    await loginLock(async () => {
      const same = await store.connections.find(itemId)
      if (same !== null) return await mend(same, accessToken)
      const others = await othersThan(store, environment, null)
      const twin = keep ? null : await findTwin(deps, { institution, institutionId, accounts }, others)
      if (twin !== null) throw doubles(twin)
      await keepNew({ itemId, institution, institutionId, products, label, person }, accessToken)
    })
    if (accounts.length > 0) await saveAccounts(store, itemId, accounts)
    const checked = await health.check(itemId).catch(ignoreKnown)
    return checked?.connection ?? (await found(itemId))
  }

  /** One that is being removed is ended at Plaid by it, too. */
  async function mend(same: Connection, accessToken: Secret): Promise<void> {
    const place = tokenPlace(same.itemId, environment)
    const sealed = await store.connections.sealedToken(same.itemId)
    const isMended = sealed !== null && !(await opens(place, sealed))
    if (isMended) await store.sealed.replace({ ...place, sealed }, await vault.seal(place, accessToken))
    if (same.status === 'removing') throw beingRemoved(same)
    if (!isMended) throw alreadyConnected(same)
  }

  async function opens(place: Place, sealed: string): Promise<boolean> {
    return (await vault.open(place, sealed).catch(ignoreKnown)) !== undefined
  }

  async function found(itemId: string): Promise<Connection> {
    const connection = await store.connections.find(itemId)
    if (connection === null)
      throw new CofferError('UNKNOWN_CONNECTION', 'The connection was removed meanwhile.')
    return connection
  }
}

/** Plaid says the same of a token that is void and of one that another team has. */
function orRefused(error: unknown): never {
  refuseEnded(error)
  throw error
}

/** One that wants a new login, or whose bank is down, is another matter: that is mended here. */
function refuseEnded(error: unknown): void {
  if (!isCofferError(error, 'CONNECTION_ENDED')) return
  throw new CofferError('PLAID_REJECTED', 'Plaid does not take this token with these keys.', {
    fix: 'Use the keys of the Plaid team that made it; a token that was removed or replaced works nowhere any more: connect that bank with coffer-mcp connect.',
    ...(error.plaidCode !== undefined && { plaidCode: error.plaidCode }),
  })
}

function alreadyConnected({ institution }: Connection): CofferError {
  return new CofferError('ALREADY_CONNECTED', `This very connection to ${institution} is here already.`, {
    fix: 'There is nothing to do; coffer-mcp list shows it.',
  })
}

function beingRemoved({ institution, itemId }: Connection): CofferError {
  return new CofferError('ALREADY_CONNECTED', `This very connection to ${institution} is being removed.`, {
    fix: `Plaid has yet to confirm that, and is asked once a day; coffer-mcp tokens revoke ${itemId} asks now. For the bank anew: coffer-mcp connect.`,
  })
}

function doubles({ institution }: Connection): CofferError {
  return new CofferError('ALREADY_CONNECTED', `The same login at ${institution} is connected already.`, {
    fix: 'Remove one of the two at Plaid, since each is billed; or keep both: coffer-mcp tokens import --keep.',
  })
}
