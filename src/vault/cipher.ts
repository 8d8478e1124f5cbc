import { createCipheriv, createDecipheriv } from 'node:crypto'

export interface Encrypted {
  readonly ciphertext: Buffer
  readonly tag: Buffer
}

const CIPHER = 'aes-256-gcm'
// Without it Node takes tags of 4 bytes and more, which can be guessed.
const OPTIONS = { authTagLength: 16 }

/** `key` has 32 bytes, `nonce` 12 that were never used with this key before. */
export function encrypt(key: Buffer, nonce: Buffer, bound: Buffer, text: Buffer): Encrypted {
  const cipher = createCipheriv(CIPHER, key, nonce, OPTIONS).setAAD(bound)
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()])
  return { ciphertext, tag: cipher.getAuthTag() }
}

/** Throws when the key, the nonce, `bound` or the tag is not the one it was encrypted with. */
export function decrypt(key: Buffer, nonce: Buffer, bound: Buffer, { ciphertext, tag }: Encrypted): Buffer {
  const decipher = createDecipheriv(CIPHER, key, nonce, OPTIONS).setAAD(bound).setAuthTag(tag)
  return Buffer.concat([decipher.update(ciphertext), decipher.final()])
}
