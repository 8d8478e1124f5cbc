import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'

/** A key that Plaid might sign webhooks with. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  /** As `/webhook_verification_key/get` gives it. */
  readonly jwk: Readonly<Record<string, unknown>>
}

export function newKey(kid: string = randomUUID()): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  const jwk = { alg: 'ES256', crv, kid, kty, use: 'sig', x, y, created_at: 1_790_000_000, expired_at: null }
  return { kid, privateKey, jwk }
}

export interface Spelling {
  readonly header?: object | string
  readonly claims?: object | string
  readonly iat?: number
}

/** The `Plaid-Verification` header for a body, right unless it is spelt otherwise. */
export function signed(key: SigningKey, body: string | Buffer, spelling: Spelling = {}): string {
  const iat = spelling.iat ?? Math.floor(Date.now() / 1000)
  const header = spelling.header ?? { alg: 'ES256', kid: key.kid, typ: 'JWT' }
  const claims = spelling.claims ?? { iat, request_body_sha256: sha256(body) }
  const input = `${encoded(header)}.${encoded(claims)}`
  const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

export function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function encoded(value: object | string): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
}
