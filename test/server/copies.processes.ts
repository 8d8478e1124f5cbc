import { describe, expect, it } from 'vitest'
import { clickLink } from '../../src/simulator/click.ts'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'

const login = { institutionId: 'ins_109508', username: 'user_good', password: 'pass_good' }
const talking = { COFFER_LOG_LEVEL: 'info' }

function leads(copy: Copy): boolean {
  return copy.stderr().includes('leader.started')
}

/** Two that were started in the same moment, as Claude Desktop does it. */
async function twoCopies(house: Household): Promise<[Copy, Copy]> {
  return await Promise.all([house.start(talking), house.start(talking)])
}

async function leaderOf([one, other]: [Copy, Copy]): Promise<{ leader: Copy; follower: Copy }> {
  await until(() => leads(one) || leads(other))
  return leads(one) ? { leader: one, follower: other } : { leader: other, follower: one }
}

describe.concurrent('two copies on one data directory', () => {
  it('both work from an empty start, and see the same', async () => {
    await using house = await household()
    const [one, other] = await twoCopies(house)
    const empty = await Promise.all([one.call('list_connections'), other.call('list_connections')])
    expect(empty.map(({ total, vault }) => [total, vault])).toEqual([
      [0, 'ok'],
      [0, 'ok'],
    ])
    const { item_id: itemId } = await connectBank(one)
    const seen = await other.call('list_connections')
    expect(seen.connections.map((connection) => connection.item_id)).toEqual([itemId])
    const figures = await Promise.all([one.call('sync_snapshot'), other.call('sync_snapshot')])
    expect(figures[0].totals).toEqual(figures[1].totals)
    expect(figures.map(({ complete }) => complete)).toEqual([true, true])
  })

  it('one leads; when it is killed the other does', async () => {
    await using house = await household()
    const { leader, follower } = await leaderOf(await twoCopies(house))
    expect(leads(follower)).toBe(false)
    process.kill(leader.pid, 'SIGKILL')
    await until(() => leads(follower))
  })

  it('a link whose maker was killed is finished by the one that stays, and nobody has to ask', async () => {
    await using house = await household()
    const [maker, other] = await twoCopies(house)
    const { url } = await maker.call('connect_bank', { label: 'joint' })
    process.kill(maker.pid, 'SIGKILL')
    await clickLink(url, 'success', login)
    // Nothing but the list is asked here, and the list asks Plaid nothing.
    await until(async () => (await other.call('list_connections')).total === 1, 25_000)
    expect((await other.call('list_connections')).connections).toMatchObject([{ label: 'joint' }])
    expect((await other.call('sync_snapshot')).complete).toBe(true)
  })

  it('a repair whose maker has ended is proved by whoever is asked', async () => {
    await using house = await household()
    const [maker, other] = await twoCopies(house)
    const { item_id: itemId } = await connectBank(maker)
    await maker.call('sync_snapshot')
    house.simulator.controls.resetLogin(itemId)
    const link = await maker.call('start_reauth', { item_id: itemId })
    await maker.close()
    await clickLink(link.url ?? '', 'success', login)
    const result = await other.call('check_connection', { link_id: link.link_id, wait_seconds: 15 })
    expect(result).toMatchObject({ outcome: 'repaired', connection: { status: 'active' } })
  })

  it('a link is given out again by the other copy, not made twice', async () => {
    await using house = await household()
    const [one, other] = await twoCopies(house)
    const { item_id: itemId } = await connectBank(one)
    house.simulator.controls.resetLogin(itemId)
    const first = await one.call('start_reauth')
    const second = await other.call('start_reauth', { item_id: itemId })
    expect([second.link_id, second.url]).toEqual([first.link_id, first.url])
  })
})
