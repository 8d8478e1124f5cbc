/** Started in a session with some keychain: does what it is told over the home in `argv[2]`, and says what came of it. */
import { Secret } from '../../src/secret.ts'
import { createVault, osKeychain } from '../../src/vault/index.ts'
import { recordsIn } from './disk.ts'
import { lockHere, nothingSealed, place } from './rig.ts'

const [, , home = '', ...steps] = process.argv
const keys = recordsIn(home)

const vault = createVault({
  key: { source: 'keychain' },
  databaseId: 'database-1',
  keys,
  hasSealedRows: async () => false,
  sealed: nothingSealed,
  lock: lockHere(),
  keychain: osKeychain(),
  now: Date.now,
})

async function take(step: string): Promise<unknown> {
  if (step === 'state') return (await vault.state()).state
  if (step === 'prepare') return vault.prepare().then(() => 'ok')
  if (step === 'seal') return vault.seal(place, new Secret('token-for-tests-only'))
  if (step === 'rotate') return vault.keys.rotate().then(() => 'ok')
  if (step === 'retire') return (await vault.keys.retire()).map(({ key }) => key).join()
  return (await vault.open(place, step)).open()
}

for (const step of steps) {
  const began = performance.now()
  const result = await take(step).catch((error: Error) => error.message)
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(`${JSON.stringify({ step, result, seconds, keys: (await keys.list()).length })}\n`)
}
process.exit(0)
