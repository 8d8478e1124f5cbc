import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import type { SigningKey } from '../../../webhook/signing.ts'

/** The order of P-256, and the prime of its field. */
export const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
export const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn

export function base64url(value: object | string | Buffer): string {
  if (Buffer.isBuffer(value)) return value.toString('base64url')
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
}

/** Its three parts. */
export function partsOf(jws: string): readonly [header: string, payload: string, signature: string] {
  const [header = '', payload = '', signature = ''] = jws.split('.')
  return [header, payload, signature]
}

export function headOf(jws: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(partsOf(jws)[0], 'base64url').toString()) as Record<string, unknown>
}

/** Another header over the same payload with the same signature. */
export function withHead(jws: string, header: object | string): string {
  const [, payload, signature] = partsOf(jws)
  return `${base64url(header)}.${payload}.${signature}`
}

export function withSignature(jws: string, change: (signature: Buffer) => Buffer): string {
  const [header, payload, signature] = partsOf(jws)
  return `${header}.${payload}.${base64url(change(Buffer.from(signature, 'base64url')))}`
}

export function numbers(r: bigint, s: bigint): Buffer {
  return Buffer.from([r, s].map((one) => one.toString(16).padStart(64, '0')).join(''), 'hex')
}

export function numbersOf(signature: Buffer): { readonly r: bigint; readonly s: bigint } {
  const at = (from: number) => BigInt(`0x${signature.subarray(from, from + 32).toString('hex')}`)
  return { r: at(0), s: at(32) }
}

export function pemOf({ privateKey }: SigningKey): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
}

/** The same payload under a header that says `alg`, with an HMAC by whatever is public. */
export function hmacBy(secret: string | Buffer, jws: string, alg = 'HS256'): string {
  const [, payload] = partsOf(jws)
  const input = `${base64url({ ...headOf(jws), alg })}.${payload}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

const makers: Record<string, () => KeyObject> = {
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  ES512: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  ES256K: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey,
  EdDSA: () => generateKeyPairSync('ed25519').privateKey,
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
}

/** The same payload, signed in earnest by a key of another kind. */
export function signedAs(alg: string, jws: string): string {
  const key = makers[alg]?.()
  if (key === undefined) throw new TypeError(`no key for ${alg}`)
  const input = `${base64url({ ...headOf(jws), alg })}.${partsOf(jws)[1]}`
  const how =
    alg === 'PS256' ? { padding: constants.RSA_PKCS1_PSS_PADDING } : { dsaEncoding: 'ieee-p1363' as const }
  const signature = sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(input), { key, ...how })
  return `${input}.${signature.toString('base64url')}`
}
