import { createHash, createHmac, createPublicKey, sign } from 'node:crypto'
import type { WebhookKey } from '../state.ts'
import type { World } from '../world.ts'
import { currentKey, expiredKey, signingTime } from './keys.ts'
import type { Parcel, Tampering } from './parcel.ts'

/** What goes over the wire in one attempt. */
export interface Letter {
  readonly body: string
  /** The values of `Plaid-Verification`; one, unless something is wrong. */
  readonly signatures: readonly string[]
  readonly kid: string | null
}

/** Ten minutes: twice what a receiver may put up with. */
const WRONG_BY_S = 600

/** Signs a parcel, or signs it wrongly where that was asked for. */
export function letterOf(world: World, parcel: Parcel): Letter {
  const { tampering } = parcel
  const written = tampering === 'other_environment' ? elsewhere(world, parcel.body) : parcel.body
  const jws = reused(world, parcel) ?? jwsOf(world, written, tampering)
  parcel.jws ??= jws
  const body = spoiled(written, tampering)
  if (tampering === 'missing_header') return { body, signatures: [], kid: null }
  return { body, signatures: tampering === 'two_headers' ? [jws, jws] : [jws], kid: kidOf(jws) }
}

/** Whether Plaid signs a retry anew is not documented. */
function reused(world: World, { jws }: Parcel): string | null {
  return world.state.settings.resignRetries ? null : jws
}

function jwsOf(world: World, body: string, tampering: Tampering | null): string {
  const key = keyFor(world, tampering)
  const header = {
    alg: algorithmFor(tampering),
    kid: tampering === 'unknown_kid' ? world.newUuid() : key.kid,
    typ: 'JWT',
  }
  const payload = {
    iat: Math.floor(signingTime(world) / 1_000) + driftOf(tampering),
    request_body_sha256: sha256(tampering === 'wrong_hash' ? `${body}\n` : body),
  }
  const signed = `${encoded(header)}.${encoded(payload)}`
  return `${signed}.${signatureOf(signed, key, tampering)}`
}

function keyFor(world: World, tampering: Tampering | null): WebhookKey {
  if (tampering === 'expired_key') return expiredKey(world)
  if (tampering === 'other_environment') return currentKey(world, otherThan(world))
  return currentKey(world)
}

function algorithmFor(tampering: Tampering | null): string {
  if (tampering === 'alg_none') return 'none'
  return tampering === 'alg_hs256' ? 'HS256' : 'ES256'
}

function driftOf(tampering: Tampering | null): number {
  if (tampering === 'old_iat') return -WRONG_BY_S
  return tampering === 'future_iat' ? WRONG_BY_S : 0
}

function signatureOf(signed: string, { privateKey }: WebhookKey, tampering: Tampering | null): string {
  if (tampering === 'alg_none') return ''
  if (tampering === 'alg_hs256') {
    const open = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' })
    return createHmac('sha256', open).update(signed).digest('base64url')
  }
  const dsaEncoding = tampering === 'der_signature' ? 'der' : 'ieee-p1363'
  return sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding }).toString('base64url')
}

function spoiled(body: string, tampering: Tampering | null): string {
  if (tampering === 'minified') return JSON.stringify(JSON.parse(body))
  if (tampering === 'body_changed') return body.replace('"webhook_code": "', '"webhook_code": "NOT_')
  return body
}

function elsewhere(world: World, body: string): string {
  return body.replace(`"environment": "${world.environment}"`, `"environment": "${otherThan(world)}"`)
}

function otherThan({ environment }: World) {
  return environment === 'sandbox' ? 'production' : 'sandbox'
}

function kidOf(jws: string): string {
  // The header that was written above.
  const { kid } = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }
  return kid
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
