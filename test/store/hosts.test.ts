import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drivers } from '../../src/store/drivers/load.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'

const calls = [
  { at: 1_000, lane: 'a', failed: false },
  { at: 2_000, lane: '', failed: true },
]
const down = { calls, openUntil: 9_000, pauses: 2, code: 'PLAID_DOWN', message: 'Plaid had a fault.' }

describe.each(driverNames)('hosts on %s', (driver) => {
  it('are the same to every process, and leave nothing once they are well', async () => {
    const home = freshHome()
    const [one, other] = [await freshStore({ home, driver }), await freshStore({ home, driver })]
    const calm = await one.hosts.read('host')
    expect(calm).toEqual({ calls: [], openUntil: null, pauses: 0, code: null, message: null })
    await one.hosts.change('host', () => down)
    expect(await other.hosts.read('host')).toEqual(down)
    expect(await other.hosts.read('another')).toEqual(calm)
    await other.hosts.change('host', () => calm)
    expect(await one.hosts.read('host')).toEqual(calm)
  })

  it('are not written when nothing changes, and wake nobody when something does', async () => {
    const home = freshHome()
    const { hosts, version } = await freshStore({ driver, home })
    const handle = (await drivers[driver]()).open(join(home, 'coffer.db'), 0)
    const commits = () => handle.prepare('pragma data_version').all([])
    const [known, first] = [await version(), commits()]
    await hosts.change('host', (state) => state)
    expect(commits()).toEqual(first)
    await hosts.change('host', () => down)
    expect(commits()).not.toEqual(first)
    expect(await version()).toBe(known)
    handle.close()
  })
})
