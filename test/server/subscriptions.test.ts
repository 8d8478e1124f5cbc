import { describe, expect, it } from 'vitest'
import { clickLink } from '../../src/simulator/click.ts'
import { connectBank, type Copy, type Household, household, baseEnv, startCopy } from '../support/coffer.ts'
import { until } from '../support/until.ts'
import { updatesOf } from './updates.ts'

const all = 'coffer://connections'
const of = (itemId: string) => `${all}/${itemId}`
const login = { username: 'user_good', password: 'pass_good' }

/** One that changes things, and one that has subscribed to all connections and to the first of two banks. */
async function twoCopies(house: Household) {
  const [writer, reader] = await Promise.all([house.start(), house.start()])
  const { item_id: itemId } = await connectBank(writer)
  const { item_id: otherId } = await connectBank(writer, { institutionId: 'ins_109511' })
  await writer.call('sync_snapshot')
  const updates = updatesOf(reader)
  await reader.client.subscribeResource({ uri: all })
  await reader.client.subscribeResource({ uri: of(itemId) })
  return { writer, reader, itemId, otherId, updates }
}

async function read(copy: Copy, uri: string): Promise<string> {
  const [content] = (await copy.client.readResource({ uri })).contents
  return content !== undefined && 'text' in content ? content.text : ''
}

/** A change of one kind, made by another process; then the notice of it, in time. */
async function told(change: () => Promise<unknown>, notice: () => Promise<number>): Promise<void> {
  await change()
  expect(await notice()).toBeLessThan(2000)
}

describe.concurrent('a subscription hears within 2 s of what another process changed', () => {
  it('a login that broke, and its repair', async () => {
    await using house = await household()
    const { writer, reader, itemId, updates } = await twoCopies(house)
    house.simulator.controls.resetLogin(itemId)
    await told(
      () => writer.call('list_connections', { refresh: true }),
      () => updates.next(of(itemId)),
    )
    await until(() => updates.heard.includes(all), 2000)
    expect(await read(reader, of(itemId))).toContain('"status":"needs_reauth"')
    const link = await writer.call('start_reauth', { item_id: itemId })
    await clickLink(link.url ?? '', 'success', login)
    await told(
      async () =>
        expect(
          await writer.call('check_connection', { link_id: link.link_id, wait_seconds: 15 }),
        ).toMatchObject({ outcome: 'repaired' }),
      () => updates.next(of(itemId)),
    )
    await until(async () => (await read(reader, all)).includes('"needs_attention":0'), 2000)
  })

  it('a deadline, a new balance, and a bank that is new; another bank is no news of this one', async () => {
    await using house = await household()
    const { writer, itemId, otherId, updates } = await twoCopies(house)
    house.simulator.controls.setConsentExpiry(itemId, 5)
    await told(
      () => writer.call('list_connections', { refresh: true }),
      () => updates.next(of(itemId)),
    )
    const heardOfOne = updates.heard.filter((uri) => uri === of(itemId)).length
    house.simulator.controls.setConsentExpiry(otherId, 5)
    await told(
      () => writer.call('list_connections', { refresh: true }),
      () => updates.next(all),
    )
    await told(
      () => connectBank(writer, { institutionId: 'ins_109509' }),
      () => updates.next(all),
    )
    expect(updates.heard.filter((uri) => uri === of(itemId))).toHaveLength(heardOfOne)
    const [account] = (await writer.call('list_connections')).connections[0]?.accounts ?? []
    expect(account).toBeDefined()
    house.simulator.controls.addTransaction(itemId, { amount: 12.5, text: 'Bookshop' })
    await told(
      () => writer.call('sync_snapshot', { max_age_minutes: 0 }),
      () => updates.next(of(itemId)),
    )
  })

  it('nothing where nothing has changed: checks, reading, and what belongs to no connection', async () => {
    await using house = await household()
    const { writer, itemId, otherId, updates } = await twoCopies(house)
    await writer.call('list_connections', { refresh: true })
    await writer.call('sync_snapshot', { max_age_minutes: -1 })
    await writer.call('start_reauth', { item_id: otherId, force: true })
    // What comes last is heard; anything before it would have been as well.
    house.simulator.controls.resetLogin(itemId)
    await writer.call('list_connections', { refresh: true })
    await updates.next(of(itemId))
    expect(updates.heard.toSorted()).toEqual([all, of(itemId)].toSorted())
  })
})

describe.concurrent('a subscription', () => {
  it('hears of what its own process changed, and nothing any more once it is taken back', async () => {
    await using house = await household()
    const { reader, itemId, updates } = await twoCopies(house)
    house.simulator.controls.resetLogin(itemId)
    await told(
      () => reader.call('list_connections', { refresh: true }),
      () => updates.next(of(itemId)),
    )
    await reader.client.unsubscribeResource({ uri: of(itemId) })
    house.simulator.controls.repairItem(itemId)
    await told(
      () => reader.call('list_connections', { refresh: true }),
      () => updates.next(all),
    )
    await reader.client.unsubscribeResource({ uri: all })
    expect(updates.heard.filter((uri) => uri === of(itemId))).toHaveLength(1)
  })

  it('is taken of a connection that is not there yet, and refused of what is no resource', async () => {
    await using house = await household()
    const copy = await house.start()
    const updates = updatesOf(copy)
    await copy.client.subscribeResource({ uri: of('notThereYet') })
    const refused = copy.client.subscribeResource({ uri: 'coffer://secrets' })
    await expect(refused).rejects.toMatchObject({ code: -32_602 })
    await expect(copy.client.unsubscribeResource({ uri: 'file:///etc/passwd' })).rejects.toMatchObject({
      code: -32_602,
    })
    await connectBank(copy)
    expect(updates.heard).toEqual([])
  })

  it('without keys is taken, disturbs nothing, and lets the process end', async () => {
    await using house = await household()
    const copy = await startCopy(baseEnv(house.home))
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
