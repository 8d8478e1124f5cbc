import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/secret.ts'
import { withLimit } from '../../src/vault/keychain-limit.ts'
import type { Keychain, VaultDeps } from '../../src/vault/index.ts'
import { keysOf, newWorld, place, vaultIn, type World } from './rig.ts'

const token = new Secret('token-for-tests-only')
const passphrase = new Secret('a passphrase for tests')

const forever = () => new Promise<never>(() => undefined)
const silent: Keychain = { get: forever, set: forever, remove: forever }

async function usedWorld(): Promise<{ world: World; sealed: string }> {
  const world = newWorld()
  const sealed = await vaultIn(world).seal(place, token)
  world.sealedRows = true
  return { world, sealed }
}

describe('the first use', () => {
  it('makes nothing by looking', async () => {
    const world = newWorld()
    expect(await vaultIn(world).state()).toEqual({ state: 'ok', source: 'keychain', keyId: null })
    expect([world.records, world.keychain.entries.size]).toEqual([[], 0])
  })

  it('makes one key and writes down how to know it again', async () => {
    const world = newWorld()
    const vault = vaultIn(world)
    await vault.prepare()
    await vault.prepare()
    const [record] = world.records
    expect(world.records).toHaveLength(1)
    expect(record).toMatchObject({ state: 'active', createdAt: '2026-11-20T10:00:00.000Z', kdf: null })
    expect(record?.keyId).toMatch(/^k1-keychain-[0-9a-f]{16}$/)
    expect(record?.fingerprint).toMatch(/^[0-9a-f]{16}$/)
    expect(await vault.state()).toEqual({ state: 'ok', source: 'keychain', keyId: record?.keyId })
  })

  it('makes one key for many callers at once', async () => {
    const world = newWorld()
    const vault = vaultIn(world)
    const others = Array.from({ length: 5 }, () => vault.seal(place, token))
    await Promise.all([vault.prepare(), ...others])
    expect([world.records.length, world.keychain.entries.size]).toEqual([1, 1])
  })

  it.each<[string, Partial<VaultDeps>]>([
    ['the keychain asks its person', { keychain: silent }],
    ['another copy holds the lock', { lock: forever }],
  ])('is waited for as long as the caller can, while %s', async (_what, deps) => {
    const stop = new AbortController()
    const waiting = vaultIn(newWorld(), deps).prepare(stop.signal)
    stop.abort()
    await expect(waiting).rejects.toMatchObject({
      code: 'VAULT_LOCKED',
      message: expect.stringContaining('may be asking the person'),
    })
    const { signal } = stop
    expect(await vaultIn(newWorld(), { keychain: silent }).state(signal)).toMatchObject({
      state: 'locked',
      why: { message: expect.stringContaining('may be asking the person') },
    })
  })

  it('tells the lock when nobody waits for it any more', async () => {
    const { signal } = new AbortController()
    const told: unknown[] = []
    const lock: VaultDeps['lock'] = (work, given) => (told.push(given), work())
    await vaultIn(newWorld(), { lock }).prepare(signal)
    expect(told).toEqual([signal])
  })

  it('is not confused by a first use of another process in its middle', async () => {
    const world = newWorld()
    const hasSealedRows = async () => {
      if (!world.sealedRows) await vaultIn(world).seal(place, token)
      world.sealedRows = true
      return true
    }
    expect(await vaultIn(world, { hasSealedRows }).state()).toMatchObject({ state: 'ok' })
  })

  it('keeps the keys of several databases apart in one keychain', async () => {
    const world = newWorld()
    const other = { ...newWorld(), keychain: world.keychain }
    await vaultIn(world).prepare()
    await vaultIn(other, { databaseId: 'database-2' }).prepare()
    const owners = [...world.keychain.entries.keys()].map((account) => account.split('/')[0])
    expect(owners).toEqual(['database-1', 'database-2'])
  })

  it('makes no key when the keychain does not keep it', async () => {
    const world = newWorld()
    world.keychain.set = async () => {}
    await expect(vaultIn(world).prepare()).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    expect(world.records).toEqual([])
  })
})

describe('seal and open', () => {
  it('give back any text, also after a restart', async () => {
    const world = newWorld()
    const vault = vaultIn(world)
    await vault.prepare()
    const restarted = vaultIn(world)
    const text = fc.string({ unit: 'grapheme', maxLength: 1000 }).filter((made) => made.isWellFormed())
    const property = fc.asyncProperty(text, async (made) => {
      const sealed = await vault.seal(place, new Secret(made))
      expect((await restarted.open(place, sealed)).open()).toBe(made)
    })
    await fc.assert(property, { numRuns: 500 })
  })

  it('refuse text that would come back changed', async () => {
    await expect(vaultIn(newWorld()).seal(place, new Secret('\ud800'))).rejects.toThrow(TypeError)
  })

  it('refuse a record that names an unknown key', async () => {
    const { world, sealed } = await usedWorld()
    const other = sealed.replace(/keychain-\w{16}/, 'keychain-0123456789abcdef')
    await expect(vaultIn(world).open(place, other)).rejects.toMatchObject({ code: 'RECORD_DAMAGED' })
  })

  it('refuse what is no record before the key is even looked for', async () => {
    const { world } = await usedWorld()
    world.keychain.entries.clear()
    await expect(vaultIn(world).open(place, 'junk')).rejects.toMatchObject({ code: 'RECORD_DAMAGED' })
  })

  it('ask the keychain once in a process', async () => {
    const { world, sealed } = await usedWorld()
    const vault = vaultIn(world)
    await Promise.all([vault.open(place, sealed), vault.open(place, sealed), vault.state()])
    world.keychain.entries.clear()
    expect((await vault.open(place, sealed)).open()).toBe(token.open())
  })

  it('open with an older key, and seal with the active one', async () => {
    const { world, sealed } = await usedWorld()
    const older = world.records.map((record) => ({ ...record, state: 'decrypt-only' as const }))
    const fresh = { ...newWorld(), keychain: world.keychain }
    await vaultIn(fresh).prepare()

    const both = vaultIn(world, { keys: keysOf([...older, ...fresh.records]) })
    expect((await both.open(place, sealed)).open()).toBe(token.open())
    expect((await both.seal(place, token)).split('.')[1]).toBe(fresh.records[0]?.keyId)
  })
})

const never = () => new Promise<never>(() => {})
const failing = async () => Promise.reject(new Error('org.freedesktop.secrets: token-for-tests-only'))

describe.each([
  ['fails', failing],
  ['never answers', never],
])('a keychain that %s', (_what, trouble) => {
  const over = (world: World) => {
    world.keychain.trouble = trouble
    return vaultIn(world, { keychain: withLimit(world.keychain, 20) })
  }

  it('locks an empty database and says the choices', async () => {
    const world = newWorld()
    const vault = over(world)
    const choices = expect.stringMatching(/keychain.*\n.*TOKEN_ENCRYPTION_KEY.*\n.*COFFER_KEY=file:PATH/)
    expect(await vault.state()).toMatchObject({
      state: 'locked',
      why: { code: 'VAULT_LOCKED', fix: choices },
    })
    await expect(vault.prepare()).rejects.toMatchObject({ code: 'VAULT_LOCKED', fix: choices })
    expect(world.records).toEqual([])
  })

  it('locks a used database and changes nothing', async () => {
    const { world, sealed } = await usedWorld()
    const before = structuredClone([world.records, [...world.keychain.entries]])
    const vault = over(world)
    expect(await vault.state()).toMatchObject({ state: 'locked', source: 'keychain' })
    await expect(vault.seal(place, token)).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    await expect(vault.open(place, sealed)).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    expect([world.records, [...world.keychain.entries]]).toEqual(before)
  })

  it('is asked again after it was mended', async () => {
    const { world, sealed } = await usedWorld()
    const working = world.keychain.trouble
    world.keychain.trouble = failing
    const vault = vaultIn(world)
    expect(await vault.state()).toMatchObject({ state: 'locked' })
    world.keychain.trouble = working
    expect((await vault.open(place, sealed)).open()).toBe(token.open())
  })
})

describe('over a used database', () => {
  const lockedBy: [string, (world: World) => void, string][] = [
    ['the key is missing', (world) => world.keychain.entries.clear(), 'is missing'],
    ['the key is another one', (world) => swapKey(world), 'wrong key'],
    ['the keychain holds no key', (world) => changeKey(world, 'junk'), 'not a key'],
    ['the note about the key is gone', (world) => void world.records.pop(), 'is gone'],
    ['the key is retired', (world) => changeRecord(world, { state: 'retired' }), 'is gone'],
    [
      'the key is from a newer version',
      (world) => changeRecord(world, { keyId: 'k2-tpm-1' }),
      'newer version',
    ],
    ['the canary was changed', (world) => changeRecord(world, { canary: 'v1.x' }), 'note about it'],
    [
      'the key came from a file',
      (world) => changeRecord(world, { keyId: 'k1-file-0123456789abcdef' }),
      'from file',
    ],
  ]

  it.each(lockedBy)('%s: locked, and nothing is made', async (_what, trouble, message) => {
    const { world } = await usedWorld()
    trouble(world)
    const before = structuredClone([world.records, [...world.keychain.entries]])
    const vault = vaultIn(world)
    expect(await vault.state()).toMatchObject({
      state: 'locked',
      why: { code: 'VAULT_LOCKED', message: expect.stringContaining(message), fix: expect.any(String) },
    })
    await expect(vault.prepare()).rejects.toThrow(message)
    await expect(vault.seal(place, token)).rejects.toThrow(message)
    expect([world.records, [...world.keychain.entries]]).toEqual(before)
  })

  it('names the source that made the key when another one is set', async () => {
    const { world } = await usedWorld()
    const vault = vaultIn(world, { key: { source: 'env', passphrase } })
    expect(await vault.state()).toMatchObject({
      source: 'env',
      why: { fix: expect.stringContaining('COFFER_KEY=keychain') },
    })
  })

  it('no error carries a key, a passphrase or a token', async () => {
    const { world, sealed } = await usedWorld()
    const secrets = [token.open(), passphrase.open(), ...world.keychain.entries.values()]
    const failures = await Promise.all([
      vaultIn({ ...world, records: [] })
        .prepare()
        .catch(inspect),
      vaultIn(world)
        .open({ ...place, row: 'item-2' }, sealed)
        .catch(inspect),
      vaultIn(world, { key: { source: 'env', passphrase } })
        .prepare()
        .catch(inspect),
      vaultIn(world, { keychain: { ...world.keychain, get: failing } })
        .prepare()
        .catch(inspect),
    ])
    expect(secrets.filter((secret) => failures.join('\n').includes(secret))).toEqual([])
  })

  it('a database that cannot be read is a state, not a crash', async () => {
    const broken = { ...keysOf([]), list: async () => Promise.reject(new Error('disk')) }
    expect(await vaultIn(newWorld(), { keys: broken }).state()).toMatchObject({
      state: 'locked',
      why: { code: 'INTERNAL' },
    })
  })
})

function changeKey({ keychain }: World, text: string): void {
  for (const account of keychain.entries.keys()) keychain.entries.set(account, text)
}

function swapKey(world: World): void {
  changeKey(world, `coffer-key-v1.${Buffer.alloc(32, 9).toString('base64url')}`)
}

function changeRecord({ records }: World, change: Partial<World['records'][number]>): void {
  records.splice(0, 1, ...records.slice(0, 1).map((record) => ({ ...record, ...change })))
}
