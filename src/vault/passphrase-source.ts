import { randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Secret } from '../secret.ts'
import type { KeySource } from './key-source.ts'
import { LOST, locked } from './locked.ts'
import { once } from './once.ts'

const scryptKey = promisify<string, Buffer, number, object, Buffer>(scrypt)

const MIN_CHARACTERS = 16

/** What is taken from a database. Weaker parameters would give the key away, stronger ones burn time. */
const parameters = z.strictObject({
  kdf: z.literal('scrypt'),
  N: z.literal([2 ** 15, 2 ** 16, 2 ** 17, 2 ** 18, 2 ** 19, 2 ** 20]),
  r: z.literal(8),
  p: z.int().min(1).max(4),
  salt: z.string().regex(/^[\w-]{22,86}$/),
})

/** A key made from TOKEN_ENCRYPTION_KEY by scrypt, about 0.3 s. Derived once in a process. */
export function passphraseSource(passphrase: Secret): KeySource {
  const derive = once(
    (kdf: string) => kdf,
    async (kdf) => deriveKey(passphrase, kdf),
  )

  async function probe(): Promise<void> {
    if (Array.from(passphrase.open()).length >= MIN_CHARACTERS) return
    throw locked('TOKEN_ENCRYPTION_KEY is too short.', `Set it to at least ${MIN_CHARACTERS} characters.`)
  }

  return {
    name: 'env',
    cure: `Set TOKEN_ENCRYPTION_KEY to the passphrase that this data directory was set up with. ${LOST}`,
    probe,
    async make() {
      await probe()
      const kdf = newParameters()
      return { key: await derive(kdf), kdf }
    },
    load: async ({ kdf }) => derive(kdf ?? ''),
    forget: async () => 'passphrase',
  }
}

function newParameters(): string {
  const salt = randomBytes(16).toString('base64url')
  return JSON.stringify({ kdf: 'scrypt', N: 2 ** 17, r: 8, p: 1, salt } satisfies z.input<typeof parameters>)
}

async function deriveKey(passphrase: Secret, kdf: string): Promise<Buffer> {
  const { N, r, p, salt } = readParameters(kdf)
  // The same characters can be typed as different bytes on different keyboards.
  const typed = passphrase.open().normalize('NFKC')
  // scrypt needs 128 * N * r bytes and some more, and Node allows 32 MiB unless told.
  return scryptKey(typed, Buffer.from(salt, 'base64url'), 32, { N, r, p, maxmem: 256 * N * r })
}

function readParameters(kdf: string): z.output<typeof parameters> {
  try {
    return parameters.parse(JSON.parse(kdf))
  } catch {
    throw locked('The parameters of the passphrase in the database are not acceptable.', 'Restore a backup.')
  }
}
