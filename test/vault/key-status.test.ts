import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/secret.ts'
import { newWorld, place, vaultIn, type World } from './rig.ts'

async function worldWithToken(): Promise<World> {
  const world = newWorld()
  const sealed = await vaultIn(world).seal(place, new Secret('token-for-tests-only'))
  world.values.push({ ...place, sealed })
  world.sealedRows = true
  return world
}

describe('the status of the keys', () => {
  it('makes nothing where there is none', async () => {
    const world = newWorld()
    expect(await vaultIn(world).keys.status()).toEqual({
      source: 'keychain',
      locked: null,
      keys: [],
      unknown: 0,
    })
    expect(world.keychain.entries.size).toBe(0)
  })

  it('tells of each key how much it seals and whether it opens, and shows none', async () => {
    const world = await worldWithToken()
    await vaultIn(world).keys.rotate()
    const status = await vaultIn(world).keys.status()
    expect(status).toMatchObject({
      locked: null,
      keys: [
        { state: 'decrypt-only', source: 'keychain', records: 0, canary: 'opens', why: null },
        { state: 'active', source: 'keychain', records: 1, canary: 'opens', why: null },
      ],
      unknown: 0,
    })
    const shown = JSON.stringify(status)
    for (const text of world.keychain.entries.values()) expect(shown).not.toContain(text.split('.')[1])
    for (const { canary, fingerprint } of world.records)
      expect(shown.includes(canary) || shown.includes(fingerprint)).toBe(false)
  })

  it('says what is wrong with a key that is gone, is another one, or was tampered with', async () => {
    const world = await worldWithToken()
    const [account = ''] = world.keychain.entries.keys()
    const other = `coffer-key-v1.${Buffer.alloc(32, 9).toString('base64url')}`
    world.keychain.entries.set(account, other)
    const status = await vaultIn(world).keys.status()
    expect(status.locked).toMatchObject({ code: 'VAULT_LOCKED' })
    expect(status.keys).toMatchObject([{ canary: 'fails', why: expect.stringContaining('wrong key') }])
    world.keychain.entries.clear()
    expect((await vaultIn(world).keys.status()).keys).toMatchObject([
      { canary: 'fails', why: expect.stringContaining('missing') },
    ])
  })

  it('counts what names no key that is known here', async () => {
    const world = await worldWithToken()
    world.values.push({ ...place, row: 'item-2', sealed: 'no record' })
    const [first] = world.values
    const foreign = first?.sealed.replace(/k1-keychain-\w+/, 'k1-keychain-0000000000000000') ?? ''
    world.values.push({ ...place, row: 'item-3', sealed: foreign })
    expect(await vaultIn(world).keys.status()).toMatchObject({ keys: [{ records: 1 }], unknown: 2 })
  })

  it('knows no place for a key of a newer version', async () => {
    const world = await worldWithToken()
    const [record] = world.records
    if (record !== undefined) world.records[0] = { ...record, keyId: 'k2-enclave-1' }
    expect((await vaultIn(world).keys.status()).keys).toMatchObject([
      { source: null, canary: 'fails', why: expect.stringContaining('newer version') },
    ])
    await expect(vaultIn(world).keys.rotate()).rejects.toThrow('newer version')
  })
})
