import { isRecord, type Json } from '../plaid/json.ts'

/** A `Plaid-Verification` header, read but not verified: anybody could have written it. */
export interface UnverifiedJws {
  readonly kid: string
  readonly claims: Claims
}

export interface Claims {
  /** Unix seconds. */
  readonly iat: number
  /** SHA-256 of the body, 32 bytes. */
  readonly bodyHash: Buffer
}

const form = /^([\w-]{1,512})\.([\w-]{1,512})\.([\w-]{86})$/
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Null for all that is not spelt exactly as Plaid spells it. */
export function readJws(text: string): UnverifiedJws | null {
  const [, head = '', payload = '', signature = ''] = form.exec(text) ?? []
  const kid = kidOf(head)
  const claims = claimsOf(parsed(payload))
  if (kid === null || claims === null || decoded(signature) === null) return null
  return { kid, claims }
}

/** Null when Plaid would not say it so. */
export function claimsOf(payload: unknown): Claims | null {
  if (!isRecord(payload)) return null
  const { iat, request_body_sha256: hash } = payload
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat) || iat < 0) return null
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/i.test(hash)) return null
  return { iat, bodyHash: Buffer.from(hash, 'hex') }
}

/** The kid of a header that says ES256 and nothing more. */
function kidOf(head: string): string | null {
  const text = decoded(head)
  const header = parsed(head)
  if (text === null || !isRecord(header) || !isSpeltOnce(text, header)) return null
  const { alg, kid, typ, ...more } = header
  if (alg !== 'ES256' || (typ !== undefined && typ !== 'JWT') || Object.keys(more).length > 0) return null
  return typeof kid === 'string' && uuid.test(kid) ? kid : null
}

/** JSON.parse takes the last of several members of one name, others take the first. */
function isSpeltOnce(text: string, header: Json): boolean {
  const quotes = text.split('"').length - 1
  return !text.includes('\\') && quotes === 4 * Object.keys(header).length
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(decoded(part)?.toString() ?? '')
  } catch {
    return null
  }
}

/** Base64url has several spellings of the same bytes; only the canonical one passes. */
function decoded(part: string): string | null {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes.toString('utf8') : null
}
