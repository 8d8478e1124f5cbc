import { type CofferError, isCofferError, sentencesOf } from '../errors.ts'
import type { KeyRecord } from '../model.ts'
import type { Keyring } from './keyring.ts'
import { type KeyRecords, type SourceName, sourceOf } from './keys.ts'
import { keyIdOf, type SealedRows } from './rewrap.ts'

export interface KeyStatus {
  readonly keyId: string
  readonly state: KeyRecord['state']
  /** Null for a key of a newer version. */
  readonly source: SourceName | null
  readonly createdAt: string
  /** How many sealed texts name it. */
  readonly records: number
  /** Whether the key that is found opens its canary; `deleted`: a retired key, gone from where it was kept. */
  readonly canary: 'opens' | 'fails' | 'deleted'
  /** Why it does not open, and what to do. */
  readonly why: string | null
}

export interface KeysStatus {
  /** What COFFER_KEY says. */
  readonly source: SourceName
  /** Why tokens cannot be sealed; null when they can. */
  readonly locked: CofferError | null
  /** Oldest first. */
  readonly keys: readonly KeyStatus[]
  /** How many texts there are that name no known key. */
  readonly unknown: number
}

export interface StatusDeps {
  readonly keyring: Keyring
  readonly keys: KeyRecords
  readonly sealed: Pick<SealedRows, 'list'>
}

/** Every key, and what it opens. Looks, and makes nothing. */
export async function keysStatus({ keyring, keys, sealed }: StatusDeps): Promise<KeysStatus> {
  const named = (await sealed.list()).map((value) => keyIdOf(value.sealed))
  const records = await keys.list()
  const locked = await failureOf(keyring.active())
  const statuses: KeyStatus[] = []
  for (const record of records) {
    const { keyId, state, createdAt } = record
    const count = named.filter((one) => one === keyId).length
    const about = { keyId, state, source: sourceOf(keyId), createdAt, records: count }
    statuses.push({ ...about, ...(await canaryOf(record, keyring)) })
  }
  const known = records.map(({ keyId }) => keyId)
  const unknown = named.filter((one) => one === null || !known.includes(one)).length
  return { source: keyring.source.name, locked, keys: statuses, unknown }
}

async function canaryOf(record: KeyRecord, keyring: Keyring): Promise<Pick<KeyStatus, 'canary' | 'why'>> {
  if (record.state === 'retired' && record.canary === '') return { canary: 'deleted', why: null }
  const failure = await failureOf(keyring.anywhere(record))
  return failure === null ? { canary: 'opens', why: null } : { canary: 'fails', why: sentencesOf(failure) }
}

async function failureOf(work: Promise<unknown>): Promise<CofferError | null> {
  try {
    await work
    return null
  } catch (error) {
    if (isCofferError(error)) return error
    throw error
  }
}
