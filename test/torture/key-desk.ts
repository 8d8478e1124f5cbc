import { join } from 'node:path'
import { waitForLock } from '../../src/lock.ts'
import { Secret } from '../../src/secret.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { createVault } from '../../src/vault/index.ts'
import { connection } from '../store/rows.ts'
import { keychainIn } from '../vault/disk.ts'

export type Source = 'keychain' | 'file'
export type Desk = Awaited<ReturnType<typeof openDesk>>

export const placeOf = (row: string) =>
  ({ table: 'connections', column: 'sealed_token', row, environment: 'sandbox' }) as const

/** One process's store and vault over a directory that others have open too. */
export async function openDesk(directory: string, source: Source) {
  const home = join(directory, 'data')
  const store = await openStore({ home })
  const vault = createVault({
    key: source === 'file' ? { source, path: join(directory, 'coffer.key') } : { source },
    databaseId: store.databaseId,
    keys: store.keys,
    sealed: store.sealed,
    hasSealedRows: () => store.connections.hasTokens(),
    async lock(work) {
      const lock = await waitForLock(join(home, 'key.lock'), { timeoutMs: 20_000 })
      return await work().finally(() => lock.release())
    },
    keychain: keychainIn(directory, 1),
    now: Date.now,
  })
  return { store, vault, [Symbol.asyncDispose]: () => store.close() }
}

/** A new connection whose token tells whose it is. */
export async function addToken({ store, vault }: Pick<Desk, 'store' | 'vault'>, itemId: string) {
  const sealed = await vault.seal(placeOf(itemId), new Secret(`token of ${itemId}`))
  await store.connections.insert(connection({ itemId }), sealed)
}

/** The connections whose token does not open, or to something else. */
export async function unopened({ store, vault }: Pick<Desk, 'store' | 'vault'>): Promise<string[]> {
  const wrong: string[] = []
  for (const { itemId, sealedToken } of await store.connections.sealedTokens()) {
    const token = await vault.open(placeOf(itemId), sealedToken).catch(() => null)
    if (token?.open() !== `token of ${itemId}`) wrong.push(itemId)
  }
  return wrong
}

export async function activeKeys({ keys }: Store): Promise<string[]> {
  return (await keys.list()).filter(({ state }) => state === 'active').map(({ keyId }) => keyId)
}
