import { describe, expect, it } from 'vitest'
import { clickLink } from '../../src/simulator/click.ts'
import { connectBank, type Copy, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'

const login = { institutionId: 'ins_109508', username: 'user_good', password: 'pass_good' }

async function check(copy: Copy, linkId: string, seconds = 0) {
  return await copy.call('check_connection', { link_id: linkId, wait_seconds: seconds })
}

describe.concurrent('connect_bank', () => {
  it('gives the page of Plaid as it is, until when it holds, and what to do next', async () => {
    await using house = await household()
    const copy = await house.start()
    const link = await copy.call('connect_bank')
    expect(new URL(link.url).origin).toBe(house.simulator.url)
    expect(Date.parse(link.expires_at)).toBeGreaterThan(Date.now())
    expect(link.opened).toBe(false)
    expect(link.next_step).toMatchObject({
      tool: 'check_connection',
      arguments: { link_id: link.link_id, wait_seconds: 15 },
    })
  })

  it('two people who connect at once have two links', async () => {
    await using house = await household()
    const copy = await house.start()
    const [one, other] = await Promise.all([copy.call('connect_bank'), copy.call('connect_bank')])
    expect(one.link_id).not.toBe(other.link_id)
    expect(one.url).not.toBe(other.url)
  })

  it.for([
    ['bank', 'ins_109508', 'transactions'],
    ['brokerage', 'ins_109512', 'investments'],
  ] as const)('asks for a %s and all its history; of its data only what it is for', async (one) => {
    const [kind, institutionId, product] = one
    await using house = await household()
    const copy = await house.start()
    const connection = await connectBank(copy, { institutionId }, { kind, label: 'Ours', person: 'Ada' })
    expect(connection).toMatchObject({ label: 'Ours', person: 'Ada', environment: 'sandbox' })
    const [item] = house.simulator.controls.items()
    expect(item?.daysRequested).toBe(730)
    expect(Object.keys(item?.products ?? {})).toEqual([product])
    expect(item?.consented).toContain(product === 'transactions' ? 'investments' : 'transactions')
  })

  it('asks for what the owner agreed to, and for no more', async () => {
    await using house = await household()
    const copy = await house.start({ PLAID_PRODUCTS: 'transactions' })
    await connectBank(copy, {}, { days: 90 })
    const [item] = house.simulator.controls.items()
    expect(item).toMatchObject({ daysRequested: 90 })
    expect([...Object.keys(item?.products ?? {}), ...(item?.consented ?? [])]).not.toContain('investments')
    expect(await copy.failure('connect_bank', { kind: 'brokerage' })).toMatch(
      /^BAD_SETTING: .*PLAID_PRODUCTS/,
    )
  })

  it('is finished in the background, and the first figures fetched, though nobody asks', async () => {
    await using house = await household()
    const copy = await house.start()
    const { url } = await copy.call('connect_bank')
    await clickLink(url, 'success', login)
    const isThere = async () => {
      const [connection] = (await copy.call('list_connections')).connections
      return connection?.status === 'active' && connection.last_synced_at !== undefined
    }
    await until(isThere)
    const known = await copy.call('sync_snapshot', { max_age_minutes: -1 })
    expect(known).toMatchObject({ complete: true, connections: [{ source: 'cached' }] })
    expect(known.totals[0]?.income).toBeGreaterThan(0)
  })
})

describe.concurrent('check_connection', () => {
  it('is pending while the page is open, also after a wrong password', async () => {
    await using house = await household()
    const copy = await house.start()
    const { link_id: linkId, url } = await copy.call('connect_bank')
    const early = await check(copy, linkId)
    expect(early).toMatchObject({ outcome: 'pending', next_step: { tool: 'check_connection' } })
    expect(early).not.toHaveProperty('connection')
    expect((await clickLink(url, 'wrong', login)).refusal).not.toBeNull()
    expect((await check(copy, linkId, 1)).outcome).toBe('pending')
  })

  it('is exited when the person left, and connected when they come back by the same url', async () => {
    await using house = await household()
    const copy = await house.start()
    const { link_id: linkId, url } = await copy.call('connect_bank')
    await clickLink(url, 'cancel')
    const left = await check(copy, linkId, 15)
    expect(left.outcome).toBe('exited')
    expect(left.next_step?.text).toMatch(/same url/)
    await clickLink(url, 'success', login)
    await until(async () => (await check(copy, linkId)).outcome === 'connected')
  })

  it('is link_expired when its time is over, and says how to go on', async () => {
    await using house = await household()
    const copy = await house.start()
    const { expires_at: expiresAt } = await copy.call('connect_bank')
    // Two seconds of life are left to the next one.
    house.simulator.controls.advance(Date.now() + 2000 - Date.parse(expiresAt))
    const { link_id: linkId } = await copy.call('connect_bank')
    await until(async () => (await check(copy, linkId)).outcome === 'link_expired')
    expect((await check(copy, linkId)).next_step).toMatchObject({ tool: 'connect_bank' })
  })

  it('does not wait longer than asked, and answers at once when it is over', async () => {
    await using house = await household()
    const copy = await house.start()
    const { link_id: linkId, url } = await copy.call('connect_bank')
    const start = Date.now()
    await check(copy, linkId, 1)
    expect(Date.now() - start).toBeLessThan(6000)
    await clickLink(url, 'success', login)
    expect((await check(copy, linkId, 15)).outcome).toBe('connected')
    expect(Date.now() - start).toBeLessThan(15_000)
  })

  it('of a connection tells the success of its link, until it breaks or the next link', async () => {
    await using house = await household()
    const copy = await house.start()
    const { item_id: itemId } = await connectBank(copy)
    const of = async () => (await copy.call('check_connection', { item_id: itemId })).outcome
    expect(await of()).toBe('connected')
    house.simulator.controls.resetLogin(itemId)
    await copy.call('list_connections', { refresh: true })
    expect(await of()).toBe('needs_reauth')
    await copy.call('start_reauth')
    expect(await of()).toBe('pending')
    house.simulator.controls.breakItem(itemId, 'ITEM_NOT_FOUND')
    await copy.call('list_connections', { refresh: true })
    expect(await of()).toBe('expired')
  })
})
