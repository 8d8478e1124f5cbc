import { isCofferError } from '../errors.ts'
import type { KeyRecord } from '../model.ts'
import type { Keyring } from './keyring.ts'
import type { KeyRecords } from './keys.ts'
import type { SealingKey } from './record.ts'
import { createRetire, type Retired } from './retire.ts'
import { createRewrap, isSealedWith, keyIdOf, type SealedRows, type SealedValue } from './rewrap.ts'

export interface Rotated {
  /** The active key by now; null when there is none yet, and so nothing to rotate. */
  readonly keyId: string | null
  /** The key that it follows; null when an earlier rotation was gone on with. */
  readonly previous: string | null
  /** How many texts were sealed anew, and how many open under the active key. */
  readonly rewrapped: number
  readonly open: number
  /** Texts that no key opens: as they were. */
  readonly damaged: number
}

export interface Rotation {
  /** Makes a new key and seals everything with it, or goes on where that was cut off. VAULT_LOCKED before anything is changed. */
  rotate(): Promise<Rotated>
  /** Goes on with a rotation that was cut off; how many texts it sealed anew. Makes no key. The signal ends the waiting for the lock. */
  resume(signal?: AbortSignal): Promise<number>
  /** Deletes every key that only opens; KEY_IN_USE, and nothing done, while anything is sealed with one. */
  retire(): Promise<readonly Retired[]>
}

export interface RotationDeps<V extends SealedValue> {
  readonly keyring: Keyring
  readonly keys: KeyRecords
  readonly sealed: SealedRows<V>
  readonly lock: <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>
}

export function createRotation<V extends SealedValue>(deps: RotationDeps<V>): Rotation {
  const { keyring, keys, sealed, lock } = deps
  const rewrapAll = createRewrap(deps)

  async function rotate(): Promise<Rotated> {
    const previous = (await keys.list()).find(({ state }) => state === 'active')
    if (previous === undefined) {
      await keyring.active()
      return { keyId: null, previous: null, rewrapped: 0, open: 0, damaged: 0 }
    }
    await proveNeeded(previous)
    const current = await keyring.active().catch(unlessLocked)
    const gone = current === null ? 0 : await rewrapAll(current)
    if (current !== null && gone > 0) return await told(current, null, gone)
    const next = await keyring.replace(previous)
    return await told(next, previous.keyId, await rewrapAll(next))
  }

  /** A key that cannot be had is said before there is a new one. */
  async function proveNeeded(active: KeyRecord): Promise<void> {
    const named = (await sealed.list()).map((value) => keyIdOf(value.sealed))
    const needed = new Set([active.keyId, ...named])
    for (const record of await keys.list()) if (needed.has(record.keyId)) await keyring.anywhere(record)
  }

  /** Looks at all that is kept, as it is on the disk. */
  async function told(key: SealingKey, previous: string | null, rewrapped: number): Promise<Rotated> {
    const all = await sealed.list()
    const open = all.filter((value) => isSealedWith(key, value)).length
    return { keyId: key.keyId, previous, rewrapped, open, damaged: all.length - open }
  }

  async function resume(): Promise<number> {
    const key = await keyring.active()
    return key === null ? 0 : await rewrapAll(key)
  }

  async function isBehind(): Promise<boolean> {
    const active = (await keys.list()).find(({ state }) => state === 'active')
    return (
      active !== undefined && (await sealed.list()).some((value) => keyIdOf(value.sealed) !== active.keyId)
    )
  }

  return {
    rotate: () => lock(rotate),
    resume: async (signal) => ((await isBehind()) ? await lock(resume, signal) : 0),
    retire: () => lock(createRetire(deps)),
  }
}

function unlessLocked(error: unknown): null {
  if (isCofferError(error, 'VAULT_LOCKED')) return null
  throw error
}
