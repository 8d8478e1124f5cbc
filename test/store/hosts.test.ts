import { describe, expect, it } from 'vitest'
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

  it('are not written when nothing changes', async () => {
    const { hosts, version } = await freshStore({ driver })
    const before = await version()
    await hosts.change('host', (state) => state)
    expect(await version()).toBe(before)
  })
})
