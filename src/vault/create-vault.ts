import { CofferError, isCofferError } from '../errors.ts'
import { Secret } from '../secret.ts'
import { createDestruction } from './destroy.ts'
import { createKeyring, type KeyringDeps } from './keyring.ts'
import { keysStatus } from './key-status.ts'
import { locked } from './locked.ts'
import { openRecord, parseRecord, type SealingKey, sealRecord } from './record.ts'
import type { SealedRows, SealedValue } from './rewrap.ts'
import { createRotation } from './rotation.ts'
import type { Keys, Place, Vault, VaultState } from './vault.ts'

export interface VaultDeps<V extends SealedValue = SealedValue> extends KeyringDeps {
  readonly sealed: SealedRows<V>
}

const TRIAL = new Secret('a text to try the key with')
const trialPlace: Place = { table: 'keys', column: 'trial', row: 'trial', environment: 'production' }

/** Seals what must not be on disk in clear. Makes its key at the first use, never over sealed rows. */
export function createVault<V extends SealedValue>(deps: VaultDeps<V>): Vault & { readonly keys: Keys } {
  const keyring = createKeyring(deps)
  const { name: source } = keyring.source

  return {
    async state(signal): Promise<VaultState> {
      try {
        const key = await unlessAborted(keyring.active(), signal)
        return { state: 'ok', source, keyId: key?.keyId ?? null }
      } catch (error) {
        return { state: 'locked', source, why: asCofferError(error) }
      }
    },
    async prepare(signal) {
      const key = await unlessAborted(keyring.activeOrNew(signal), signal)
      openText(key, trialPlace, sealText(key, trialPlace, TRIAL))
    },
    async seal(place, secret) {
      return sealText(await keyring.activeOrNew(), place, secret)
    },
    async open(place, sealed) {
      const { keyId } = parseRecord(sealed)
      return openText(await keyring.named(keyId), place, sealed)
    },
    keys: {
      ...createRotation({ ...deps, keyring }),
      status: () => keysStatus({ ...deps, keyring }),
      async destruction(home) {
        const destroy = await createDestruction({ ...deps, keyring })(home)
        return () => deps.lock(destroy)
      },
    },
  }
}

/** Whoever cannot wait any longer leaves. The dialogue that may stand open stays, and the next call has its answer. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work
  const left = Promise.withResolvers<never>()
  const leave = () => left.reject(noAnswer())
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([work, left.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

function noAnswer(): CofferError {
  return locked(
    'The key is slow to be had: the keychain, here or in another copy of this program, may be asking the person.',
    'Answer its dialogue, then ask again.',
  )
}

function sealText(key: SealingKey, place: Place, secret: Secret): string {
  const text = secret.open()
  // A lone surrogate has no UTF-8 and would come back as another character.
  if (!text.isWellFormed()) throw new TypeError('the secret is not well-formed text')
  return sealRecord(key, place, Buffer.from(text, 'utf8'))
}

function openText(key: SealingKey, place: Place, sealed: string): Secret {
  return new Secret(openRecord(key, place, parseRecord(sealed)).toString('utf8'))
}

function asCofferError(error: unknown): CofferError {
  if (isCofferError(error)) return error
  return new CofferError('INTERNAL', 'The key could not be looked at.', { fix: 'Run coffer-mcp doctor.' })
}
