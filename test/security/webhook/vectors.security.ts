import { createPublicKey, randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { createWebhookKeys } from '../../../src/webhook/keys.ts'
import { createVerifier } from '../../../src/webhook/verify.ts'
import { sha256 } from '../../webhook/signing.ts'
import { base64url } from './attacks/pieces.ts'
import { say } from './report.ts'
import { ecdsaVectors, hasVectors, type Jwk, joseVectors, vectorsNote } from './vectors.ts'

const body = Buffer.from('{}')
const at = 1_795_000_000
const kid = randomUUID()
/** What Plaid says of its keys beside the numbers, which are all that an ECDSA vector has. */
const plaidsKey = { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', expired_at: null }

/** What our verifier says of a proof when Plaid's key is this one. */
async function isBelieved(jws: string, jwk: Jwk): Promise<boolean> {
  const plaid = { webhookKey: async () => ({ jwk, expiredAt: null }) }
  const now = () => at * 1000
  const keys = createWebhookKeys({ plaid, calls: { take: async () => 0 }, now })
  const verify = createVerifier({ keys, now })
  return await verify(jws, body).then(
    ({ ok }) => ok,
    () => false,
  )
}

const input = `${base64url({ alg: 'ES256', kid, typ: 'JWT' })}.${base64url({ iat: at, request_body_sha256: sha256(body) })}`

/**
 * The same for a signature over any message. No JWS that Plaid could send has the message of a vector, so the message
 * is put in Plaid's place in the last step, where bytes are handed to the signature check of the platform; the key, the
 * signature and how it is checked are those that our verifier hands on.
 */
async function isSigned(message: Buffer, signature: Buffer, jwk: Jwk): Promise<boolean> {
  const { subtle } = crypto
  const check = subtle.verify.bind(subtle)
  const spy = vi
    .spyOn(subtle, 'verify')
    .mockImplementation((how, key, given) => check(how, key, given, new Uint8Array(message)))
  try {
    return await isBelieved(`${input}.${base64url(signature)}`, { ...jwk, kid })
  } finally {
    spy.mockRestore()
  }
}

interface Tried {
  readonly tcId: number
  readonly result: 'valid' | 'invalid'
  readonly believed: boolean
}

/** Refusing more than must be refused is allowed, but known and counted; refusing less is not. */
function counted(what: string, tried: readonly Tried[]) {
  const count = (result: string, believed: boolean) =>
    tried.filter((one) => one.result === result && one.believed === believed).length
  const figures = {
    validBelieved: count('valid', true),
    validRefused: count('valid', false),
    invalidBelieved: count('invalid', true),
    invalidRefused: count('invalid', false),
  }
  const { validBelieved, validRefused, invalidBelieved, invalidRefused } = figures
  say(
    `Wycheproof ${what}, ${tried.length}: valid ${validBelieved} believed, ${validRefused} refused; invalid ${invalidBelieved} believed (target 0), ${invalidRefused} refused`,
  )
  return figures
}

describe.skipIf(!hasVectors)(`Wycheproof${vectorsNote}`, () => {
  it('ECDSA P-256 with SHA-256, r and s bare: as stated', async () => {
    const tried: Tried[] = []
    for (const { tcId, msg, sig, result, publicKeyDer } of ecdsaVectors()) {
      const { x, y } = createPublicKey({ key: publicKeyDer, format: 'der', type: 'spki' }).export({
        format: 'jwk',
      })
      tried.push({ tcId, result, believed: await isSigned(msg, sig, { ...plaidsKey, x, y }) })
    }
    const [validBelieved, validRefused, invalidBelieved, invalidRefused] = [173, 0, 0, 89]
    expect(counted('ECDSA', tried)).toEqual({ validBelieved, validRefused, invalidBelieved, invalidRefused })
  })

  it('ECDSA signatures over other messages: none', async () => {
    const tried: Tried[] = []
    for (const { tcId, sig, publicKeyDer } of ecdsaVectors()) {
      const { x, y } = createPublicKey({ key: publicKeyDer, format: 'der', type: 'spki' }).export({
        format: 'jwk',
      })
      const jws = `${input}.${base64url(sig)}`
      tried.push({ tcId, result: 'invalid', believed: await isBelieved(jws, { ...plaidsKey, x, y, kid }) })
    }
    expect(counted('ECDSA signatures under a proof of Plaid', tried)).toMatchObject({
      invalidBelieved: 0,
      invalidRefused: 262,
    })
  })

  it('JWS of whatever algorithm: none is a proof of Plaid', async () => {
    const tried: Tried[] = []
    for (const { tcId, jws, keys, result } of joseVectors('signature'))
      for (const jwk of keys)
        tried.push({ tcId, result, believed: await isBelieved(textOf(jws), { ...jwk, kid }) })
    expect(tried.length).toBeGreaterThanOrEqual(401)
    expect(counted('JWS as they are', tried)).toMatchObject({ validBelieved: 0, invalidBelieved: 0 })
  })

  it('JWS ES256: their signatures, as stated', async () => {
    const tried: Tried[] = []
    for (const { tcId, jws, keys, result } of joseVectors('signature')) {
      const [jwk] = keys
      if (jwk?.crv !== 'P-256') continue
      tried.push({ tcId, result, believed: await isSignedLike(textOf(jws), jwk) })
    }
    expect(counted('JWS ES256', tried)).toMatchObject({
      validBelieved: 2,
      invalidBelieved: 0,
      invalidRefused: 39,
    })
  })

  it("JWK: no key that is none of Plaid's kind verifies anything", async () => {
    const tried: Tried[] = []
    for (const { tcId, jws, keys, result } of joseVectors('key')) {
      const believed = await Promise.all(keys.map((jwk) => isSignedLike(textOf(jws), jwk)))
      tried.push({ tcId, result, believed: believed.includes(true) })
    }
    expect(tried).toHaveLength(26)
    expect(counted('JWK', tried)).toMatchObject({ invalidBelieved: 0 })
  })
})

/** Whether the signature of this JWS holds under that key, if the header is one that Plaid could send. */
async function isSignedLike(jws: string, jwk: Jwk): Promise<boolean> {
  const parts = jws.split('.')
  const [header = '', payload = '', signature = ''] = parts
  if (parts.length !== 3 || !isPlaidsOwn(header, jwk)) return false
  const bytes = Buffer.from(signature, 'base64url')
  // Another spelling of the same bytes is no spelling of Plaid's.
  if (bytes.toString('base64url') !== signature) return false
  return await isSigned(Buffer.from(`${header}.${payload}`), bytes, jwk)
}

function isPlaidsOwn(header: string, jwk: Jwk): boolean {
  try {
    const { alg, kid: named } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Jwk
    return alg === 'ES256' && named === jwk.kid
  } catch {
    return false
  }
}

function textOf(jws: unknown): string {
  return typeof jws === 'string' ? jws : JSON.stringify(jws)
}
