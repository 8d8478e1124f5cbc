import { describe, expect, it } from 'vitest'
import type { KeyRecord } from '../../src/model.ts'
import { driverNames, freshStore } from './fixtures.ts'

function key(changes: Partial<KeyRecord> = {}): KeyRecord {
  return {
    keyId: 'key-1',
    state: 'active',
    createdAt: '2026-11-01T00:00:00.000Z',
    canary: 'sealed canary',
    fingerprint: '0011',
    kdf: null,
    ...changes,
  }
}

describe.each(driverNames)('keys on %s', (driver) => {
  it('lists every key that ever sealed here, the oldest first', async () => {
    const { keys } = await freshStore({ driver })
    const second = key({ keyId: 'a', createdAt: '2026-11-02T00:00:00.000Z', kdf: '{"n":131072}' })
    await keys.insert(second)
    await keys.insert(key({ state: 'decrypt-only' }))
    expect(await keys.list()).toStrictEqual([key({ state: 'decrypt-only' }), second])
  })

  it('never overwrites one', async () => {
    const { keys } = await freshStore({ driver })
    await keys.insert(key())
    await expect(keys.insert(key({ canary: 'other' }))).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await keys.list()).toStrictEqual([key()])
  })
})
