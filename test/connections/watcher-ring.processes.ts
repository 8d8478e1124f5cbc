import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { clickLink } from '../../src/simulator/click.ts'
import { bank, logIn, minute, newLink, openRooms, type Rooms } from '../support/rooms.ts'
import { until } from '../support/until.ts'

const login = { institutionId: bank, username: 'user_good', password: 'pass_good' }
const anyPort = { COFFER_PAGES_PORT: '0' }
const nothingMore = { addAccounts: false, addProducts: [] }

/** A copy polls the link, which is so old that the next poll is 15 s away. */
async function slowlyPolled(rooms: Rooms, linkId: string): Promise<void> {
  rooms.advance(20 * minute)
  const before = rooms.calls('/link/token/get')
  rooms.app.connections.watcher.watch(linkId)
  await until(() => rooms.calls('/link/token/get') === before + 1)
  // The answer to that poll is here as well.
  await sleep(300)
}

async function brokenBank(rooms: Rooms) {
  const itemId = await rooms.connect(bank)
  // Until its first fetch is over it is `preparing`.
  await until(async () => (await rooms.find(itemId)).lastSyncedAt !== null)
  rooms.simulator.controls.resetLogin(itemId)
  await rooms.app.connections.health.check(itemId)
  const { link, url } = await rooms.app.connections.links.forRepair(await rooms.find(itemId), nothingMore)
  return { itemId, linkId: link.linkId, url: url.open() }
}

async function untilEnded(rooms: Rooms, linkId: string): Promise<void> {
  await until(async () => (await rooms.app.store.links.find(linkId))?.state === 'succeeded', 12_000)
}

/** What a browser does at the end: it goes where Plaid's page sends it. */
async function logInAndReturn(url: string, typing: object = login): Promise<void> {
  const { redirectedTo, refusal } = await clickLink(url, 'success', typing)
  expect(refusal).toBeNull()
  expect((await fetch(redirectedTo ?? '')).status).toBe(200)
}

describe('a ring for a link of 20 minutes, polled every 15 s', () => {
  it.each([true, false])('a repair is known within 2 s (on_success: %s)', async (updateOnSuccess) => {
    await using rooms = await openRooms({ updateOnSuccess }, anyPort)
    const { itemId, linkId, url } = await brokenBank(rooms)
    await slowlyPolled(rooms, linkId)
    const start = performance.now()
    await logInAndReturn(url)
    await untilEnded(rooms, linkId)
    expect(performance.now() - start).toBeLessThan(2_000)
    expect(await rooms.find(itemId)).toMatchObject({ status: 'active', repairedAt: expect.any(String) })
  })

  it('a new connection is known within 2 s', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { link, url } = await newLink(rooms.app)
    await slowlyPolled(rooms, link.linkId)
    const start = performance.now()
    await logInAndReturn(url.open())
    await untilEnded(rooms, link.linkId)
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  it('also where another copy polls than the one that has the page', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { linkId, url } = await brokenBank(rooms)
    await slowlyPolled(rooms, linkId)
    const second = await rooms.open()
    const { url: other } = await newLink(second)
    const { redirectedTo } = await clickLink(other.open(), 'cancel')
    const start = performance.now()
    await logIn(url)
    await fetch(new URL(`/done/${linkId}`, redirectedTo ?? ''))
    await untilEnded(rooms, linkId)
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  it('without one the link is left in peace', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { linkId } = await brokenBank(rooms)
    await slowlyPolled(rooms, linkId)
    const before = rooms.calls('/link/token/get')
    // Something else is written meanwhile.
    await rooms.app.store.links.ring(new Date(rooms.now()).toISOString(), 'another')
    await sleep(1_200)
    expect(rooms.calls('/link/token/get')).toBe(before)
  })

  it('that comes before Plaid calls the session finished is followed by a few quick polls', async () => {
    await using rooms = await openRooms({ finishAfterMs: 2_500 }, anyPort)
    const itemId = await rooms.connect(bank)
    const { link, url } = await rooms.app.connections.links.forRepair(await rooms.find(itemId), nothingMore)
    await slowlyPolled(rooms, link.linkId)
    const start = performance.now()
    await logInAndReturn(url.open())
    await untilEnded(rooms, link.linkId)
    expect(performance.now() - start).toBeGreaterThan(2_400)
    expect(performance.now() - start).toBeLessThan(4_500)
  })
})

describe.concurrent('rings', () => {
  it('have Plaid asked about the Item once, also when the page was only left', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { linkId, url } = await brokenBank(rooms)
    await slowlyPolled(rooms, linkId)
    const before = rooms.calls('/item/get')
    const { redirectedTo } = await clickLink(url, 'cancel', login)
    await fetch(redirectedTo ?? '')
    await until(() => rooms.calls('/item/get') === before + 1, 2_000)
    await until(async () => (await rooms.app.store.links.find(linkId))?.exited === true)
    await sleep(1_500)
    expect(rooms.calls('/item/get')).toBe(before + 1)
  })

  it('by the dozen cost Plaid next to nothing', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { linkId, url } = await brokenBank(rooms)
    const { redirectedTo } = await clickLink(url, 'cancel', login)
    await slowlyPolled(rooms, linkId)
    const [polls, checks] = [rooms.calls('/link/token/get'), rooms.calls('/item/get')]
    for (let time = 0; time < 30; time += 1) {
      await fetch(redirectedTo ?? '')
      await sleep(50)
    }
    expect(rooms.calls('/item/get') - checks).toBe(1)
    expect(rooms.calls('/link/token/get') - polls).toBeLessThanOrEqual(6)
  })

  it('do not hurry a link that has ended', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { linkId, url } = await brokenBank(rooms)
    rooms.app.connections.watcher.watch(linkId)
    await logInAndReturn(url)
    await untilEnded(rooms, linkId)
    const ended = await rooms.app.store.links.find(linkId)
    await rooms.app.store.links.ring(new Date(rooms.now() + minute).toISOString(), linkId)
    expect(await rooms.app.store.links.find(linkId)).toEqual(ended)
  })
})
