import type { KeyRecord } from '../model.ts'
import type { Forgotten, KeySource } from './key-source.ts'
import { proveKey, sourceOf } from './keys.ts'
import { locked } from './locked.ts'
import { once } from './once.ts'
import type { SealingKey } from './record.ts'
import { type SourceDeps, sourcesOf } from './sources.ts'

/** Keys as they are kept, each read once. Everything rejects with VAULT_LOCKED or HOME_NOT_PRIVATE. */
export interface Loading {
  /** The active key from the source that is set, and from nowhere else; one that only opens, from its own. */
  load(record: KeyRecord): Promise<SealingKey>
  /** A key from wherever it was made, whatever COFFER_KEY says by now. */
  anywhere(record: KeyRecord): Promise<SealingKey>
  /** Deletes a retired key where it is kept. */
  forget(record: KeyRecord): Promise<Forgotten>
}

export function createLoading(deps: SourceDeps, source: KeySource): Loading {
  const { databaseId } = deps
  const idOf = ({ keyId }: KeyRecord) => keyId
  const anywhere = once(idOf, findKey)
  const load = once(idOf, (record) => (record.state === 'active' ? loadActive(record) : anywhere(record)))

  async function loadActive(record: KeyRecord): Promise<SealingKey> {
    expectSource(record, source)
    return await loadFrom(source, record)
  }

  async function loadFrom(place: KeySource, record: KeyRecord): Promise<SealingKey> {
    const key = await place.load(record)
    if (key === null) throw locked('The key that the bank tokens are sealed with is missing.', place.cure)
    const sealing = { keyId: record.keyId, databaseId, key }
    proveKey(sealing, record, place.cure)
    return sealing
  }

  async function findKey(record: KeyRecord): Promise<SealingKey> {
    let failure: unknown = nowhere(record)
    for (const place of sourcesOf(record, deps)) {
      try {
        return await loadFrom(place, record)
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  return {
    load,
    anywhere,
    async forget(record) {
      if (sourceOf(record.keyId) === 'env') return 'passphrase'
      const said: Forgotten[] = []
      for (const place of sourcesOf(record, deps)) said.push(await place.forget(record))
      return said.find((one) => one !== 'absent') ?? 'absent'
    },
  }
}

function expectSource({ keyId }: KeyRecord, source: KeySource): void {
  const made = sourceOf(keyId)
  if (made === source.name) return
  if (made === null) throw newerKey()
  throw locked(
    `The bank tokens here are sealed with a key from ${made}, but COFFER_KEY says ${source.name}.`,
    `Set COFFER_KEY=${settingOf(made)}, as this data directory was set up. To move to ${source.name}, run coffer-mcp keys rotate.`,
  )
}

/** There is no place to look for it. */
function nowhere({ keyId }: KeyRecord) {
  const made = sourceOf(keyId)
  if (made === null) return newerKey()
  const fix =
    made === 'env'
      ? 'Set TOKEN_ENCRYPTION_KEY to the passphrase that they were sealed with, beside COFFER_KEY.'
      : `Set COFFER_KEY=${settingOf(made)} and run coffer-mcp keys rotate there first.`
  return locked(`The key from ${made} that bank tokens here are still sealed with cannot be had.`, fix)
}

function newerKey() {
  return locked('The key was made by a newer version.', 'Install the newest coffer-mcp.')
}

function settingOf(made: KeySource['name']): string {
  return made === 'file' ? 'file:PATH' : made
}
