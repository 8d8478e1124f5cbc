import { CofferError, isCofferError } from '../errors.ts'
import { Secret } from '../secret.ts'
import { createKeyring, type VaultDeps } from './keyring.ts'
import { openRecord, parseRecord, type SealingKey, sealRecord } from './record.ts'
import type { Place, Vault, VaultState } from './vault.ts'

const TRIAL = new Secret('a text to try the key with')
const trialPlace: Place = { table: 'keys', column: 'trial', row: 'trial', environment: 'production' }

/** Seals what must not be on disk in clear. Makes its key at the first use, never over sealed rows. */
export function createVault(deps: VaultDeps): Vault {
  const keyring = createKeyring(deps)
  const { name: source } = keyring.source

  return {
    async state(): Promise<VaultState> {
      try {
        const key = await keyring.active()
        return { state: 'ok', source, keyId: key?.keyId ?? null }
      } catch (error) {
        return { state: 'locked', source, why: asCofferError(error) }
      }
    },
    async prepare() {
      const key = await keyring.activeOrNew()
      openText(key, trialPlace, sealText(key, trialPlace, TRIAL))
    },
    async seal(place, secret) {
      return sealText(await keyring.activeOrNew(), place, secret)
    },
    async open(place, sealed) {
      const { keyId } = parseRecord(sealed)
      return openText(await keyring.named(keyId), place, sealed)
    },
  }
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
