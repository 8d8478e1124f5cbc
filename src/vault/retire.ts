import { CofferError } from '../errors.ts'
import type { KeyRecord } from '../model.ts'
import type { Forgotten } from './key-source.ts'
import type { Keyring } from './keyring.ts'
import type { KeyRecords } from './keys.ts'
import { keyIdOf, type SealedRows } from './rewrap.ts'

export interface Retired {
  readonly keyId: string
  readonly key: Forgotten
}

export interface RetireDeps {
  readonly keyring: Keyring
  readonly keys: KeyRecords
  readonly sealed: Pick<SealedRows, 'list'>
}

/** Deletes every key that only opens. Under the lock of the keys. */
export function createRetire({ keyring, keys, sealed }: RetireDeps) {
  return async function retire(): Promise<readonly Retired[]> {
    const over = (await keys.list()).filter(isOver)
    // Nobody should delete an old key who cannot have the one that follows it.
    if (over.length > 0) await keyring.active()
    const named = (await sealed.list()).map((value) => keyIdOf(value.sealed))
    const used = over.find(({ keyId, state }) => state === 'decrypt-only' && named.includes(keyId))
    if (used !== undefined) throw inUse(used.keyId, named.filter((keyId) => keyId === used.keyId).length)
    const retired: Retired[] = []
    for (const record of over) retired.push({ keyId: record.keyId, key: await retireKey(record) })
    return retired
  }

  async function retireKey(record: KeyRecord): Promise<Forgotten> {
    const { keyId, state } = record
    if (state === 'decrypt-only' && !(await keys.retire(keyId))) throw inUse(keyId, 1)
    const key = await keyring.forget(record)
    await keys.forget(keyId)
    return key
  }
}

/** Also one that was retired by a process that ended before it had deleted the key. */
function isOver({ state, canary }: KeyRecord): boolean {
  return state === 'decrypt-only' || (state === 'retired' && canary !== '')
}

function inUse(keyId: string, count: number): CofferError {
  return new CofferError('KEY_IN_USE', `The key ${keyId} still opens ${count} of what is kept here.`, {
    fix: 'Run coffer-mcp keys rotate, and then keys retire again.',
  })
}
