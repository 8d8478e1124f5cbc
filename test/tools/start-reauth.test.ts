import { describe, expect, it } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { invoke } from '../../src/tools/run.ts'
import { startReauth } from '../../src/tools/start-reauth.ts'
import { minute, openRooms, type Rooms } from '../support/rooms.ts'

async function ask(rooms: Rooms, args: object) {
  const { signal } = new AbortController()
  return await invoke(startReauth, args, {
    core: async () => rooms.app,
    log: silentLog,
    signal,
    progress: () => undefined,
  })
}

describe('an open link', () => {
  it('is handed out again without asking Plaid, however often', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    rooms.simulator.controls.resetLogin(itemId)
    const first = await ask(rooms, { item_id: itemId, force: true })
    const before = rooms.simulator.controls.calls().filter(({ path }) => path === '/item/get').length
    for (let time = 0; time < 20; time += 1) {
      expect(await ask(rooms, { item_id: itemId })).toMatchObject({ link_id: first.link_id, url: first.url })
    }
    expect(rooms.calls('/link/token/create')).toBe(2)
    expect(rooms.calls('/item/get')).toBe(before)
  })

  it('of another environment is not', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    await ask(rooms, { item_id: itemId, force: true })
    const other = await rooms.open({ PLAID_ENV: 'production' })
    await expect(ask({ ...rooms, app: other }, { item_id: itemId, force: true })).rejects.toMatchObject({
      code: 'WRONG_ENVIRONMENT',
    })
  })
})

describe('a connection that is known to be over', () => {
  it('is asked about: with the right keys it works again', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    const fault = { kind: 'error', code: 'INVALID_ACCESS_TOKEN' } as const
    rooms.simulator.controls.failNext('/item/get', fault, { times: 2 })
    for (let time = 0; time < 2; time += 1) {
      await expect(ask(rooms, { item_id: itemId })).rejects.toMatchObject({ code: 'CONNECTION_ENDED' })
    }
    expect((await rooms.find(itemId)).status).toBe('expired')
    expect(await ask(rooms, { item_id: itemId })).toMatchObject({ already_active: true })
    expect((await rooms.find(itemId)).status).toBe('active')
  })
})

describe('a connection that is preparing', () => {
  it('has a login that works: no link is made, unless more is asked for', async () => {
    await using rooms = await openRooms({ readyAfterMs: 60 * minute })
    const itemId = await rooms.connect()
    expect((await rooms.find(itemId)).status).toBe('preparing')
    expect(await ask(rooms, { item_id: itemId })).toMatchObject({ already_active: true })
    expect(await ask(rooms, { item_id: itemId, add_accounts: true })).toMatchObject({ already_active: false })
  })
})
