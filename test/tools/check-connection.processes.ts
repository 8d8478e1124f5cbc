import { describe, expect, it } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { clickLink } from '../../src/simulator/click.ts'
import { checkConnection } from '../../src/tools/check-connection.ts'
import { invoke } from '../../src/tools/run.ts'
import { bank, brokerage, hour, logIn, minute, newLink, openRooms, type Rooms } from '../support/rooms.ts'

async function check({ app }: Rooms, args: object) {
  const { signal } = new AbortController()
  const core = async () => app
  return await invoke(checkConnection, args, { core, log: silentLog, signal, progress: () => undefined })
}

describe('a link that nobody used', () => {
  it('says nothing of a connection that works, and of a broken one only its link_id tells', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    const nothing = { addAccounts: false, addProducts: [] }
    const { link } = await rooms.app.connections.links.forRepair(await rooms.find(itemId), nothing)
    rooms.advance(5 * hour)
    const healthy = await check(rooms, { item_id: itemId })
    expect(healthy).toMatchObject({ outcome: 'active', connection: { item_id: itemId } })
    expect(healthy).not.toHaveProperty('next_step')
    expect(await check(rooms, { link_id: link.linkId })).toMatchObject({
      outcome: 'link_expired',
      next_step: { tool: 'start_reauth' },
    })
    rooms.simulator.controls.resetLogin(itemId)
    await rooms.app.connections.health.check(itemId)
    expect(await check(rooms, { item_id: itemId })).toMatchObject({
      outcome: 'needs_reauth',
      next_step: { tool: 'start_reauth' },
    })
  })
})

describe('a link whose end is not known yet', () => {
  it('is not called unopened while Plaid does not answer', async () => {
    await using rooms = await openRooms()
    const { link } = await newLink(rooms.app)
    const outage = { kind: 'html', status: 500 } as const
    rooms.simulator.controls.failNext('/link/token/get', outage, { times: 30 })
    const text = async () => (await check(rooms, { link_id: link.linkId })).next_step?.text
    await expect.poll(text, { timeout: 15_000 }).toMatch(/^It is not known yet how it went\. Plaid /)
  })

  it('is being fetched once the bank has accepted the login', async () => {
    await using rooms = await openRooms()
    const { link, url } = await newLink(rooms.app)
    rooms.simulator.controls.failNext('/item/get', { kind: 'slow', ms: 3_000 })
    await logIn(url.open())
    const text = async () => (await check(rooms, { link_id: link.linkId })).next_step?.text
    await expect.poll(text, { timeout: 15_000, interval: 100 }).toMatch(/^The bank has accepted the login/)
  })
})

describe('a connection that ends soon', () => {
  it('is connected all the same, and the next step says until when', async () => {
    await using rooms = await openRooms()
    const { link, url } = await newLink(rooms.app)
    await logIn(url.open())
    await rooms.app.connections.watcher.wait(link.linkId, 15_000)
    const itemId = (await rooms.app.store.links.find(link.linkId))?.itemId ?? ''
    // Until its data are there a login that works is preparing.
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    rooms.simulator.controls.setConsentExpiry(itemId, 10)
    await rooms.app.connections.health.check(itemId)
    expect(await check(rooms, { link_id: link.linkId })).toMatchObject({
      outcome: 'connected',
      connection: { status: 'expiring', needs_reauth: true, next_step: { tool: 'start_reauth' } },
    })
  })
})

describe('a link that has expired', () => {
  it('tells one that was never opened from one that was never finished', async () => {
    await using rooms = await openRooms()
    const { app } = rooms
    const untouched = await newLink(app)
    const opened = await newLink(app)
    expect((await check(rooms, { link_id: opened.link.linkId })).next_step?.text).toMatch(
      /^Nobody has opened/,
    )
    await clickLink(opened.url.open(), 'wrong')
    const isOpened = async () => (await check(rooms, { link_id: opened.link.linkId })).next_step?.text
    await expect.poll(isOpened, { timeout: 15_000 }).toMatch(/not finished yet; a page that was closed/)
    rooms.advance(hour)
    const over = async (linkId: string) => await check(rooms, { link_id: linkId })
    expect(await over(untouched.link.linkId)).toMatchObject({
      outcome: 'link_expired',
      next_step: { text: expect.stringContaining('nobody had opened its page'), tool: 'connect_bank' },
    })
    expect(await over(opened.link.linkId)).toMatchObject({
      outcome: 'link_expired',
      next_step: { text: expect.stringContaining('never finished'), tool: 'connect_bank' },
    })
  })
})

describe('a new link in the place of one that has expired', () => {
  it('is for the same: kind, label, person and what it replaces', async () => {
    await using rooms = await openRooms()
    const old = await rooms.connect(brokerage, { kind: 'brokerage' })
    await rooms.app.store.connections.change(old, (row) => ({ ...row, status: 'expired' }))
    const given = { kind: 'brokerage', label: 'Ours', person: 'Ada', replaces: old } as const
    const { link } = await newLink(rooms.app, given)
    rooms.advance(5 * hour)
    expect(await check(rooms, { link_id: link.linkId })).toMatchObject({
      outcome: 'link_expired',
      next_step: { tool: 'connect_bank', arguments: given },
    })
  })
})

describe('a link that Plaid knows no more', () => {
  const forgotten = { kind: 'error', code: 'INVALID_LINK_TOKEN' } as const

  async function brokenLink(rooms: Rooms): Promise<{ itemId: string; linkId: string }> {
    const itemId = await rooms.connect()
    rooms.simulator.controls.resetLogin(itemId)
    const { connection } = await rooms.app.connections.health.check(itemId)
    const nothing = { addAccounts: false, addProducts: [] }
    const { link } = await rooms.app.connections.links.forRepair(connection, nothing)
    rooms.simulator.controls.failNext('/link/token/get', forgotten, { times: 100 })
    return { itemId, linkId: link.linkId }
  }

  it('is over at once, with what to do next, where Plaid does not confirm a repair', async () => {
    await using rooms = await openRooms()
    const { itemId, linkId } = await brokenLink(rooms)
    const checks = rooms.calls('/item/get')
    expect(await check(rooms, { link_id: linkId, wait_seconds: 15 })).toMatchObject({
      outcome: 'link_expired',
      next_step: { tool: 'start_reauth', arguments: { item_id: itemId } },
    })
    expect(rooms.calls('/item/get')).toBeGreaterThan(checks)
  })

  it('is a repair where Plaid confirms it', async () => {
    await using rooms = await openRooms()
    const { itemId, linkId } = await brokenLink(rooms)
    rooms.simulator.controls.repairItem(itemId)
    expect(await check(rooms, { link_id: linkId, wait_seconds: 15 })).toMatchObject({ outcome: 'repaired' })
  })
})

describe('a duplicate that is kept too late', () => {
  it('says so, and not that this program was stopped', async () => {
    await using rooms = await openRooms()
    await rooms.connect()
    const { link, url } = await newLink(rooms.app)
    await logIn(url.open(), bank)
    expect(await check(rooms, { link_id: link.linkId, wait_seconds: 15 })).toMatchObject({
      outcome: 'duplicate',
    })
    rooms.advance(31 * minute)
    const late = await check(rooms, { link_id: link.linkId, keep: true, wait_seconds: 15 })
    expect(late).toMatchObject({ outcome: 'link_expired', next_step: { tool: 'connect_bank' } })
    expect(late.next_step?.text).toMatch(/half an hour/)
  })
})

describe('waiting', () => {
  it('takes as long as it was asked to, though the clock is set back meanwhile', async () => {
    await using rooms = await openRooms()
    const { link } = await newLink(rooms.app)
    const start = performance.now()
    const waiting = check(rooms, { link_id: link.linkId, wait_seconds: 1 })
    rooms.advance(-minute)
    expect((await waiting).outcome).toBe('pending')
    expect(performance.now() - start).toBeLessThan(8_000)
  })
})
