import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeyChoice } from '../../src/config.ts'
import { Secret } from '../../src/secret.ts'
import type { VaultDeps } from '../../src/vault/index.ts'
import { newWorld, place, vaultIn, type World } from './rig.ts'

const passphrase = new Secret('a passphrase for tests')
let directory: string
let world: World

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'coffer-rotation-'))
  world = newWorld()
})
afterEach(() => rmSync(directory, { recursive: true }))

const keyFile = (name = 'coffer.key') => ({ source: 'file', path: join(directory, name) }) as const
const linesOf = (name = 'coffer.key') => readFileSync(join(directory, name), 'utf8').trimEnd().split('\n')
const states = () => world.records.map(({ state }) => state)

/** Tokens `from`, `from + 1`, … of as many connections. */
async function keep(count: number, deps: Partial<VaultDeps> = {}, from = 1): Promise<void> {
  const vault = vaultIn(world, deps)
  for (let number = from; number < from + count; number += 1) {
    const where = { ...place, row: `item-${number}` }
    world.values.push({ ...where, sealed: await vault.seal(where, new Secret(`token-${number}`)) })
  }
  world.sealedRows = true
}

async function opened(deps: Partial<VaultDeps> = {}): Promise<string[]> {
  const vault = vaultIn(world, deps)
  return await Promise.all(world.values.map(async (value) => (await vault.open(value, value.sealed)).open()))
}

const sources: [string, () => KeyChoice][] = [
  ['keychain', () => ({ source: 'keychain' })],
  ['env', () => ({ source: 'env', passphrase })],
  ['file', () => keyFile()],
]

describe.each(sources)('rotating a key from %s', (_name, choice) => {
  it('seals everything anew, and the key until now only opens', async () => {
    const deps = { key: choice() }
    await keep(3, deps)
    const before = world.values.map(({ sealed }) => sealed)
    const rotated = await vaultIn(world, deps).keys.rotate()
    const [first, second] = world.records
    expect(rotated).toEqual({
      keyId: second?.keyId,
      previous: first?.keyId,
      rewrapped: 3,
      open: 3,
      damaged: 0,
    })
    expect(states()).toEqual(['decrypt-only', 'active'])
    expect(world.values.every(({ sealed }) => sealed.split('.')[1] === second?.keyId)).toBe(true)
    expect(await opened(deps)).toEqual(['token-1', 'token-2', 'token-3'])
    // What another copy has read before, and a backup, still open.
    const vault = vaultIn(world, deps)
    expect((await vault.open({ ...place, row: 'item-1' }, before[0] ?? '')).open()).toBe('token-1')
  })

  it('a copy that runs seals with the new key, and opens with both', async () => {
    const deps = { key: choice() }
    await keep(1, deps)
    const running = vaultIn(world, deps)
    const old = await running.seal(place, new Secret('old'))
    const { keyId } = await vaultIn(world, deps).keys.rotate()
    const fresh = await running.seal(place, new Secret('new'))
    expect(fresh.split('.')[1]).toBe(keyId)
    expect((await running.open(place, old)).open()).toBe('old')
    expect((await running.open(place, fresh)).open()).toBe('new')
  })

  it('retires the key until now, and everything opens without it', async () => {
    const deps = { key: choice() }
    await keep(2, deps)
    const vault = vaultIn(world, deps)
    await vault.keys.rotate()
    const [retired] = await vault.keys.retire()
    expect(retired?.key).toBe(deps.key.source === 'env' ? 'passphrase' : 'deleted')
    expect(states()).toEqual(['retired', 'active'])
    expect(world.keychain.entries.size).toBe(deps.key.source === 'keychain' ? 1 : 0)
    expect(await opened(deps)).toEqual(['token-1', 'token-2'])
    expect(await vault.keys.retire()).toEqual([])
  })
})

describe('a rotation', () => {
  it('makes no first key', async () => {
    expect(await vaultIn(world).keys.rotate()).toMatchObject({ keyId: null, rewrapped: 0 })
    expect(world.keychain.entries.size).toBe(0)
  })

  it('makes no key while the one until now cannot be had', async () => {
    await vaultIn(world).prepare()
    world.keychain.entries.clear()
    await expect(vaultIn(world).keys.rotate()).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    await expect(vaultIn(world, { key: keyFile() }).keys.rotate()).rejects.toThrow('missing')
    expect(states()).toEqual(['active'])
    expect(world.keychain.entries.size).toBe(0)
  })

  it.each(['rotate', 'resume'] as const)('that was cut off is gone on with by %s', async (way) => {
    await keep(3)
    const [one, two, three] = world.values
    await vaultIn(world).keys.rotate()
    // As after a kill in the middle of sealing anew.
    world.values.splice(1, 2, ...[two, three].flatMap((value) => value ?? []))
    expect(one).not.toEqual(world.values[0])
    await vaultIn(world).keys[way]()
    expect(states()).toEqual(['decrypt-only', 'active'])
    const ids = new Set(world.values.map(({ sealed }) => sealed.split('.')[1]))
    expect([...ids]).toEqual([world.records[1]?.keyId])
    expect(await opened()).toEqual(['token-1', 'token-2', 'token-3'])
  })

  it('goes on at a start without making a key, and asks nobody when nothing is left over', async () => {
    await keep(1)
    world.keychain.trouble = () => Promise.reject(new Error('locked'))
    expect(await vaultIn(world).keys.resume()).toBe(0)
    expect(await vaultIn(newWorld()).keys.resume()).toBe(0)
  })

  it('does not write over what another copy has written meanwhile', async () => {
    await keep(2)
    const other = vaultIn(world)
    const mine = { ...place, row: 'item-2' }
    const deps: Partial<VaultDeps> = {
      sealed: {
        list: async () => [...world.values],
        async replace(value, sealed) {
          const index = world.values.indexOf(value)
          const late = await other.seal(mine, new Secret('a newer token'))
          if (value.row === 'item-2' && value.sealed === taken) {
            world.values[index] = { ...value, sealed: late }
            return false
          }
          world.values[index] = { ...value, sealed }
          return true
        },
      },
    }
    const taken = world.values[1]?.sealed
    await vaultIn(world, deps).keys.rotate()
    expect(await opened()).toEqual(['token-1', 'a newer token'])
  })

  it('leaves what no key opens, says so, and such a value stops no further rotation', async () => {
    await keep(2)
    const [first] = world.values
    if (first !== undefined) world.values[0] = { ...first, row: 'item-9' }
    const { keys } = vaultIn(world)
    expect(await keys.rotate()).toMatchObject({ rewrapped: 1, open: 1, damaged: 1 })
    expect(await keys.rotate()).toMatchObject({ previous: world.records[1]?.keyId, rewrapped: 1 })
    await expect(keys.retire()).rejects.toMatchObject({ code: 'KEY_IN_USE' })
  })
})

describe('moving to another source', () => {
  const choices = sources.flatMap(([from, one]) =>
    sources.filter(([to]) => to !== from).map(([to, other]) => [from, to, one, other] as const),
  )

  it.each(choices)('from %s to %s is done by a rotation, and by nothing else', async (_a, _b, one, other) => {
    const [before, after] = [
      { key: one(), passphrase },
      { key: other(), passphrase },
    ]
    await keep(2, before)
    expect(await vaultIn(world, after).state()).toMatchObject({ state: 'locked' })
    expect(await vaultIn(world, after).keys.resume()).toBe(0)
    expect(states()).toEqual(['active'])
    await vaultIn(world, after).keys.rotate()
    expect(await opened(after)).toEqual(['token-1', 'token-2'])
    expect(await vaultIn(world, before).state()).toMatchObject({ state: 'locked' })
    await vaultIn(world, after).keys.retire()
    expect(await opened(after)).toEqual(['token-1', 'token-2'])
  })

  it('that was cut off goes on at the new source, and opens from both until then', async () => {
    await keep(2)
    const [, second] = world.values
    const after = { key: keyFile() }
    await vaultIn(world, after).keys.rotate()
    if (second !== undefined) world.values[1] = second
    expect(await opened(after)).toEqual(['token-1', 'token-2'])
    expect(await vaultIn(world, after).keys.resume()).toBe(1)
  })

  it('and back is the way to another passphrase', async () => {
    const [old, fresh] = [passphrase, new Secret('another passphrase for tests')]
    await keep(1, { key: { source: 'env', passphrase: old } })
    const changed = { key: { source: 'env', passphrase: fresh } } as const
    await expect(vaultIn(world, changed).keys.rotate()).rejects.toThrow('wrong key')
    await vaultIn(world, { key: keyFile(), passphrase: old }).keys.rotate()
    await vaultIn(world, changed).keys.rotate()
    expect(await vaultIn(world, changed).keys.retire()).toMatchObject([
      { key: 'passphrase' },
      { key: 'deleted' },
    ])
    expect(await opened(changed)).toEqual(['token-1'])
  })

  it('to another file takes a key that was put there, and never deletes that', async () => {
    await keep(1, { key: keyFile() })
    const own = `coffer-key-v1.${Buffer.alloc(32, 7).toString('base64url')}`
    writeFileSync(join(directory, 'own.key'), `${own}\n`, { mode: 0o600 })
    await vaultIn(world, { key: keyFile('own.key') }).keys.rotate()
    expect(linesOf('own.key')).toEqual([own])
    await vaultIn(world, { key: keyFile('own.key') }).keys.retire()
    const back = vaultIn(world)
    await back.keys.rotate()
    expect(await back.keys.retire()).toMatchObject([{ key: 'foreign' }])
    expect(linesOf('own.key')).toEqual([own])
  })
})

describe('a key file', () => {
  it('has both keys until the older one is retired, is private, and stays where a link leads', async () => {
    symlinkSync(join(directory, 'real.key'), join(directory, 'coffer.key'))
    const first = `coffer-key-v1.${Buffer.alloc(32, 7).toString('base64url')}`
    writeFileSync(join(directory, 'real.key'), `${first}\n`, { mode: 0o600 })
    const deps = { key: keyFile() }
    await keep(1, deps)
    await vaultIn(world, deps).keys.rotate()
    expect(linesOf('real.key')).toEqual([first, expect.stringMatching(/^coffer-key-v1\.[\w-]{43}$/)])
    expect(statSync(join(directory, 'real.key')).mode & 0o777).toBe(0o600)
    expect(await opened(deps)).toEqual(['token-1'])
  })

  it('takes the key that a killed rotation had written and not noted', async () => {
    const deps = { key: keyFile() }
    await keep(1, deps)
    const cut = { ...world, records: [...world.records], values: [...world.values] }
    await vaultIn(cut, deps).keys.rotate()
    expect(linesOf()).toHaveLength(2)
    await vaultIn(world, deps).keys.rotate()
    expect(linesOf()).toHaveLength(2)
    await vaultIn(world, deps).keys.retire()
    expect(linesOf()).toHaveLength(1)
    expect(await opened(deps)).toEqual(['token-1'])
  })
})

describe('retiring', () => {
  it('is refused while anything is sealed with the key', async () => {
    await keep(2)
    const [first] = world.values
    const { keys } = vaultIn(world)
    await keys.rotate()
    if (first !== undefined) world.values[0] = first
    await expect(keys.retire()).rejects.toMatchObject({
      code: 'KEY_IN_USE',
      fix: expect.stringContaining('keys rotate'),
    })
    expect(world.keychain.entries.size).toBe(2)
    expect(states()).toEqual(['decrypt-only', 'active'])
  })

  it('never takes the active key', async () => {
    await keep(1)
    expect(await vaultIn(world).keys.retire()).toEqual([])
    expect(await opened()).toEqual(['token-1'])
  })

  it('that was cut off before the key was deleted is gone on with', async () => {
    await keep(1)
    const { keys } = vaultIn(world)
    await keys.rotate()
    const [old] = world.records
    if (old !== undefined) world.records[0] = { ...old, state: 'retired' }
    expect(await keys.retire()).toEqual([{ keyId: old?.keyId, key: 'deleted' }])
    expect(world.keychain.entries.size).toBe(1)
  })

  it('deletes nothing while the active key cannot be had', async () => {
    await keep(1)
    await vaultIn(world).keys.rotate()
    world.keychain.entries.delete(`database-1/${world.records[1]?.keyId}`)
    await expect(vaultIn(world).keys.retire()).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    expect(world.keychain.entries.size).toBe(1)
  })
})
