import { describe, expect, it } from 'vitest'
import { silentLog } from '../../src/log.ts'
import type { ToolContext, UrlRequest } from '../../src/tools/context.ts'
import { invoke } from '../../src/tools/run.ts'
import { startReauth } from '../../src/tools/start-reauth.ts'
import { bank, logIn, minute, newLink, openRooms, type Rooms } from '../support/rooms.ts'

async function ask(rooms: Rooms, args: object, elicitUrl: ToolContext['elicitUrl'] = null) {
  const { signal } = new AbortController()
  return await invoke(startReauth, args, {
    core: async () => rooms.app,
    log: silentLog,
    signal,
    progress: () => undefined,
    elicitUrl,
  })
}

/** Its first fetch is over: until then it is `preparing`. */
async function connected(rooms: Rooms): Promise<string> {
  const itemId = await rooms.connect()
  const fetchedAt = async () => (await rooms.find(itemId)).lastSyncedAt
  await expect.poll(fetchedAt, { timeout: 15_000 }).not.toBeNull()
  return itemId
}

/** A connection of which `/item/get` shows this error. */
async function troubled(rooms: Rooms, code: Parameters<Rooms['simulator']['controls']['breakItem']>[1]) {
  const itemId = await connected(rooms)
  rooms.simulator.controls.breakItem(itemId, code)
  await rooms.app.connections.health.check(itemId)
  return itemId
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
    const itemId = await connected(rooms)
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

describe('a connection that is over', () => {
  it('is connected again, and once that is done the one in its place is named, whatever Plaid says', async () => {
    await using rooms = await openRooms()
    const old = await troubled(rooms, 'ITEM_NOT_SUPPORTED')
    await expect(ask(rooms, { item_id: old })).rejects.toMatchObject({
      code: 'CONNECTION_ENDED',
      fix: expect.stringContaining(`connect_bank with replaces=${old}`),
    })
    const { link, url } = await newLink(rooms.app, { replaces: old })
    await logIn(url.open(), bank)
    const next = (await rooms.app.connections.watcher.wait(link.linkId, 15_000))?.itemId ?? ''
    expect(await rooms.find(old)).toMatchObject({ status: 'expired', replacedBy: next })
    const refused = async () => {
      const error: unknown = await ask(rooms, { item_id: old }).catch((failure: unknown) => failure)
      expect(error).toMatchObject({ code: 'CONNECTION_ENDED', fix: expect.stringContaining(next) })
      expect(error).toMatchObject({ fix: expect.not.stringContaining('connect_bank') })
    }
    await refused()
    const fault = { kind: 'error', code: 'INVALID_ACCESS_TOKEN' } as const
    rooms.simulator.controls.failNext('/item/get', fault, { times: 1, itemId: old })
    await refused()
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

describe('a client that can show a page', () => {
  it('is given the link to show, each time it is handed out, and no browser is opened', async () => {
    await using rooms = await openRooms()
    const itemId = await troubled(rooms, 'ITEM_LOGIN_REQUIRED')
    const shown: UrlRequest[] = []
    const link = await ask(rooms, { item_id: itemId }, (request) => shown.push(request))
    expect(link.opened).toBe(true)
    await ask(rooms, { item_id: itemId }, (request) => shown.push(request))
    expect(shown.map(({ id, url }) => [id, url.open()])).toEqual([
      [link.link_id, link.url],
      [link.link_id, link.url],
    ])
    expect(shown[0]?.message).toContain('First Platypus Bank')
    expect(await ask(rooms, { item_id: itemId })).toMatchObject({ opened: false, url: link.url })
  })
})

describe('a problem at the bank', () => {
  it.each(['INSTITUTION_DOWN', 'INSTITUTION_NOT_RESPONDING', 'PLANNED_MAINTENANCE'] as const)(
    'that is an outage (%s) is waited for: no login would mend it, and only force makes a link',
    async (code) => {
      await using rooms = await openRooms()
      const itemId = await troubled(rooms, code)
      const answer = await ask(rooms, { item_id: itemId })
      expect(answer).toMatchObject({ already_active: false, next_step: { tool: 'check_connection' } })
      expect(answer).not.toHaveProperty('url')
      expect(answer.next_step.text).toMatch(new RegExp(`${code}.*Wait.*force=true`))
      expect(await ask(rooms, { item_id: itemId, force: true })).toHaveProperty('url')
    },
  )

  it.each(['ITEM_LOCKED', 'PASSWORD_RESET_REQUIRED', 'USER_SETUP_REQUIRED'] as const)(
    'that its owner has to mend first (%s) is then repaired by a new login',
    async (code) => {
      await using rooms = await openRooms()
      const itemId = await troubled(rooms, code)
      expect((await rooms.find(itemId)).status).toBe('bank_issue')
      const { link_id: linkId = '', url = '' } = await ask(rooms, { item_id: itemId })
      await logIn(url)
      expect(await rooms.app.connections.watcher.wait(linkId, 15_000)).toMatchObject({ state: 'succeeded' })
      expect((await rooms.find(itemId)).status).toBe('active')
    },
  )
})

describe('accounts to choose', () => {
  it('are offered by themselves where the bank has new ones, to a login that works and to one that broke', async () => {
    await using rooms = await openRooms()
    const itemId = await connected(rooms)
    const markNew = () => rooms.app.store.connections.change(itemId, (row) => ({ ...row, newAccounts: true }))
    for (const breakIt of [false, true]) {
      if (breakIt) rooms.simulator.controls.resetLogin(itemId)
      const added = rooms.simulator.controls.addAccount(itemId)
      await markNew()
      const { link_id: linkId = '', url = '' } = await ask(rooms, { item_id: itemId })
      expect(await rooms.app.store.links.find(linkId)).toMatchObject({ addAccounts: true, broken: breakIt })
      await logIn(url)
      expect(await rooms.app.connections.watcher.wait(linkId, 15_000)).toMatchObject({ state: 'succeeded' })
      expect(await rooms.find(itemId)).toMatchObject({ status: 'active', newAccounts: false })
      expect((await rooms.app.plaid.accounts(itemId)).map(({ accountId }) => accountId)).toContain(added)
    }
  })

  it('are offered where the bank shares none any more', async () => {
    await using rooms = await openRooms()
    const itemId = await troubled(rooms, 'NO_ACCOUNTS')
    const { link_id: linkId = '' } = await ask(rooms, { item_id: itemId })
    expect(await rooms.app.store.links.find(linkId)).toMatchObject({ addAccounts: true })
  })

  it('that came up meanwhile leave an open link as it is', async () => {
    await using rooms = await openRooms()
    const itemId = await troubled(rooms, 'ITEM_LOGIN_REQUIRED')
    const first = await ask(rooms, { item_id: itemId })
    await rooms.app.store.connections.change(itemId, (row) => ({ ...row, newAccounts: true }))
    expect(await ask(rooms, { item_id: itemId })).toMatchObject({ link_id: first.link_id })
  })
})
