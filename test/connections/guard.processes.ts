import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { loginWith } from '../support/custom-user.ts'
import { bank, type Login, logIn, minute, newLink, openRooms, type Rooms } from '../support/rooms.ts'
import { openRewritten, type Rewrite } from '../support/rewriting.ts'
import { until } from '../support/until.ts'

const exchange = '/item/public_token/exchange'

const hers = loginWith({ name: 'Her own', mask: '1111', balance: 200 })
const his = loginWith({ name: 'His own', mask: '2222', balance: 30 })

async function secondLogin(rooms: Rooms, login: Login = {}): Promise<string> {
  const { link, url } = await newLink(rooms.app)
  await logIn(url.open(), bank, login)
  return link.linkId
}

function wait(rooms: Rooms, linkId: string, ms = 15_000) {
  return rooms.app.connections.watcher.wait(linkId, ms)
}

describe('a login whose accounts Link does not tell', () => {
  /** What Link tells from now on. */
  function openSilent() {
    const link = { hasAccounts: true, isFinished: true }
    const rewrite: Rewrite = (path, key, value) => {
      if (path !== '/link/token/get') return value
      if (key === 'accounts' && !link.hasAccounts) return []
      return key === 'finished_at' && !link.isFinished ? null : value
    }
    return { link, rooms: openRewritten(rewrite) }
  }

  it('is held back at a bank that is connected, until they are told', async () => {
    const { link, rooms: opening } = openSilent()
    await using rooms = await opening
    const first = await rooms.connect()
    Object.assign(link, { hasAccounts: false, isFinished: false })
    const linkId = await secondLogin(rooms)
    expect(await wait(rooms, linkId, 2_000)).toMatchObject({ state: 'open' })
    expect(rooms.calls(exchange)).toBe(1)
    link.hasAccounts = true
    expect(await wait(rooms, linkId)).toMatchObject({ state: 'duplicate', duplicateOf: first })
  })

  it('is taken for a duplicate when they never are: asking costs less than a second Item', async () => {
    const { link, rooms: opening } = openSilent()
    await using rooms = await opening
    const first = await rooms.connect()
    Object.assign(link, { hasAccounts: false, isFinished: false })
    const linkId = await secondLogin(rooms)
    expect(await wait(rooms, linkId, 1_500)).toMatchObject({ state: 'open' })
    rooms.advance(minute)
    expect(await wait(rooms, linkId)).toMatchObject({ state: 'duplicate', duplicateOf: first })
    expect(rooms.calls(exchange)).toBe(1)
  })

  it('is connected at once at a bank that is not', async () => {
    const { link, rooms: opening } = openSilent()
    await using rooms = await opening
    Object.assign(link, { hasAccounts: false, isFinished: false })
    expect(await wait(rooms, await secondLogin(rooms))).toMatchObject({ state: 'succeeded' })
  })
})

describe('a login whose accounts come without their ids', () => {
  it('is compared by what else is told: the same one is a duplicate, that of somebody else is none', async () => {
    await using rooms = await openRewritten((path, key, value) =>
      path === '/link/token/get' && key === 'id' ? undefined : value,
    )
    const first = await rooms.connect(bank, hers)
    expect(await wait(rooms, await secondLogin(rooms, his))).toMatchObject({ state: 'succeeded' })
    expect(await wait(rooms, await secondLogin(rooms, hers))).toMatchObject({
      state: 'duplicate',
      duplicateOf: first,
    })
  })
})

describe('a first connection whose accounts are not known', () => {
  it('is asked for them before a second login is judged', async () => {
    await using rooms = await openRooms()
    const { controls } = rooms.simulator
    controls.failNext('/accounts/get', { kind: 'error', code: 'INTERNAL_SERVER_ERROR' }, { times: 20 })
    const first = await rooms.connect()
    expect(await rooms.app.store.accounts.list(first)).toEqual([])
    expect(await wait(rooms, await secondLogin(rooms))).toMatchObject({ duplicateOf: first })
  })
})

describe('a duplicate', () => {
  it('is kept by any copy, and what it makes knows what it doubles', async () => {
    await using rooms = await openRooms()
    const first = await rooms.connect()
    const linkId = await secondLogin(rooms)
    const duplicate = await wait(rooms, linkId)
    if (duplicate === null) throw new Error('the link is gone')
    const other = await rooms.open()
    // The first copy has it to itself for a few seconds yet.
    rooms.advance(minute)
    await other.connections.keepDuplicate(duplicate)
    expect(await other.connections.watcher.wait(linkId, 15_000)).toMatchObject({
      state: 'succeeded',
      duplicateOf: first,
      sealedPublicToken: null,
    })
  })

  it('goes on when that is said in the very moment in which it is recognised', async () => {
    await using rooms = await openRooms()
    const first = await rooms.connect()
    const { link, url } = await newLink(rooms.app)
    await logIn(url.open(), bank)
    // The older login is looked at before the link ends as a duplicate.
    rooms.simulator.controls.failNext('/item/get', { kind: 'slow', ms: 3_000 }, { itemId: first })
    const before = rooms.calls('/link/token/get')
    const waiting = wait(rooms, link.linkId)
    await until(() => rooms.calls('/link/token/get') > before)
    await sleep(800)
    await rooms.app.connections.keepDuplicate(link)
    expect(await waiting).toMatchObject({ state: 'succeeded', duplicateOf: first })
  })

  it('whose public token was dropped cannot be kept, and says that it is lost', async () => {
    await using rooms = await openRooms()
    await rooms.connect()
    const linkId = await secondLogin(rooms)
    await wait(rooms, linkId)
    const { links } = rooms.app.store
    expect((await links.find(linkId))?.sealedPublicToken).not.toBeNull()
    rooms.advance(31 * minute)
    await links.forgetPublicTokens(new Date(rooms.now() - 30 * minute).toISOString())
    const dropped = await links.find(linkId)
    if (dropped === null) throw new Error('the link is gone')
    expect(dropped.sealedPublicToken).toBeNull()
    await rooms.app.connections.keepDuplicate(dropped)
    expect(await wait(rooms, linkId)).toMatchObject({ state: 'lost', itemId: null })
    expect(rooms.calls(exchange)).toBe(1)
  })
})
