import { createHash, createPublicKey, verify } from 'node:crypto'
import type { Plaid } from '../harness.ts'
import type { Received } from './receiver.ts'

/** A receiver's whole duty by Plaid's description, on node:crypto alone: `valid`, or the first thing that is wrong. */
export async function verdictOn(plaid: Plaid, { signatures, text }: Received): Promise<string> {
  const [jws, second] = signatures
  if (jws === undefined) return 'no header'
  if (second !== undefined) return 'two headers'
  const [head = '', payload = '', signature = ''] = jws.split('.')
  const header = decoded(head)
  if (header['alg'] !== 'ES256' || header['typ'] !== 'JWT') return `algorithm ${String(header['alg'])}`

  const key = await keyOf(plaid, String(header['kid']))
  if (key === null) return 'unknown key'
  const now = Math.floor(plaid.controls.now() / 1_000)
  if (typeof key['expired_at'] === 'number' && key['expired_at'] <= now) return 'expired key'
  const bytes = Buffer.from(signature, 'base64url')
  if (bytes.length !== 64) return 'a signature that is not r||s'
  const publicKey = createPublicKey({ format: 'jwk', key })
  const signed = Buffer.from(`${head}.${payload}`)
  if (!verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes)) return 'bad signature'

  const { iat, request_body_sha256: hash } = decoded(payload)
  if (typeof iat !== 'number' || iat < now - 300) return 'too old'
  if (iat > now + 60) return 'of the future'
  return hash === createHash('sha256').update(text).digest('hex') ? 'valid' : 'another body'
}

export function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
}

async function keyOf(plaid: Plaid, key_id: string): Promise<Record<string, unknown> | null> {
  const path = '/webhook_verification_key/get'
  if ((await plaid.codeOf(path, { key_id })) === 'INVALID_WEBHOOK_VERIFICATION_KEY_ID') return null
  const { data } = await plaid.sdk.webhookVerificationKeyGet({ key_id })
  return { ...data.key }
}
