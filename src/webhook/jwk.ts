import { type CryptoKey, importJWK } from 'jose'
import { CofferError } from '../errors.ts'
import type { Json } from '../plaid/json.ts'

/**
 * Plaid's key, if it is what Plaid documents: public, on the curve of ES256, under the name asked for. What it is
 * for may go without saying, since we use it for nothing else; what is said otherwise counts.
 * Anything else is Plaid's fault or that of something in between, not the sender's: whoever asked is told to
 * come again (503), and the answer is not remembered. Only "no such key" and an expired key refuse (401).
 * @throws CofferError PLAID_DOWN
 */
export async function importWebhookKey(jwk: Json, kid: string): Promise<CryptoKey> {
  const { kty, crv, x, y } = jwk
  if (!isPublicSigningKey(jwk, kid) || !isCoordinate(x) || !isCoordinate(y)) throw unusable()
  try {
    const key = await importJWK({ kty: String(kty), crv: String(crv), x, y }, 'ES256')
    if (key instanceof Uint8Array) throw unusable()
    return key
  } catch {
    throw unusable()
  }
}

function isPublicSigningKey(jwk: Json, kid: string): boolean {
  const { kty, crv, d, kid: name, expired_at } = jwk
  const isOnCurve = kty === 'EC' && crv === 'P-256'
  const saysItsEnd = expired_at == null || typeof expired_at === 'number'
  return isOnCurve && isToVerify(jwk) && name === kid && d === undefined && saysItsEnd
}

function isToVerify({ alg, use, key_ops: operations }: Json): boolean {
  const isForThis = (alg ?? 'ES256') === 'ES256' && (use ?? 'sig') === 'sig'
  return isForThis && (operations == null || (Array.isArray(operations) && operations.includes('verify')))
}

function isCoordinate(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{43}$/.test(value)
}

function unusable(): CofferError {
  return new CofferError('PLAID_DOWN', 'Plaid gave no usable webhook key.', {
    fix: 'Wait: Plaid sends the webhook again.',
    retryable: true,
  })
}
