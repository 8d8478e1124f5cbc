import { describe, expect, it } from 'vitest'
import type { KeyRecord } from '../../src/model.ts'
import { driverNames, freshStore } from './fixtures.ts'
import { connection } from './rows.ts'

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

  it('makes one active, and the one until now open only, at once', async () => {
    const { keys } = await freshStore({ driver })
    await keys.insert(key())
    const second = key({ keyId: 'key-2', createdAt: '2026-11-02T00:00:00.000Z' })
    expect(await keys.activate(second, 'key-1')).toBe(true)
    expect(await keys.list()).toStrictEqual([key({ state: 'decrypt-only' }), second])
    expect(await keys.activate(key({ keyId: 'key-3' }), 'key-1')).toBe(false)
    await expect(keys.activate(second, 'key-2')).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await keys.list()).toStrictEqual([key({ state: 'decrypt-only' }), second])
  })

  it('retires none that is active or seals something, and empties the canary of a retired one alone', async () => {
    const { keys, connections } = await freshStore({ driver })
    await keys.insert(key({ state: 'decrypt-only' }))
    await keys.insert(key({ keyId: 'key-2' }))
    await connections.insert(connection(), 'v1.key-1.a.b.c')
    expect([await keys.retire('key-1'), await keys.retire('key-2')]).toEqual([false, false])
    await keys.forget('key-2')
    await connections.remove('item-1')
    expect(await keys.retire('key-1')).toBe(true)
    await keys.forget('key-1')
    expect(await keys.list()).toStrictEqual([key({ state: 'retired', canary: '' }), key({ keyId: 'key-2' })])
  })
})
