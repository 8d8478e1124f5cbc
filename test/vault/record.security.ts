import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCofferError } from '../../src/errors.ts'
import { openRecord, parseRecord, sealRecord } from '../../src/vault/record.ts'
import type { Place } from '../../src/vault/vault.ts'
import { place } from './rig.ts'

const sealing = { keyId: 'k1-file-0123456789abcdef', databaseId: 'database-1', key: Buffer.alloc(32, 7) }
const text = Buffer.from('token-for-tests-only')
/** As long as what is kept of a Link page: a record of about 1,900 bits. */
const long = Buffer.from(`https://secure.plaid.com/hl/${'0123456789abcdef'.repeat(6)}xyz`)
const seed = Number(process.env.COFFER_RECORD_SEED ?? Date.now() % 2 ** 31)
const sealed = sealRecord(sealing, place, text)
const [format = '', keyId = '', nonce = '', ciphertext = '', tag = ''] = sealed.split('.')

const open = (record: string, where: Place = place, key = sealing) =>
  openRecord(key, where, parseRecord(record))

function refuses(record: string, where: Place = place, key = sealing) {
  try {
    open(record, where, key)
    return false
  } catch (error) {
    return isCofferError(error, 'RECORD_DAMAGED')
  }
}

const swaps = 4_000
const say = (line: string) => process.stdout.write(`vault: ${line}\n`)

describe('a sealed record', () => {
  it('reads v1.<key_id>.<nonce>.<ciphertext>.<tag>', () => {
    const lengths = [nonce, ciphertext, tag].map((part) => Buffer.from(part, 'base64url').length)
    expect({ format, keyId, lengths }).toEqual({
      format: 'v1',
      keyId: sealing.keyId,
      lengths: [12, text.length, 16],
    })
  })

  it('opens to what was sealed, whatever it is', () => {
    const anything = fc.uint8Array({ maxLength: 4096, size: 'max' }).map((bytes) => Buffer.from(bytes))
    const property = fc.property(anything, (bytes) => {
      expect(open(sealRecord(sealing, place, bytes)).equals(bytes)).toBe(true)
    })
    fc.assert(property, { numRuns: 2000 })
  })

  it('opens nowhere but in its own place', () => {
    const name = fc.string({ unit: 'binary', maxLength: 8 })
    const environment = fc.constantFrom('sandbox' as const, 'production' as const)
    const anyPlace = fc.record({ table: name, column: name, row: name, environment, databaseId: name })
    let tried = 0
    let opened = 0
    for (const part of ['row', 'column', 'environment', 'databaseId'] as const) {
      const pairs = fc
        .tuple(anyPlace, anyPlace)
        .map(([here, other]) => [here, { ...here, [part]: other[part] }] as const)
        .filter(([here, there]) => here[part] !== there[part])
      for (const [here, there] of fc.sample(pairs, { seed, numRuns: swaps / 4 })) {
        const record = sealRecord({ ...sealing, databaseId: here.databaseId }, here, text)
        tried += 1
        if (!refuses(record, there, { ...sealing, databaseId: there.databaseId })) opened += 1
      }
    }
    say(`swapped records that open: ${opened} of ${tried} (target 0 of 4,000; seed ${seed})`)
    expect({ opened, tried }).toEqual({ opened: 0, tried: swaps })
  })

  it.each<[string, Partial<Place>]>([
    ['table', { table: 'links' }],
    ['column', { column: 'sealed_url' }],
    ['row', { row: 'item-2' }],
    ['environment', { environment: 'production' }],
    ['border between two names', { table: 'connectionss', column: 'ealed_token' }],
  ])('does not open in another %s', (_what, other) => {
    expect(refuses(sealed, { ...place, ...other })).toBe(true)
  })

  it('does not open in another database, with another key or under another key id', () => {
    expect(refuses(sealed, place, { ...sealing, databaseId: 'database-2' })).toBe(true)
    expect(refuses(sealed, place, { ...sealing, key: Buffer.alloc(32, 8) })).toBe(true)
    expect(refuses(sealed, place, { ...sealing, keyId: 'k1-file-fedcba9876543210' })).toBe(true)
  })

  it('does not open with any bit flipped', () => {
    const bytes = Buffer.from(sealRecord(sealing, place, long), 'latin1')
    const bits = bytes.length * 8
    const opened = Array.from({ length: bits }, (_, bit) => bit).filter((bit) => {
      const flipped = Buffer.from(bytes)
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      const record = flipped.toString('latin1')
      // A flipped key id names another key; the vault finds none, and this one does not fit.
      return !refuses(record, place, { ...sealing, keyId: record.split('.')[1] ?? '' })
    })
    say(`bit flips of a sealed record that open: ${opened.length} of ${bits} (target 0 of about 1,900)`)
    expect(opened).toEqual([])
    expect(bits).toBeGreaterThan(1_890)
  })

  it.each(Array.from({ length: 17 }, (_, length) => length).filter((length) => length !== 12))(
    'is refused with a nonce of %i bytes',
    (length) => {
      const other = Buffer.alloc(length, 1).toString('base64url')
      expect(refuses([format, keyId, other, ciphertext, tag].join('.'))).toBe(true)
    },
  )

  it.each([...Array.from({ length: 16 }, (_, length) => length), 17])(
    'is refused with a tag of %i bytes',
    (length) => {
      const other = Buffer.concat([Buffer.from(tag, 'base64url'), Buffer.alloc(1)]).subarray(0, length)
      expect(refuses([format, keyId, nonce, ciphertext, other.toString('base64url')].join('.'))).toBe(true)
    },
  )

  it.each([
    ['nothing', ''],
    ['only dots', '....'],
    ['a part too few', sealed.slice(0, sealed.lastIndexOf('.'))],
    ['a part too many', `${sealed}.`],
    ['a line end', `${sealed}\n`],
    ['a space before', ` ${sealed}`],
    ['padding', `${sealed}==`],
    ['another format', sealed.replace('v1', 'v2')],
    ['no key id', [format, '', nonce, ciphertext, tag].join('.')],
    ['a key id in capitals', sealed.replace('file', 'FILE')],
    ['the plain base64 alphabet', [format, keyId, '+/+/+/+/+/+/+/+/', ciphertext, tag].join('.')],
    ['no ciphertext', [format, keyId, nonce, '', tag].join('.')],
    ['a megabyte', [format, keyId, nonce, 'A'.repeat(2 ** 20), tag].join('.')],
  ])('is refused with %s', (_what, record) => {
    expect(refuses(record)).toBe(true)
  })

  it('has one spelling only', () => {
    const last = tag.charCodeAt(21)
    const respelled = `${sealed.slice(0, -1)}${String.fromCharCode(last + 1)}`
    expect(Buffer.from(respelled.split('.')[4] ?? '', 'base64url')).toEqual(Buffer.from(tag, 'base64url'))
    expect(refuses(respelled)).toBe(true)
  })

  it('is not made of what would be too long to open', () => {
    expect(() => sealRecord(sealing, place, Buffer.alloc(2 ** 17))).toThrow(RangeError)
  })

  it('never has the nonce of another', () => {
    const nonces = new Set(
      Array.from({ length: 100_000 }, () => sealRecord(sealing, place, text).split('.')[2]),
    )
    expect(nonces.size).toBe(100_000)
  })
})
