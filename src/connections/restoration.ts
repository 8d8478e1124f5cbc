import { CofferError, isCofferError } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { Restoring, Store } from '../store/index.ts'
import type { Vault } from '../vault/vault.ts'
import { withSameAs } from './same-accounts.ts'

type VaultOf = (store: Store) => Pick<Vault, 'open'>

/** A backup that can be restored, before anything is changed. */
export interface Restoration extends Pick<Restoring, 'file' | 'takenAt' | 'schema' | 'end'> {
  readonly decision: Awaited<ReturnType<Restoring['decide']>>
  /** False: there is no database that could be read, and the backup takes its place. */
  readonly isMerged: boolean
  /** Those that come back with a token that was changed, and opens no more. */
  readonly unopened: readonly Connection[]
  apply(): ReturnType<Restoring['apply']>
}

/** VAULT_LOCKED, and it is ended, when the key is not at hand that tokens which have to come back are sealed with. */
export async function createRestoration(restoring: Restoring, vaultOf: VaultOf): Promise<Restoration> {
  try {
    return await withTokens(restoring, vaultOf)
  } catch (error) {
    await restoring.end()
    throw error
  }
}

async function withTokens(restoring: Restoring, vaultOf: VaultOf): Promise<Restoration> {
  const { copy, live, file, takenAt, schema, end } = restoring
  const copied = await tokensOf(copy, vaultOf(copy))
  const own = live === null ? new Map<string, Token>() : await tokensOf(live, vaultOf(live))
  const decision = await restoring.decide()
  // One that is here and opens is as new as that of the backup, or newer.
  const needed = decision.restored.filter(({ itemId }) => own.get(itemId)?.failure !== null)
  const failureOf = ({ itemId }: Connection) => copied.get(itemId)?.failure ?? null
  refuseLocked(needed.map(failureOf))
  const taken = needed.filter((connection) => failureOf(connection) === null).map(({ itemId }) => itemId)
  const keys = new Set(taken.flatMap((itemId) => copied.get(itemId)?.keyId ?? []))
  return {
    file,
    takenAt,
    schema,
    end,
    decision,
    isMerged: live !== null,
    unopened: needed.filter((connection) => failureOf(connection) !== null),
    apply: () => restoring.apply({ tokens: taken, keys: [...keys], mark: withSameAs }),
  }
}

interface Token {
  /** Every sealed text names its key. */
  readonly keyId: string | undefined
  /** Why it does not open; null when it does. */
  readonly failure: CofferError | null
}

/** By item_id. */
async function tokensOf(store: Store, vault: Pick<Vault, 'open'>): Promise<ReadonlyMap<string, Token>> {
  const found = new Map<string, Token>()
  for (const { itemId, environment, sealedToken } of await store.connections.sealedTokens()) {
    const place = { table: 'connections', column: 'sealed_token', row: itemId, environment }
    const failure = await vault.open(place, sealedToken).then(() => null, known)
    found.set(itemId, { keyId: sealedToken.split('.')[1], failure })
  }
  return found
}

function known(error: unknown): CofferError {
  if (isCofferError(error)) return error
  throw error
}

function refuseLocked(failures: readonly (CofferError | null)[]): void {
  const locked = failures.find((failure) => isCofferError(failure, 'VAULT_LOCKED'))
  if (locked === undefined || locked === null) return
  throw new CofferError(
    locked.code,
    `The bank tokens in the backup do not open here. ${locked.message} Nothing was changed.`,
    locked.fix === undefined ? {} : { fix: locked.fix },
  )
}
