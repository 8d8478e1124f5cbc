import { createHash, timingSafeEqual } from 'node:crypto'
import { type CryptoKey, jwtVerify } from 'jose'
import { type Claims, claimsOf, readJws } from './jws.ts'
import type { WebhookKeys } from './keys.ts'

/** What a verified signature says. */
export interface Proof {
  readonly kid: string
  /** When it was signed, in unix seconds. */
  readonly iat: number
  /** SHA-256 of the body, in hex. */
  readonly bodyHash: string
}

export type Refusal =
  | 'malformed'
  | 'too_old'
  | 'too_new'
  | 'other_body'
  | 'unknown_key'
  | 'expired_key'
  | 'bad_signature'

export type Verdict =
  | { readonly ok: true; readonly proof: Proof }
  /** `byPlaid`: Plaid's signature is good all the same, as far as can be told without asking for a key. */
  | { readonly ok: false; readonly why: Refusal; readonly byPlaid: boolean }

/** @throws CofferError when the key cannot be had now, so that nothing can be said. */
export type Verify = (jws: string, body: Uint8Array) => Promise<Verdict>

export interface VerifierDeps {
  readonly keys: WebhookKeys
  readonly now: () => number
}

const oldest = 300
const newest = 60

/**
 * Whether Plaid signed exactly these bytes a moment ago. What anybody can make up is looked at first, so that
 * junk causes no look-up of a key, and again once it is verified.
 */
export function createVerifier({ keys, now }: VerifierDeps): Verify {
  const problemOf = (claims: Claims, hash: Buffer) => ageProblem(claims, now()) ?? bodyProblem(claims, hash)

  async function signedBy(key: CryptoKey | null, jws: string): Promise<Claims | null> {
    if (key === null) return null
    try {
      const currentDate = new Date(now())
      const { payload } = await jwtVerify(jws, key, {
        algorithms: ['ES256'],
        currentDate,
        clockTolerance: newest,
      })
      return claimsOf(payload)
    } catch {
      return null
    }
  }

  return async (jws, body) => {
    const read = readJws(jws)
    if (read === null) return refused('malformed')
    const { kid, claims } = read
    const hash = createHash('sha256').update(body).digest()
    const early = problemOf(claims, hash)
    if (early !== null) return refused(early, (await signedBy(keys.known(kid), jws)) !== null)

    const found = await keys.find(kid)
    if (found === 'unknown_key') return refused(found)
    const verified = await signedBy(found.key, jws)
    if (verified === null) return refused('bad_signature')
    const late = found.hasExpired ? 'expired_key' : problemOf(verified, hash)
    if (late !== null) return refused(late, true)
    return { ok: true, proof: { kid, iat: verified.iat, bodyHash: hash.toString('hex') } }
  }
}

function refused(why: Refusal, byPlaid = false): Verdict {
  return { ok: false, why, byPlaid }
}

function ageProblem({ iat }: Claims, now: number): 'too_old' | 'too_new' | null {
  const age = Math.floor(now / 1000) - iat
  if (age > oldest) return 'too_old'
  return age < -newest ? 'too_new' : null
}

function bodyProblem({ bodyHash }: Claims, hash: Buffer): 'other_body' | null {
  return timingSafeEqual(bodyHash, hash) ? null : 'other_body'
}
