import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { newWorld, vaultIn, type World } from './rig.ts'

let home: string
let world: World
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'coffer-destroy-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  world = newWorld()
})

const destroyed = async ({ keys }: Pick<ReturnType<typeof vaultIn>, 'keys'>) =>
  (await keys.destruction(home))()
const inFile = (path: string) => vaultIn(world, { key: { source: 'file', path } })

it('deletes every key of the keychain, the replaced one too, and again finds nothing', async () => {
  const vault = vaultIn(world)
  await vault.prepare()
  await vault.keys.rotate()
  expect(world.keychain.entries.size).toBe(2)
  expect(await destroyed(vault)).toMatchObject([{ key: 'deleted' }, { key: 'deleted' }])
  expect(world.keychain.entries.size).toBe(0)
  expect(await destroyed(vault)).toMatchObject([{ key: 'absent' }, { key: 'absent' }])
})

it('says which item of a locked keychain is left', async () => {
  await vaultIn(world).prepare()
  const [account] = world.keychain.entries.keys()
  world.keychain.trouble = () => Promise.reject(new Error('locked'))
  expect(await destroyed(vaultIn(world))).toMatchObject([
    { key: 'failed', where: account, why: { code: 'VAULT_LOCKED' } },
  ])
})

it('deletes a key file in the data directory, and leaves one outside of it, or of its owner', async () => {
  const [inside, outside, own] = [join(home, 'a.key'), `${home}.key`, join(home, 'own.key')]
  onTestFinished(() => rmSync(outside, { force: true }))
  await inFile(inside).prepare()
  expect(await destroyed(inFile(inside))).toMatchObject([{ key: 'deleted' }])
  expect(existsSync(inside)).toBe(false)

  world = newWorld()
  await inFile(outside).prepare()
  expect(await destroyed(inFile(outside))).toMatchObject([{ key: 'elsewhere', where: outside }])
  expect(existsSync(outside)).toBe(true)

  world = newWorld()
  writeFileSync(own, readFileSync(outside), { mode: 0o600 })
  await inFile(own).prepare()
  expect(await destroyed(inFile(own))).toMatchObject([{ key: 'foreign', where: own }])
  expect(existsSync(own)).toBe(true)
})

it('has nothing to delete of a passphrase, nor of a key that is deleted already', async () => {
  const record = { createdAt: '2026-11-20T10:00:00Z', fingerprint: '0'.repeat(16), kdf: null }
  world.records.push(
    { ...record, keyId: 'k1-keychain-0123456789abcdef', state: 'retired', canary: '' },
    { ...record, keyId: 'k1-env-0123456789abcdef', state: 'active', canary: 'v1' },
  )
  expect(await destroyed(vaultIn(world))).toMatchObject([{ key: 'passphrase', where: null }])
})
