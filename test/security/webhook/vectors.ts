import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

// Google's Wycheproof vectors are not in the repository; where they lie beside it, they are tried.
const folder = join(import.meta.dirname, '../../../../shared/vectors')
const names = {
  ecdsa: 'ecdsa_secp256r1_sha256_p1363_test.json',
  signature: 'json_web_signature_test.json',
  key: 'json_web_key_test.json',
} as const

export const hasVectors = Object.values(names).every((name) => existsSync(join(folder, name)))
export const vectorsNote = hasVectors ? '' : ' (skipped: no ../shared/vectors)'

const jwk = z.record(z.string(), z.unknown())
export type Jwk = z.output<typeof jwk>
const result = z.enum(['valid', 'invalid'])
const hex = z.string().transform((text) => Buffer.from(text, 'hex'))

const ecdsa = z.object({
  testGroups: z.array(
    z.object({
      publicKeyJwk: jwk.optional(),
      publicKeyDer: hex,
      tests: z.array(z.object({ tcId: z.number(), msg: hex, sig: hex, result })),
    }),
  ),
})

const keys = z.union([
  z.object({ keys: z.array(jwk) }).transform((set) => set.keys),
  jwk.transform((one) => [one]),
])
const jose = z.object({
  testGroups: z.array(
    z.object({
      public: keys.optional(),
      private: keys,
      tests: z.array(z.object({ tcId: z.number(), comment: z.string(), jws: z.unknown(), result })),
    }),
  ),
})

function read(name: keyof typeof names): unknown {
  return hasVectors ? JSON.parse(readFileSync(join(folder, names[name]), 'utf8')) : { testGroups: [] }
}

export function ecdsaVectors() {
  return ecdsa
    .parse(read('ecdsa'))
    .testGroups.flatMap(({ tests, publicKeyDer }) => tests.map((vector) => ({ ...vector, publicKeyDer })))
}

/** Each with the keys that are to verify it: the public ones, or the private where there are no other. */
export function joseVectors(name: 'signature' | 'key') {
  return jose
    .parse(read(name))
    .testGroups.flatMap(({ tests, ...group }) =>
      tests.map((vector) => ({ ...vector, keys: group.public ?? group.private })),
    )
}
