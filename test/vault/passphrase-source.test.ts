import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/secret.ts'
import { newWorld, place, vaultIn } from './rig.ts'

const token = new Secret('token-for-tests-only')
const withPassphrase = (text: string) => ({ key: { source: 'env' as const, passphrase: new Secret(text) } })

const typed = withPassphrase('Übung macht den Meister')

describe('a key from a passphrase', () => {
  it('opens after a restart with the same characters, however they were typed', async () => {
    const world = newWorld()
    const sealed = await vaultIn(world, typed).seal(place, token)
    const decomposed = withPassphrase('Übung macht den Meister'.normalize('NFD'))
    expect((await vaultIn(world, decomposed).open(place, sealed)).open()).toBe(token.open())
    expect(world.keychain.entries.size).toBe(0)
  })

  it('writes down scrypt parameters and a salt of 16 bytes', async () => {
    const world = newWorld()
    await vaultIn(world, typed).prepare()
    const { salt, ...parameters } = JSON.parse(world.records[0]?.kdf ?? '')
    expect(parameters).toEqual({ kdf: 'scrypt', N: 131_072, r: 8, p: 1 })
    expect(Buffer.from(salt, 'base64url')).toHaveLength(16)
    expect(world.records[0]?.keyId).toMatch(/^k1-env-/)
  })

  it('is wrong when the passphrase is another one', async () => {
    const world = newWorld()
    await vaultIn(world, typed).prepare()
    const other = vaultIn(world, withPassphrase('another passphrase'))
    expect(await other.state()).toMatchObject({
      state: 'locked',
      why: { code: 'VAULT_LOCKED', message: expect.stringContaining('wrong key') },
    })
    expect(world.records).toHaveLength(1)
  })

  it.each(['', 'fifteen letters', '💰'.repeat(15)])('is not made of %j', async (short) => {
    const world = newWorld()
    const vault = vaultIn(world, withPassphrase(short))
    expect(await vault.state()).toMatchObject({ state: 'locked', why: { code: 'VAULT_LOCKED' } })
    await expect(vault.prepare()).rejects.toThrow('too short')
    expect(world.records).toEqual([])
  })
})

describe('hostile parameters', () => {
  const good = { kdf: 'scrypt', N: 2 ** 17, r: 8, p: 1, salt: Buffer.alloc(16).toString('base64url') }

  it.each([
    ['N of 2^30', { ...good, N: 2 ** 30 }],
    ['N of 2^21', { ...good, N: 2 ** 21 }],
    ['N of 2^14', { ...good, N: 2 ** 14 }],
    ['N that is no power of two', { ...good, N: 100_000 }],
    ['r of 2^20', { ...good, r: 2 ** 20 }],
    ['r of 1', { ...good, r: 1 }],
    ['p of 5', { ...good, p: 5 }],
    ['p of 0', { ...good, p: 0 }],
    ['no salt', { ...good, salt: '' }],
    ['a salt of 15 bytes', { ...good, salt: Buffer.alloc(15).toString('base64url') }],
    ['another function', { ...good, kdf: 'pbkdf2' }],
    ['something more', { ...good, maxmem: 2 ** 40 }],
    ['no parameters', null],
  ])('%s are refused without a try', async (_what, kdf) => {
    const record = {
      keyId: 'k1-env-0123456789abcdef',
      state: 'active' as const,
      createdAt: '2026-11-20T10:00:00.000Z',
    }
    const world = newWorld()
    world.records.push({ ...record, canary: '', fingerprint: '', kdf: kdf && JSON.stringify(kdf) })
    const state = await vaultIn(world, typed).state()
    expect(state).toMatchObject({
      state: 'locked',
      why: { message: expect.stringContaining('not acceptable') },
    })
  })
})
