import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decrypt, encrypt } from '../../src/vault/cipher.ts'

const path = join(import.meta.dirname, '../../../shared/vectors/aes_gcm_test.json')

const hex = z.string().transform((text) => Buffer.from(text, 'hex'))
const vector = z.object({
  tcId: z.number(),
  key: hex,
  iv: hex,
  aad: hex,
  msg: hex,
  ct: hex,
  tag: hex,
  result: z.string(),
})
const file = z.object({
  testGroups: z.array(z.object({ ivSize: z.number(), keySize: z.number(), tests: z.array(vector) })),
})

function readVectors() {
  if (!existsSync(path)) return []
  const { testGroups } = file.parse(JSON.parse(readFileSync(path, 'utf8')))
  return testGroups
    .filter(({ ivSize, keySize }) => ivSize === 96 && keySize === 256)
    .flatMap(({ tests }) => tests)
}

const vectors = readVectors()

describe.skipIf(vectors.length === 0)(
  'Wycheproof AES-256-GCM (skipped where the vectors are not there)',
  () => {
    it('has all 66 vectors of our sizes', () => {
      expect(vectors).toHaveLength(66)
    })

    it.each(vectors.filter(({ result }) => result === 'valid'))('vector $tcId opens', (given) => {
      const { key, iv, aad, msg, ct: ciphertext, tag } = given
      expect(decrypt(key, iv, aad, { ciphertext, tag })).toEqual(msg)
      expect(encrypt(key, iv, aad, msg)).toEqual({ ciphertext, tag })
    })

    it.each(vectors.filter(({ result }) => result === 'invalid'))('vector $tcId does not open', (given) => {
      const { key, iv, aad, ct: ciphertext, tag } = given
      expect(() => decrypt(key, iv, aad, { ciphertext, tag })).toThrow('unable to authenticate')
    })
  },
)

describe('decrypt', () => {
  const key = Buffer.alloc(32, 1)
  const nonce = Buffer.alloc(12, 2)
  const bound = Buffer.from('place')
  const { ciphertext, tag } = encrypt(key, nonce, bound, Buffer.from('a text'))

  it.each(Array.from({ length: 16 }, (_, length) => length))('refuses a tag cut to %i bytes', (length) => {
    expect(() => decrypt(key, nonce, bound, { ciphertext, tag: tag.subarray(0, length) })).toThrow('tag')
  })
})
