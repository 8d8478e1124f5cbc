import { describe, expect, it } from 'vitest'
import { openRooms } from '../support/rooms.ts'

describe('a permission that Plaid told was taken back', () => {
  it.each(['ITEM_NOT_FOUND', 'INVALID_ACCESS_TOKEN'] as const)(
    'is confirmed by %s: the data go, and the status says why',
    async (code) => {
      await using own = await openRooms()
      const revoked = await own.connect()
      await expect.poll(async () => (await own.find(revoked)).lastSyncedAt).not.toBeNull()
      const event = { type: 'error', plaidCode: 'USER_PERMISSION_REVOKED' } as const
      await own.app.connections.hear({ itemId: revoked, event, sentAt: new Date(own.now()).toISOString() })
      expect(await own.app.store.accounts.list()).not.toEqual([])
      own.simulator.controls.failNext('/item/get', { kind: 'error', code }, { itemId: revoked })
      await expect(own.app.connections.health.check(revoked)).rejects.toMatchObject({ plaidCode: code })
      expect(await own.find(revoked)).toMatchObject({ status: 'revoked', reason: 'USER_PERMISSION_REVOKED' })
      expect(await own.app.store.accounts.list()).toEqual([])
    },
  )

  it('is not what either of them says by itself', async () => {
    await using own = await openRooms()
    const dead = await own.connect()
    await expect.poll(async () => (await own.find(dead)).lastSyncedAt).not.toBeNull()
    own.simulator.controls.failNext('/item/get', { kind: 'error', code: 'ITEM_NOT_FOUND' }, { itemId: dead })
    await expect(own.app.connections.health.check(dead)).rejects.toMatchObject({
      plaidCode: 'ITEM_NOT_FOUND',
    })
    expect((await own.find(dead)).status).toBe('expired')
    expect(await own.app.store.accounts.list()).not.toEqual([])
  })
})

describe('an Item that is gone when its login is to be repaired', () => {
  it('is over, so that it can be replaced', async () => {
    await using own = await openRooms()
    const itemId = await own.connect()
    own.simulator.controls.failNext('/link/token/create', { kind: 'error', code: 'ITEM_NOT_FOUND' })
    const repair = { addAccounts: false, addProducts: [] }
    const { links } = own.app.connections
    await expect(links.forRepair(await own.find(itemId), repair)).rejects.toMatchObject({
      code: 'CONNECTION_ENDED',
    })
    expect((await own.find(itemId)).status).toBe('expired')
    const heir = { kind: 'bank', days: 30, label: null, person: null, replaces: itemId } as const
    expect((await links.forNewBank(heir)).link).toMatchObject({ replaces: itemId })
  })
})
