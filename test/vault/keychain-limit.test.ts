import { describe, expect, it } from 'vitest'
import { withLimit } from '../../src/vault/keychain-limit.ts'
import { memoryKeychain } from './rig.ts'

function hangingKeychain() {
  const keychain = memoryKeychain()
  const hung = Promise.withResolvers<void>()
  let calls = 0
  keychain.trouble = () => {
    calls += 1
    return hung.promise
  }
  return { keychain, answer: hung.resolve, calls: () => calls }
}

describe('a keychain with a time limit', () => {
  it('answers as the keychain does', async () => {
    const keychain = withLimit(memoryKeychain(), 1000)
    await keychain.set('a', 'text')
    expect(await Promise.all([keychain.get('a'), keychain.get('b')])).toEqual(['text', null])
  })

  it('fails when the keychain does not answer', async () => {
    const { keychain } = hangingKeychain()
    const limited = withLimit(keychain, 10)
    await expect(limited.get('a')).rejects.toMatchObject({
      code: 'VAULT_LOCKED',
      message: 'The keychain did not answer within 0.01 s.',
    })
  })

  it('asks nothing more while an answer is overdue, and asks again after it came', async () => {
    const { keychain, answer, calls } = hangingKeychain()
    const limited = withLimit(keychain, 10)
    await expect(limited.get('a')).rejects.toThrow('did not answer')
    await expect(limited.set('a', 'text')).rejects.toThrow('did not answer')
    expect(calls()).toBe(1)

    answer()
    await new Promise(setImmediate)
    await limited.set('a', 'text')
    expect(await limited.get('a')).toBe('text')
  })

  it('hands on a failure of the keychain, also a late one, without an unhandled rejection', async () => {
    const keychain = memoryKeychain()
    const late = Promise.withResolvers<void>()
    keychain.trouble = () => late.promise
    const limited = withLimit(keychain, 10)
    await expect(limited.get('a')).rejects.toThrow('did not answer')
    late.reject(new Error('no keychain'))
    await new Promise(setImmediate)
    await expect(limited.get('a')).rejects.toThrow('no keychain')
  })
})
