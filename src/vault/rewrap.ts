import { isCofferError } from '../errors.ts'
import type { Keyring } from './keyring.ts'
import type { KeyRecords } from './keys.ts'
import { openRecord, parseRecord, type SealingKey, sealRecord } from './record.ts'
import type { Place } from './vault.ts'

/** A sealed text and where it stands. */
export interface SealedValue extends Place {
  readonly sealed: string
}

/** Everything that is kept sealed. */
export interface SealedRows<V extends SealedValue = SealedValue> {
  list(): Promise<readonly V[]>
  /** False, and nothing done, when another text stands there by now. */
  replace(value: V, sealed: string): Promise<boolean>
}

/** Copies that sealed just before the new key came may write just after: so it is looked again. */
const passes = 3

export interface RewrapDeps<V extends SealedValue> {
  readonly keyring: Keyring
  readonly keys: KeyRecords
  readonly sealed: SealedRows<V>
}

/** Seals everything with this key that names another one; how many texts that were. */
export function createRewrap<V extends SealedValue>({ keyring, keys, sealed }: RewrapDeps<V>) {
  return async function rewrapAll(key: SealingKey): Promise<number> {
    let rewrapped = 0
    for (let pass = 0; pass < passes; pass += 1) {
      const behind = (await sealed.list()).filter((value) => keyIdOf(value.sealed) !== key.keyId)
      let done = 0
      for (const value of behind) if (await rewrap(value, key)) done += 1
      rewrapped += done
      if (done === 0) break
    }
    return rewrapped
  }

  /** False when it does not open, or has been written anew meanwhile. */
  async function rewrap(value: V, key: SealingKey): Promise<boolean> {
    const text = await openAnyhow(value)
    return text !== null && (await sealed.replace(value, sealRecord(key, value, text)))
  }

  /** Null when it was damaged. */
  async function openAnyhow(value: V): Promise<Buffer | null> {
    try {
      const record = parseRecord(value.sealed)
      const known = (await keys.list()).find(({ keyId }) => keyId === record.keyId)
      return known === undefined ? null : openRecord(await keyring.anywhere(known), value, record)
    } catch (error) {
      if (isCofferError(error, 'RECORD_DAMAGED')) return null
      throw error
    }
  }
}

/** Whether it opens with this very key. */
export function isSealedWith(key: SealingKey, value: SealedValue): boolean {
  try {
    openRecord(key, value, parseRecord(value.sealed))
    return true
  } catch {
    return false
  }
}

/** Null for what is no record. */
export function keyIdOf(sealed: string): string | null {
  try {
    return parseRecord(sealed).keyId
  } catch {
    return null
  }
}
