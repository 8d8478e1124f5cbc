import { describe, expect, it } from 'vitest'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { connection, link } from './rows.ts'

const url = 'https://example.com/plaid/webhook'
const blank = {
  itemId: 'item-1',
  url: null,
  updateError: null,
  lastSentCode: null,
  lastSentAt: null,
  lastReceivedAt: null,
}
const at = '2026-11-02T10:00:00.000Z'

describe.each(driverNames)('where webhooks are sent, on %s', (driver) => {
  async function withConnection() {
    const store = await freshStore({ driver })
    await store.connections.insert(connection(), 'sealed')
    return store
  }

  it('is nowhere until it is told, and then what was told', async () => {
    const { deliveries } = await withConnection()
    expect(await deliveries.list()).toEqual([])
    const told = await deliveries.change('item-1', (row) => {
      expect(row).toEqual(blank)
      return { ...row, url, lastSentCode: 'ERROR', lastSentAt: at }
    })
    expect(told).toEqual({ ...blank, url, lastSentCode: 'ERROR', lastSentAt: at })
    expect(await deliveries.list()).toEqual([told])
    await deliveries.change('item-1', (row) => ({ ...row, updateError: 'PLAID_DOWN', lastReceivedAt: at }))
    expect(await deliveries.list()).toEqual([{ ...told, updateError: 'PLAID_DOWN', lastReceivedAt: at }])
  })

  it('writes nothing when nothing changes', async () => {
    const { deliveries, version } = await withConnection()
    const before = await version()
    expect(await deliveries.change('item-1', (row) => row)).toEqual(blank)
    expect(await version()).toBe(before)
    expect(await deliveries.list()).toEqual([])
  })

  it('is nothing of a connection that is not there', async () => {
    const { deliveries } = await withConnection()
    expect(await deliveries.change('item-2', (row) => ({ ...row, url }))).toBeNull()
    expect(await deliveries.list()).toEqual([])
  })

  it('is known of one whose permission was taken back, and goes with the connection', async () => {
    const { connections, deliveries } = await withConnection()
    await connections.change('item-1', (row) => ({ ...row, status: 'revoked' }))
    await deliveries.change('item-1', (row) => ({ ...row, url }))
    expect(await deliveries.list()).toHaveLength(1)
    await connections.remove('item-1')
    expect(await deliveries.list()).toEqual([])
  })
})

describe.each(driverNames)('the note of the leader on %s', (driver) => {
  it('is read by any copy, written over and taken away', async () => {
    const home = freshHome()
    const [one, other] = [await freshStore({ driver, home }), await freshStore({ driver, home })]
    const note = { pid: 41, since: at, port: 8765, problem: null }
    expect(await other.leader.read()).toBeNull()
    await one.leader.write(note)
    expect(await other.leader.read()).toEqual(note)
    await other.leader.write({ ...note, pid: 42, port: null, problem: 'PORT_IN_USE' })
    expect(await one.leader.read()).toEqual({ ...note, pid: 42, port: null, problem: 'PORT_IN_USE' })
    await one.leader.write(null)
    expect(await other.leader.read()).toBeNull()
  })
})

describe.each(driverNames)('the version on %s', (driver) => {
  it('is another one after each write of any copy, and stays when nothing is written', async () => {
    const home = freshHome()
    const [one, other] = [await freshStore({ driver, home }), await freshStore({ driver, home })]
    const versions = [await other.version()]
    for (const write of [
      () => one.connections.insert(connection(), 'sealed'),
      () => other.connections.change('item-1', (row) => ({ ...row, label: 'Mine' })),
      () => one.leader.write({ pid: 1, since: at, port: null, problem: null }),
    ]) {
      await write()
      versions.push(await other.version())
    }
    expect(new Set(versions).size).toBe(4)
    await other.connections.list()
    await other.connections.change('item-1', (row) => row)
    expect(await other.version()).toBe(versions.at(-1))
  })
})

describe.each(driverNames)('a ring on %s', (driver) => {
  it('reaches every link that is not final, or the one that is meant', async () => {
    const { links } = await freshStore({ driver })
    const states = ['open', 'exchanging', 'succeeded', 'expired'] as const
    for (const state of states) await links.insert(link({ linkId: state, state }))
    const rung = async () => {
      const all = await Promise.all(states.map((linkId) => links.find(linkId)))
      return all.map((one) => one?.rungAt ?? null)
    }
    await links.ring(at, 'exchanging')
    expect(await rung()).toEqual([null, at, null, null])
    const later = '2026-11-02T10:00:05.000Z'
    await links.ring(later)
    expect(await rung()).toEqual([later, later, null, null])
    await links.ring(at, 'succeeded')
    expect(await rung()).toEqual([later, later, null, null])
  })
})
