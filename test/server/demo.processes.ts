import { rmSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { baseEnv, type Copy, emptyHome, startCopy } from '../support/coffer.ts'

const copies: Copy[] = []
let home = ''

afterEach(async () => {
  await Promise.all(copies.splice(0).map((copy) => copy.close()))
  rmSync(home, { recursive: true, force: true })
})

/** As a host starts it: no keys in the environment, and nothing but the flag. */
async function start(): Promise<Copy> {
  const { PATH = '', HOME = '', COFFER_HOME = '', COFFER_OPEN = '' } = baseEnv(home)
  const copy = await startCopy({ PATH, HOME, COFFER_HOME, COFFER_OPEN }, ['--demo'])
  copies.push(copy)
  return copy
}

async function itemIds(copy: Copy): Promise<string[]> {
  return (await copy.call('list_connections')).connections.map(({ item_id }) => item_id)
}

describe('a host that starts the demo', () => {
  it('has a household from the first call on, the same in two copies and after a restart', async () => {
    home = emptyHome()
    const [one, other] = await Promise.all([start(), start()])
    const [mine, theirs] = await Promise.all([itemIds(one), itemIds(other)])
    expect(mine).toHaveLength(3)
    expect(theirs).toEqual(mine)
    const before = await one.call('sync_snapshot')
    expect(before).toMatchObject({ complete: true })
    expect(before.totals[0]?.income).toBeGreaterThan(0)
    expect((await one.call('get_positions')).positions.length).toBeGreaterThan(0)
    const { due, lowest } = await one.call('get_upcoming', { days: 45 })
    expect([due.length, lowest.length]).toEqual([3, 3])

    // One of the two has the banks; whichever is killed, the other goes on with them.
    process.kill(one.pid, 'SIGKILL')
    const after = await other.call('sync_snapshot', { max_age_minutes: 0 })
    expect(after).toMatchObject({ complete: true, totals: before.totals })
    const link = await other.call('start_reauth', { item_id: mine[0], force: true })
    await finishLink(link.url ?? '', 'success')
    const repaired = await other.call('check_connection', { link_id: link.link_id, wait_seconds: 15 })
    expect(repaired.outcome).toBe('repaired')

    process.kill(other.pid, 'SIGKILL')
    const third = await start()
    expect(await itemIds(third)).toEqual(mine)
    expect(await third.call('sync_snapshot', { max_age_minutes: 0 })).toMatchObject({
      complete: true,
      totals: before.totals,
    })
  })
})
