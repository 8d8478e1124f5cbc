import { randomBytes } from 'node:crypto'
import { CofferError } from '../errors.ts'
import { decrypt, type Encrypted, encrypt } from './cipher.ts'
import type { Place } from './vault.ts'

/** A key with all that a record is bound to besides its place. `key` has 32 bytes. */
export interface SealingKey {
  readonly keyId: string
  readonly databaseId: string
  readonly key: Buffer
}

export interface SealedRecord extends Encrypted {
  readonly keyId: string
  readonly nonce: Buffer
}

const FORMAT = 'v1'
const SHAPE = /^v1\.([a-z0-9-]{1,64})\.([\w-]{16})\.([\w-]*)\.([\w-]{22})$/
// Tokens and URLs have a few hundred characters. A row that was blown up is refused before it costs memory.
const MAX_LENGTH = 65_536

/** `v1.<key_id>.<nonce>.<ciphertext>.<tag>`, the last three in base64url. At most 64 KiB. */
export function sealRecord(sealing: SealingKey, place: Place, text: Buffer): string {
  const nonce = randomBytes(12)
  const { ciphertext, tag } = encrypt(sealing.key, nonce, bound(sealing, place), text)
  const parts = [nonce, ciphertext, tag].map((part) => part.toString('base64url'))
  const sealed = [FORMAT, sealing.keyId, ...parts].join('.')
  if (sealed.length > MAX_LENGTH) throw new RangeError('the secret is too long to be sealed')
  return sealed
}

/** Throws RECORD_DAMAGED when the record was changed, or sealed for another place or with another key. */
export function openRecord(sealing: SealingKey, place: Place, record: SealedRecord): Buffer {
  try {
    return decrypt(sealing.key, record.nonce, bound(sealing, place), record)
  } catch {
    throw damaged()
  }
}

/** Takes exactly what `sealRecord` writes: each record has one spelling. Throws RECORD_DAMAGED. */
export function parseRecord(sealed: string): SealedRecord {
  const match = sealed.length > MAX_LENGTH ? null : SHAPE.exec(sealed)
  if (match === null) throw damaged()
  const [, keyId = '', nonce = '', ciphertext = '', tag = ''] = match
  return { keyId, nonce: bytes(nonce), ciphertext: bytes(ciphertext), tag: bytes(tag) }
}

/** Base64url can be spelled in several ways, since spare bits at the end are ignored: only one is taken. */
function bytes(text: string): Buffer {
  const decoded = Buffer.from(text, 'base64url')
  if (decoded.toString('base64url') !== text) throw damaged()
  return decoded
}

export function damaged(): CofferError {
  return new CofferError('RECORD_DAMAGED', 'A sealed record was changed, or belongs somewhere else.', {
    fix: 'Restore a backup, or connect this bank again with connect_bank and replaces.',
  })
}

/** Each part comes with its length, so that no two lists read the same. */
function bound({ keyId, databaseId }: SealingKey, place: Place): Buffer {
  const { table, column, row, environment } = place
  const parts = [FORMAT, databaseId, table, column, row, environment, keyId]
  return Buffer.concat(parts.flatMap((part) => withLength(Buffer.from(part, 'utf8'))))
}

function withLength(part: Buffer): [Buffer, Buffer] {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return [length, part]
}
