import { beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../src/secret.ts'
import { createKeptKeys, type KeptKeys } from '../../src/vault/index.ts'
import { memoryKeychain } from './rig.ts'

let keychain: ReturnType<typeof memoryKeychain>
let kept: KeptKeys
beforeEach(() => {
  keychain = memoryKeychain()
  kept = createKeptKeys(keychain, 'database-1')
})

const keysOf = (secret: string) => ({ clientId: 'made-up-id', secret: new Secret(secret) })

describe('Plaid keys in the keychain', () => {
  it('are those of one environment of one data directory', async () => {
    await kept.keep('sandbox', keysOf('made-up-secret'))
    const { clientId, secret } = await createKeptKeys(keychain, 'database-1').read('sandbox')
    expect([clientId, secret.open()]).toEqual(['made-up-id', 'made-up-secret'])
    for (const [environment, databaseId] of [
      ['production', 'database-1'],
      ['sandbox', 'database-2'],
    ] as const)
      await expect(createKeptKeys(keychain, databaseId).read(environment)).rejects.toMatchObject({
        code: 'NOT_CONFIGURED',
        message: `The keychain shows no Plaid keys for ${environment}.`,
        fix: expect.stringContaining('coffer-mcp setup'),
      })
  })

  it('are read once, until Plaid has refused them', async () => {
    await kept.keep('sandbox', keysOf('old'))
    await kept.read('sandbox')
    await createKeptKeys(keychain, 'database-1').keep('sandbox', keysOf('new'))
    expect((await kept.read('sandbox')).secret.open()).toBe('old')
    kept.readAnew()
    expect((await kept.read('sandbox')).secret.open()).toBe('new')
  })

  it('are seen as soon as the keychain shows them', async () => {
    await expect(kept.read('sandbox')).rejects.toMatchObject({ code: 'NOT_CONFIGURED' })
    await createKeptKeys(keychain, 'database-1').keep('sandbox', keysOf('new'))
    expect((await kept.read('sandbox')).secret.open()).toBe('new')
  })

  it.each([
    ['cannot be used', { get: async () => Promise.reject(new Error('foreign words')) }],
    ['keeps nothing', { set: async () => undefined }],
  ])('are not kept by a keychain that %s', async (_what, broken) => {
    const error = createKeptKeys({ ...keychain, ...broken }, 'database-1').keep('sandbox', keysOf('x'))
    await expect(error).rejects.toMatchObject({
      code: 'VAULT_LOCKED',
      message: expect.not.stringContaining('foreign'),
      fix: expect.stringContaining('PLAID_SECRET'),
    })
  })

  it('are not made of what somebody else put there', async () => {
    for (const text of ['', '{}', '{"client_id":1,"secret":"x"}', 'null', '[]']) {
      await keychain.set('database-1/plaid-sandbox', text)
      kept.readAnew()
      await expect(kept.read('sandbox')).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    }
  })

  it('are removed, of every environment, and nothing else is', async () => {
    await keychain.set('database-1/another', 'stays')
    await kept.keep('sandbox', keysOf('a'))
    await kept.keep('production', keysOf('b'))
    expect(await kept.remove()).toEqual(['sandbox', 'production'])
    expect(await kept.remove()).toEqual([])
    await expect(kept.read('sandbox')).rejects.toMatchObject({ code: 'NOT_CONFIGURED' })
    expect(await keychain.get('database-1/another')).toBe('stays')
  })
})
