import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { openStore } from '../../src/store/index.ts'
import { connection } from '../store/rows.ts'
import { connectBank, type Copy, type Household, household, baseEnv, startCopy } from '../support/coffer.ts'
import { until } from '../support/until.ts'
import { updatesOf } from './updates.ts'

const all = 'coffer://connections'
const of = (itemId: string) => `${all}/${itemId}`
const login = { username: 'user_good', password: 'pass_good' }

let house: Household
let writer: Copy
let itemId: string
let otherId: string

beforeAll(async () => {
  house = await household()
  writer = await house.start()
  itemId = (await connectBank(writer)).item_id
  otherId = (await connectBank(writer, { institutionId: 'ins_109511' })).item_id
  await writer.call('sync_snapshot')
})
afterAll(() => house[Symbol.asyncDispose]())

/** A process of its own that has subscribed to all connections, and to the first of the two banks. */
async function startReader() {
  const reader = await house.start()
  const updates = updatesOf(reader)
  await reader.client.subscribeResource({ uri: all })
  await reader.client.subscribeResource({ uri: of(itemId) })
  return { reader, updates }
}

async function read(copy: Copy, uri: string): Promise<string> {
  const [content] = (await copy.client.readResource({ uri })).contents
  return content !== undefined && 'text' in content ? content.text : ''
}

describe('a subscription hears within 2 s of what another process changed', () => {
  it('but nothing where nothing has changed: checks, reading, and what belongs to no connection', async () => {
    const { updates } = await startReader()
    await writer.call('list_connections', { refresh: true })
    await writer.call('sync_snapshot', { max_age_minutes: -1 })
    await writer.call('start_reauth', { item_id: otherId, force: true })
    // What comes last is heard; anything before it would have been as well.
    house.simulator.controls.resetLogin(itemId)
    await writer.call('list_connections', { refresh: true })
    expect(await updates.next(of(itemId))).toBeLessThan(2000)
    expect(updates.heard.toSorted()).toEqual([all, of(itemId)].toSorted())
  })

  it('a repair', async () => {
    const { reader, updates } = await startReader()
    expect(await read(reader, of(itemId))).toContain('"status":"needs_reauth"')
    const link = await writer.call('start_reauth', { item_id: itemId })
    await finishLink(link.url ?? '', 'success', login)
    const proved = await writer.call('check_connection', { link_id: link.link_id, wait_seconds: 15 })
    expect(proved.outcome).toBe('repaired')
    expect(await updates.next(of(itemId))).toBeLessThan(2000)
    await until(async () => (await read(reader, all)).includes('"needs_attention":0'), 2000)
  })

  it('a deadline, a new balance, and a bank that is new; another bank is no news of this one', async () => {
    const { updates } = await startReader()
    house.simulator.controls.addTransaction(itemId, { amount: 12.5, text: 'Bookshop' })
    await writer.call('sync_snapshot', { max_age_minutes: 0 })
    expect(await updates.next(of(itemId))).toBeLessThan(2000)
    house.simulator.controls.setConsentExpiry(itemId, 5)
    await writer.call('list_connections', { refresh: true })
    expect(await updates.next(of(itemId))).toBeLessThan(2000)
    const heardOfOne = updates.heard.filter((uri) => uri === of(itemId)).length
    house.simulator.controls.setConsentExpiry(otherId, 5)
    await writer.call('list_connections', { refresh: true })
    expect(await updates.next(all)).toBeLessThan(2000)
    await connectBank(writer, { institutionId: 'ins_109509' })
    expect(await updates.next(all)).toBeLessThan(2000)
    expect(updates.heard.filter((uri) => uri === of(itemId))).toHaveLength(heardOfOne)
  })

  it('and of what its own process changed, until it is taken back', async () => {
    const { reader, updates } = await startReader()
    house.simulator.controls.resetLogin(itemId)
    await reader.call('list_connections', { refresh: true })
    expect(await updates.next(of(itemId))).toBeLessThan(2000)
    await reader.client.unsubscribeResource({ uri: of(itemId) })
    const heardOfOne = updates.heard.filter((uri) => uri === of(itemId)).length
    house.simulator.controls.breakItem(itemId, 'ITEM_NOT_FOUND')
    await reader.call('list_connections', { refresh: true })
    expect(await updates.next(all)).toBeLessThan(2000)
    expect(updates.heard.filter((uri) => uri === of(itemId))).toHaveLength(heardOfOne)
  })
})

/** One more connection in the database, as another process writes it. */
async function addConnection(newId: string): Promise<void> {
  const store = await openStore({ home: house.env.COFFER_HOME ?? '' })
  await store.connections.insert(connection({ itemId: newId, status: 'revoked' }), 'no token')
  await store.close()
}

describe('a subscription', () => {
  it('is taken of a connection that is not there yet, hears when it is, and of no other; and refused of what is no resource', async () => {
    const copy = await house.start()
    const updates = updatesOf(copy)
    await copy.client.subscribeResource({ uri: of('notThereYet') })
    const refused = copy.client.subscribeResource({ uri: 'coffer://secrets' })
    await expect(refused).rejects.toMatchObject({ code: -32_602 })
    await expect(copy.client.unsubscribeResource({ uri: 'file:///etc/passwd' })).rejects.toMatchObject({
      code: -32_602,
    })
    await copy.client.subscribeResource({ uri: all })
    await connectBank(writer, { institutionId: 'ins_109510' })
    // Had it been told of the one that is not there, it would have been in the same round.
    expect(await updates.next(all)).toBeLessThan(2000)
    await copy.client.ping()
    expect(updates.heard).not.toContain(of('notThereYet'))
    await addConnection('notThereYet')
    expect(await updates.next(of('notThereYet'))).toBeLessThan(2000)
  })

  it('without keys is taken, disturbs nothing, and lets the process end', async () => {
    const copy = await startCopy(baseEnv(`${house.home}/bare`))
    await copy.client.subscribeResource({ uri: all })
    expect(await copy.failure('list_connections')).toMatch(/^NOT_CONFIGURED: /)
    await copy.client.unsubscribeResource({ uri: all })
    await copy.client.subscribeResource({ uri: all })
    const start = performance.now()
    await copy.close()
    expect(performance.now() - start).toBeLessThan(2000)
    expect(copy.stderr()).toBe('')
  })
})
