/** One of several copies that start at once: told a directory and a sealing place, it says which key it uses. */
import { join } from 'node:path'
import { waitForLock } from '../../src/lock.ts'
import { Secret } from '../../src/secret.ts'
import { createVault, type VaultDeps } from '../../src/vault/index.ts'
import { keychainIn, recordsIn } from './disk.ts'
import { nothingSealed, place } from './rig.ts'

function lockIn(directory: string): VaultDeps['lock'] {
  return async (work) => {
    const lock = await waitForLock(join(directory, 'key.lock'), { timeoutMs: 20_000 })
    return work().finally(() => lock.release())
  }
}

async function start(directory: string, source: string): Promise<string> {
  const vault = createVault({
    key: source === 'file' ? { source: 'file', path: join(directory, 'coffer.key') } : { source: 'keychain' },
    databaseId: 'database-1',
    keys: recordsIn(directory),
    hasSealedRows: async () => false,
    sealed: nothingSealed,
    lock: lockIn(directory),
    keychain: keychainIn(directory, 2),
    now: Date.now,
  })
  await vault.prepare()
  return vault.seal(place, new Secret('token-for-tests-only'))
}

process.on('message', ({ directory, source }: { directory: string; source: string }) => {
  start(directory, source).then(
    (sealed) => process.send?.({ sealed }),
    (error) => process.send?.({ error: String(error) }),
  )
})
process.send?.('ready')
