import { describe, expect, it } from 'vitest'
import type { CofferError } from '../../src/errors.ts'
import { clickLink } from '../../src/simulator/click.ts'
import { bank, hour, logIn, openRooms, type Rooms } from '../support/rooms.ts'
import { until } from '../support/until.ts'

const patience = 15_000
const nothingMore = { addAccounts: false, addProducts: [] }

/** Connected, and its first fetch is over: until then it is `preparing`. */
async function settledBank(rooms: Rooms, institutionId = bank): Promise<string> {
  const itemId = await rooms.connect(institutionId)
  await until(async () => (await rooms.find(itemId)).lastSyncedAt !== null)
  return itemId
}

async function brokenBank(rooms: Rooms): Promise<string> {
  const itemId = await settledBank(rooms)
  rooms.simulator.controls.resetLogin(itemId)
  const { connection } = await rooms.app.connections.health.check(itemId)
  expect(connection.status).toBe('needs_reauth')
  return itemId
}

async function repairLink(rooms: Rooms, itemId: string, more = {}) {
  return await rooms.app.connections.links.forRepair(await rooms.find(itemId), { ...nothingMore, ...more })
}

describe.concurrent('a broken login', () => {
  it.each([true, false])(
    'is repaired on the same Item, nothing exchanged (on_success: %s)',
    async (updateOnSuccess) => {
      await using rooms = await openRooms({ updateOnSuccess })
      const itemId = await brokenBank(rooms)
      const { link, url } = await repairLink(rooms, itemId)
      await logIn(url.open())
      const ended = await rooms.app.connections.watcher.wait(link.linkId, patience)
      expect(ended).toMatchObject({ state: 'succeeded', mode: 'update', itemId })
      expect(await rooms.find(itemId)).toMatchObject({ status: 'active', reason: null })
      expect(rooms.calls('/item/public_token/exchange')).toBe(1)
      expect(rooms.simulator.controls.items()).toHaveLength(1)
    },
  )

  it('is not repaired by a wrong password, nor by leaving the page', async () => {
    await using rooms = await openRooms()
    const itemId = await brokenBank(rooms)
    const { link, url } = await repairLink(rooms, itemId)
    await clickLink(url.open(), 'wrong')
    await clickLink(url.open(), 'cancel')
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'open',
      exited: true,
    })
    expect((await rooms.find(itemId)).status).toBe('needs_reauth')
    await logIn(url.open())
    await until(async () => (await rooms.find(itemId)).status === 'active')
  })

  it('is proved at once although everything else has used up what this minute allows', async () => {
    await using rooms = await openRooms()
    const itemId = await brokenBank(rooms)
    const { link, url } = await repairLink(rooms, itemId)
    const { health } = rooms.app.connections
    const codeOf = () =>
      health.check(itemId).then(
        () => null,
        (error: CofferError) => error.code,
      )
    let code = null
    for (let calls = 0; code === null && calls < 25; calls += 1) code = await codeOf()
    expect(code).toBe('PLAID_RATE_LIMITED')
    await logIn(url.open())
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'succeeded',
    })
  })

  it('is found repaired when it was mended elsewhere, and asks for that at most every 10 s', async () => {
    await using rooms = await openRooms()
    const itemId = await brokenBank(rooms)
    const { link } = await repairLink(rooms, itemId)
    const before = rooms.calls('/item/get')
    await rooms.app.connections.watcher.wait(link.linkId, 2_000)
    expect(rooms.calls('/link/token/get')).toBeGreaterThan(1)
    expect(rooms.calls('/item/get')).toBe(before)

    rooms.simulator.controls.repairItem(itemId)
    rooms.advance(10_500)
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'succeeded',
    })
  })

  it('is not repaired while Plaid still shows the error, whatever Link says, and Plaid is not pestered', async () => {
    await using rooms = await openRooms()
    const itemId = await brokenBank(rooms)
    const { link, url } = await repairLink(rooms, itemId)
    await logIn(url.open())
    rooms.simulator.controls.resetLogin(itemId)
    const before = rooms.calls('/item/get')
    expect(await rooms.app.connections.watcher.wait(link.linkId, 3_000)).toMatchObject({ state: 'open' })
    expect(rooms.calls('/item/get')).toBe(before + 1)
    expect((await rooms.find(itemId)).status).toBe('needs_reauth')

    rooms.simulator.controls.repairItem(itemId)
    rooms.advance(10_500)
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'succeeded',
    })
  })

  it('is not repaired by an answer that was long on its way, when a later one shows the error', async () => {
    await using rooms = await openRooms()
    const itemId = await brokenBank(rooms)
    const { link } = await repairLink(rooms, itemId)
    const { health, watcher } = rooms.app.connections
    rooms.simulator.controls.repairItem(itemId)
    rooms.simulator.controls.failNext('/item/get', { kind: 'drip', ms: 150 })
    rooms.advance(10_500)
    const before = rooms.calls('/item/get')
    watcher.watch(link.linkId)
    await until(() => rooms.calls('/item/get') > before)
    // So another copy has stored it.
    const later = { code: 'ITEM_LOGIN_REQUIRED', plaidCode: 'ITEM_LOGIN_REQUIRED' } as const
    const at = new Date(rooms.now()).toISOString()
    await health.apply(itemId, { type: 'checked', ...later, consentExpirationTime: null, at })
    expect(await watcher.wait(link.linkId, 2_000)).toMatchObject({ state: 'open' })
    expect((await rooms.find(itemId)).status).toBe('needs_reauth')
    rooms.advance(10_500)
    expect(await watcher.wait(link.linkId, patience)).toMatchObject({ state: 'succeeded' })
  })

  it('has one link at a time: the open one is given again, one that is over is not', async () => {
    await using rooms = await openRooms()
    const itemId = await brokenBank(rooms)
    const first = await repairLink(rooms, itemId)
    const again = await repairLink(rooms, itemId)
    expect(again.link.linkId).toBe(first.link.linkId)
    expect(again.url.open()).toBe(first.url.open())
    expect((await repairLink(rooms, itemId, { addAccounts: true })).link.linkId).not.toBe(first.link.linkId)
    rooms.advance(hour)
    const later = await repairLink(rooms, itemId)
    expect(later.link.linkId).not.toBe(first.link.linkId)
  })
})

describe.concurrent('a session that ends and an Item that turns clean', () => {
  it('the Item first: it is repaired before Plaid calls the session finished, and counts as renewed', async () => {
    await using rooms = await openRooms({ finishAfterMs: 60_000 })
    const itemId = await brokenBank(rooms)
    await rooms.app.store.connections.change(itemId, (row) => ({ ...row, newAccounts: true }))
    const { link, url } = await repairLink(rooms, itemId)
    await logIn(url.open())
    rooms.advance(10_500)
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'succeeded',
    })
    expect(await rooms.find(itemId)).toMatchObject({
      status: 'active',
      newAccounts: false,
      repairedAt: expect.any(String),
    })
  })

  it('the bank by itself while the page was only open: what was warned of beneath still comes', async () => {
    await using rooms = await openRooms()
    const itemId = await settledBank(rooms)
    const { health, watcher } = rooms.app.connections
    const warning = { type: 'pending', warning: 'PENDING_DISCONNECT', deadline: null } as const
    await health.apply(itemId, { ...warning, sentAt: new Date(rooms.now()).toISOString() })
    await health.apply(itemId, { type: 'failed', code: 'BANK_ACTION_REQUIRED', plaidCode: 'ITEM_LOCKED' })
    expect((await rooms.find(itemId)).status).toBe('bank_issue')
    const { link, url } = await repairLink(rooms, itemId)
    await clickLink(url.open(), 'wrong')
    rooms.advance(10_500)
    const before = rooms.calls('/item/get')
    watcher.watch(link.linkId)
    await until(() => rooms.calls('/item/get') > before)
    await until(async () => (await rooms.find(itemId)).status !== 'bank_issue')
    // The person is still on the page, and what they finish there counts.
    expect(await watcher.wait(link.linkId, 1_000)).toMatchObject({ state: 'open' })
    expect(await rooms.find(itemId)).toMatchObject({
      status: 'expiring',
      deadline: expect.any(String),
      repairedAt: null,
    })
    await logIn(url.open())
    expect(await watcher.wait(link.linkId, patience)).toMatchObject({ state: 'succeeded' })
    expect(await rooms.find(itemId)).toMatchObject({ status: 'active', deadline: null })
  })

  it('one that was only opened and left has renewed nothing', async () => {
    await using rooms = await openRooms()
    const itemId = await brokenBank(rooms)
    const { link, url } = await repairLink(rooms, itemId)
    await clickLink(url.open(), 'cancel')
    rooms.simulator.controls.repairItem(itemId)
    rooms.advance(10_500)
    await rooms.app.connections.watcher.wait(link.linkId, patience)
    await until(async () => (await rooms.app.store.links.find(link.linkId))?.state === 'succeeded')
    expect(await rooms.find(itemId)).toMatchObject({ status: 'active', repairedAt: null })
  })

  it('an abandoned one stays open, and is told from one that nobody opened', async () => {
    await using rooms = await openRooms()
    const itemId = await brokenBank(rooms)
    const { link, url } = await repairLink(rooms, itemId)
    const { watcher } = rooms.app.connections
    expect(await watcher.wait(link.linkId, 500)).toMatchObject({ state: 'open', openedAt: null })
    await clickLink(url.open(), 'wrong')
    await until(async () => (await watcher.wait(link.linkId, 500))?.openedAt !== null)
    expect(await watcher.wait(link.linkId, 1)).toMatchObject({ state: 'open', exited: false })
  })
})

describe.concurrent('a laptop that slept past the end of a link', () => {
  it('and wakes without a network loses no finished session that Plaid still tells of', async () => {
    await using rooms = await openRooms({ updateOnSuccess: false })
    const itemId = await brokenBank(rooms)
    const { link, url } = await repairLink(rooms, itemId)
    await logIn(url.open())
    rooms.advance(5 * hour)
    rooms.simulator.controls.failNext('/link/token/get', { kind: 'html', status: 503 }, { times: 4 })
    const { watcher } = rooms.app.connections
    expect(await watcher.wait(link.linkId, 300)).toMatchObject({ state: 'open' })
    expect(await watcher.wait(link.linkId, patience)).toMatchObject({ state: 'succeeded' })
    expect(await rooms.find(itemId)).toMatchObject({ status: 'active', repairedAt: expect.any(String) })
  })
})

describe.concurrent('two that ask at the same instant', () => {
  it('get the same link, in whatever copy', async () => {
    await using rooms = await openRooms()
    const itemId = await brokenBank(rooms)
    const second = await rooms.open()
    rooms.simulator.controls.failNext('/link/token/create', { kind: 'slow', ms: 300 })
    const row = await rooms.find(itemId)
    const made = await Promise.all(
      [rooms.app, second, rooms.app, second].map((app) => app.connections.links.forRepair(row, nothingMore)),
    )
    expect(new Set(made.map(({ link }) => link.linkId)).size).toBe(1)
    expect(new Set(made.map(({ url }) => url.open())).size).toBe(1)
    // One for the bank itself, one for its repair.
    expect(rooms.calls('/link/token/create')).toBe(2)
  })

  it('wait for each other no longer than they are waited for', async () => {
    await using rooms = await openRooms()
    const itemId = await brokenBank(rooms)
    rooms.simulator.controls.failNext('/link/token/create', { kind: 'slow', ms: 2_000 })
    const row = await rooms.find(itemId)
    const { links } = rooms.app.connections
    const first = links.forRepair(row, nothingMore)
    const stop = new AbortController()
    const other = links.forRepair(row, nothingMore, stop.signal)
    stop.abort()
    await expect(other).rejects.toMatchObject({ code: 'CANCELLED' })
    expect((await first).link.state).toBe('open')
  })
})

describe.concurrent('a login that works', () => {
  it('is renewed only by a finished session: a clean check proves nothing', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    const { link, url } = await repairLink(rooms, itemId)
    const { watcher } = rooms.app.connections
    rooms.advance(11_000)
    expect(await watcher.wait(link.linkId, 1_000)).toMatchObject({ state: 'open', exited: false })
    await clickLink(url.open(), 'cancel')
    expect(await watcher.wait(link.linkId, patience)).toMatchObject({ state: 'open', exited: true })
    await logIn(url.open())
    await until(async () => (await rooms.app.store.links.find(link.linkId))?.state === 'succeeded')
  })

  it('that was about to expire is renewed elsewhere when Plaid says so', async () => {
    await using rooms = await openRooms()
    const itemId = await settledBank(rooms)
    const { health, watcher } = rooms.app.connections
    const secondsAgo = (seconds: number) => new Date(rooms.now() - seconds * 1000).toISOString()
    const warning = { type: 'pending', warning: 'PENDING_DISCONNECT', deadline: null } as const
    await health.apply(itemId, { ...warning, sentAt: secondsAgo(5) })
    expect((await rooms.find(itemId)).status).toBe('expiring')
    const { link } = await repairLink(rooms, itemId)
    expect(await watcher.wait(link.linkId, 1_000)).toMatchObject({ state: 'open' })
    await health.apply(itemId, { type: 'login_repaired', sentAt: secondsAgo(0) })
    expect(await watcher.wait(link.linkId, patience)).toMatchObject({ state: 'succeeded' })
    expect(await rooms.find(itemId)).toMatchObject({ status: 'active', repairedAt: null })
  })

  it('that expires is renewed by it, and the renewed consent is not warned about', async () => {
    await using rooms = await openRooms()
    const itemId = await settledBank(rooms, 'ins_127287')
    rooms.simulator.controls.setConsentExpiry(itemId, 5)
    expect((await rooms.app.connections.health.check(itemId)).connection.status).toBe('expiring')
    const { link, url } = await repairLink(rooms, itemId)
    await logIn(url.open())
    await rooms.app.connections.watcher.wait(link.linkId, patience)
    expect(await rooms.find(itemId)).toMatchObject({ status: 'active', deadline: null })
    expect((await rooms.app.connections.health.check(itemId)).connection.status).toBe('active')
  })
})

describe.concurrent('sharing more', () => {
  it('products that the person agreed to in Link may be used from then on', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    const { link, url } = await repairLink(rooms, itemId, { addProducts: ['investments'] })
    expect((await rooms.find(itemId)).products).toEqual(['transactions'])
    await logIn(url.open())
    await rooms.app.connections.watcher.wait(link.linkId, patience)
    expect((await rooms.find(itemId)).products).toEqual(['transactions', 'investments'])
  })

  it.each([{ addProducts: ['investments'] as const }, { addAccounts: true }])(
    'is not done by a login that was mended elsewhere: %o',
    async (more) => {
      await using rooms = await openRooms()
      const itemId = await brokenBank(rooms)
      const { link, url } = await repairLink(rooms, itemId, more)
      rooms.simulator.controls.repairItem(itemId)
      await rooms.app.connections.health.check(itemId)
      rooms.advance(10_500)
      const { watcher } = rooms.app.connections
      expect(await watcher.wait(link.linkId, 1_500)).toMatchObject({ state: 'open' })
      expect((await rooms.find(itemId)).products).toEqual(['transactions'])
      await logIn(url.open())
      expect(await watcher.wait(link.linkId, patience)).toMatchObject({ state: 'succeeded' })
    },
  )

  it('accounts that are new at the bank come with account selection', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    const newAccount = rooms.simulator.controls.addAccount(itemId)
    const { link, url } = await repairLink(rooms, itemId, { addAccounts: true })
    await logIn(url.open())
    await rooms.app.connections.watcher.wait(link.linkId, patience)
    const known = await rooms.app.plaid.accounts(itemId)
    expect(known.map((account) => account.accountId)).toContain(newAccount)
  })
})
