import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { clickLink } from '../../src/simulator/click.ts'
import { bank, brokerage, hour, logIn, minute, newLink, openRooms, otherBank } from '../support/rooms.ts'
import { recordingLog } from '../webhook/listening.ts'

const patience = 15_000

describe('a new bank', () => {
  it('is connected by its Link page: stored with its accounts, its token sealed, what was asked for kept', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank, { label: 'Ours', person: 'Ana' })
    expect(await rooms.find(itemId)).toMatchObject({
      institution: 'First Platypus Bank',
      institutionId: bank,
      environment: 'sandbox',
      label: 'Ours',
      person: 'Ana',
      products: ['transactions'],
    })
    expect((await rooms.app.store.accounts.list(itemId)).length).toBeGreaterThan(1)
    const [item] = rooms.simulator.controls.items()
    expect(item).toMatchObject({ itemId, daysRequested: 730 })
    const sealed = await rooms.app.store.connections.sealedToken(itemId)
    expect(sealed).toMatch(/^v1\./)
    expect(sealed).not.toContain(item?.accessToken)
  })

  it.each([
    ['bank', bank, ['transactions'], ['investments', 'liabilities']],
    ['brokerage', brokerage, ['investments'], ['transactions', 'liabilities']],
  ] as const)(
    'as a %s starts only its own product, and has the others consented',
    async (kind, at, products, more) => {
      await using rooms = await openRooms()
      const { link, url } = await newLink(rooms.app, { kind })
      await logIn(url.open(), at)
      await rooms.app.connections.watcher.wait(link.linkId, patience)
      const [item] = rooms.simulator.controls.items()
      expect(Object.keys(item?.products ?? {})).toEqual(products)
      expect(item?.consented).toEqual(expect.arrayContaining([...products, ...more]))
    },
  )

  it('is asked for nothing that PLAID_PRODUCTS leaves out', async () => {
    await using rooms = await openRooms({}, { PLAID_PRODUCTS: 'transactions' })
    await rooms.connect()
    expect(rooms.simulator.controls.items()[0]?.consented).toEqual(['transactions'])
    await expect(newLink(rooms.app, { kind: 'brokerage' })).rejects.toMatchObject({
      code: 'BAD_SETTING',
      fix: 'Set PLAID_PRODUCTS=transactions,investments',
    })
  })

  it('is connected as soon as the bank accepted the login, though the page is never finished', async () => {
    await using rooms = await openRooms({ finishAfterMs: 60 * minute })
    expect((await rooms.find(await rooms.connect())).institution).toBe('First Platypus Bank')
  })

  it('is never begun while its token could not be sealed', async () => {
    await using rooms = await openRooms()
    await rooms.connect()
    const locked = await rooms.open({ COFFER_KEY: `file:${rooms.home}/another.key` })
    const before = rooms.calls('/link/token/create')
    await expect(newLink(locked)).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    expect(rooms.calls('/link/token/create')).toBe(before)
  })
})

describe('a link on its way', () => {
  it('stays open after a wrong password and after leaving the page, until the login works', async () => {
    await using rooms = await openRooms()
    const { link, url } = await newLink(rooms.app)
    const { watcher } = rooms.app.connections
    await clickLink(url.open(), 'wrong')
    expect(await watcher.wait(link.linkId, 1)).toMatchObject({ state: 'open', exited: false })
    await clickLink(url.open(), 'cancel')
    expect(await watcher.wait(link.linkId, patience)).toMatchObject({ state: 'open', exited: true })
    // Having left the page is no news any more: this waits for what comes after it.
    const waiting = watcher.wait(link.linkId, patience)
    await logIn(url.open(), bank)
    expect(await waiting).toMatchObject({ state: 'succeeded', sealedPublicToken: null })
  })

  it('expires a little after its time, when nobody came', async () => {
    await using rooms = await openRooms()
    const { link } = await newLink(rooms.app)
    rooms.advance(Date.parse(link.expiresAt) - rooms.now() + 16_000)
    const ended = await rooms.app.connections.watcher.wait(link.linkId, patience)
    expect(ended).toMatchObject({ state: 'expired', itemId: null })
    expect(await rooms.app.store.connections.list()).toEqual([])
  })

  it('is not given up on an answer from before the login: the laptop slept in between', async () => {
    await using rooms = await openRooms()
    const { link, url } = await newLink(rooms.app)
    rooms.advance(Date.parse(link.expiresAt) - rooms.now() - minute)
    rooms.simulator.controls.failNext('/link/token/get', { kind: 'drip', ms: 150 })
    const waiting = rooms.app.connections.watcher.wait(link.linkId, patience)
    await expect.poll(() => rooms.calls('/link/token/get')).toBe(1)
    await logIn(url.open(), bank)
    rooms.advance(Date.parse(link.expiresAt) - rooms.now() + 16_000)
    expect(await waiting).toMatchObject({ state: 'succeeded' })
  })

  it('ends though nobody can ask about it any more: the laptop slept, or the key is lost', async () => {
    await using rooms = await openRooms()
    const slept = await newLink(rooms.app)
    const unasked = await newLink(rooms.app)
    rooms.advance(10 * hour)
    expect(await rooms.app.connections.watcher.wait(slept.link.linkId, patience)).toMatchObject({
      state: 'expired',
    })
    const locked = await rooms.open({ COFFER_KEY: `file:${rooms.home}/another.key` })
    expect(await locked.connections.watcher.wait(unasked.link.linkId, patience)).toMatchObject({
      state: 'expired',
    })
  })

  it('is over when Plaid knows it no more, also where the person had left the page', async () => {
    await using rooms = await openRooms()
    const { link, url } = await newLink(rooms.app)
    const { watcher } = rooms.app.connections
    await clickLink(url.open(), 'cancel')
    expect(await watcher.wait(link.linkId, patience)).toMatchObject({ state: 'open', exited: true })
    const forgotten = { kind: 'error', code: 'INVALID_LINK_TOKEN' } as const
    rooms.simulator.controls.failNext('/link/token/get', forgotten, { times: 100 })
    expect(await watcher.wait(link.linkId, patience)).toMatchObject({ state: 'expired', itemId: null })
  })

  it('is moved on once: a copy that was slow changes nothing of what another has done', async () => {
    await using rooms = await openRooms()
    const slow = await rooms.open()
    const { link, url } = await newLink(rooms.app)
    await logIn(url.open(), bank)
    rooms.simulator.controls.failNext('/link/token/get', { kind: 'slow', ms: 2_500 })
    slow.connections.watcher.watch(link.linkId)
    await expect.poll(() => rooms.app.store.links.find(link.linkId)).not.toMatchObject({ leaseOwner: null })
    await sleep(300)
    rooms.advance(30_000)
    const done = await rooms.app.connections.watcher.wait(link.linkId, patience)
    expect(done).toMatchObject({ state: 'succeeded' })
    // The slow one has its answer at last, and finds the very connection that was made as a twin.
    await slow.connections.watcher.close()
    expect(await rooms.app.store.links.find(link.linkId)).toMatchObject({
      state: 'succeeded',
      duplicateOf: null,
      itemId: done?.itemId,
    })
  })

  it('counts a login of its last second', async () => {
    await using rooms = await openRooms()
    const { link, url } = await newLink(rooms.app)
    rooms.advance(Date.parse(link.expiresAt) - rooms.now() - 1_500)
    await logIn(url.open(), bank)
    rooms.advance(2_000)
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'succeeded',
    })
  })

  it('outlives an outage of Plaid', async () => {
    await using rooms = await openRooms()
    const { link, url } = await newLink(rooms.app)
    await logIn(url.open(), bank)
    rooms.simulator.controls.failNext('/link/token/get', { kind: 'html', status: 503 }, { times: 4 })
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'succeeded',
    })
  })
})

describe('a page in which somebody logs in twice', () => {
  it('makes one connection, and the log tells of the login that was left out', async () => {
    await using rooms = await openRooms()
    const { log, lines } = recordingLog()
    const app = await createApp(readConfig({ flags: {}, env: rooms.env }), log, rooms.now)
    onTestFinished(() => app.close())
    const { link, url } = await newLink(app)
    await logIn(url.open(), bank)
    await logIn(url.open(), otherBank)
    const ended = await app.connections.watcher.wait(link.linkId, patience)
    expect(ended).toMatchObject({ state: 'succeeded' })
    expect(await app.store.connections.list()).toMatchObject([{ institutionId: bank }])
    expect(lines).toContainEqual({
      level: 'warn',
      event: 'link.more_logins',
      fields: { link_id: link.linkId, not_connected: 1 },
    })
  })
})

describe('a bank that follows a dead one', () => {
  it('carries its label and person over', async () => {
    await using rooms = await openRooms()
    const old = await rooms.connect(bank, { label: 'Ours', person: 'Ana' })
    await expect(newLink(rooms.app, { replaces: old })).rejects.toMatchObject({ code: 'INVALID_ARGUMENTS' })
    rooms.simulator.controls.breakItem(old, 'ITEM_NOT_FOUND')
    await rooms.app.connections.checkAll(await rooms.app.store.connections.list())
    expect(await rooms.find(old)).toMatchObject({ status: 'expired', reason: 'ITEM_NOT_FOUND' })

    const { link, url } = await newLink(rooms.app, { replaces: old })
    await logIn(url.open(), bank)
    const ended = await rooms.app.connections.watcher.wait(link.linkId, patience)
    expect(ended).toMatchObject({ state: 'succeeded' })
    expect(await rooms.find(ended?.itemId ?? '')).toMatchObject({ label: 'Ours', person: 'Ana' })
  })

  it("leaves the row and its token where Plaid only refused the token: with another team's keys the Item lives on", async () => {
    await using rooms = await openRooms()
    const old = await rooms.connect()
    rooms.simulator.controls.failNext('/item/get', { kind: 'error', code: 'INVALID_ACCESS_TOKEN' })
    await rooms.app.connections.checkAll(await rooms.app.store.connections.list())
    expect(await rooms.find(old)).toMatchObject({ status: 'expired', reason: 'INVALID_ACCESS_TOKEN' })
    const { link, url } = await newLink(rooms.app, { replaces: old })
    await logIn(url.open(), bank)
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'succeeded',
    })
    expect(await rooms.app.store.connections.sealedToken(old)).not.toBeNull()
    // The keys are right again.
    await rooms.app.connections.health.check(old)
    expect((await rooms.find(old)).status).toBe('active')
  })

  it('cannot follow one that is not there', async () => {
    await using rooms = await openRooms()
    await expect(newLink(rooms.app, { replaces: 'nobody' })).rejects.toMatchObject({
      code: 'UNKNOWN_CONNECTION',
    })
  })
})

describe('the same login a second time', () => {
  it('is a duplicate: nothing is exchanged, and the first one is looked at', async () => {
    await using rooms = await openRooms()
    const first = await rooms.connect()
    const checks = rooms.calls('/item/get')
    const { link, url } = await newLink(rooms.app)
    await logIn(url.open(), bank)
    const ended = await rooms.app.connections.watcher.wait(link.linkId, patience)
    expect(ended).toMatchObject({ state: 'duplicate', duplicateOf: first, itemId: null })
    expect(rooms.calls('/item/public_token/exchange')).toBe(1)
    expect(rooms.calls('/item/get')).toBeGreaterThan(checks)
    expect(await rooms.app.store.connections.list()).toHaveLength(1)
  })

  it('is a duplicate also when both are finished at once', async () => {
    await using rooms = await openRooms()
    const [one, other] = [await newLink(rooms.app), await newLink(rooms.app)]
    await logIn(one.url.open(), bank)
    await logIn(other.url.open(), bank)
    rooms.simulator.controls.failNext('/item/public_token/exchange', { kind: 'slow', ms: 500 })
    const ended = await Promise.all([
      rooms.app.connections.watcher.wait(one.link.linkId, patience),
      rooms.app.connections.watcher.wait(other.link.linkId, patience),
    ])
    expect(new Set(ended.map((link) => link?.state))).toEqual(new Set(['duplicate', 'succeeded']))
    expect(rooms.calls('/item/public_token/exchange')).toBe(1)
    expect(await rooms.app.store.connections.list()).toHaveLength(1)
  })

  it('is connected all the same when the person says so', async () => {
    await using rooms = await openRooms()
    await rooms.connect()
    const { link, url } = await newLink(rooms.app)
    await logIn(url.open(), bank)
    const duplicate = await rooms.app.connections.watcher.wait(link.linkId, patience)
    if (duplicate === null) throw new Error('the link is gone')
    await rooms.app.connections.keepDuplicate(duplicate)
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'succeeded',
    })
    expect(await rooms.app.store.connections.list()).toHaveLength(2)
  })

  it('is followed by a look at the older login, which some banks end', async () => {
    await using rooms = await openRooms()
    const older = await rooms.connect()
    const { link, url } = await newLink(rooms.app)
    await logIn(url.open(), bank)
    const duplicate = await rooms.app.connections.watcher.wait(link.linkId, patience)
    if (duplicate === null) throw new Error('the link is gone')
    rooms.simulator.controls.resetLogin(older)
    await rooms.app.connections.keepDuplicate(duplicate)
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'succeeded',
    })
    expect((await rooms.find(older)).status).toBe('needs_reauth')
  })

  it('at another bank is none', async () => {
    await using rooms = await openRooms()
    await rooms.connect()
    await rooms.connect(otherBank)
    expect(await rooms.app.store.connections.list()).toHaveLength(2)
  })
})
