import { describe, expect, it } from 'vitest'
import { driverNames, freshStore } from './fixtures.ts'
import { link } from './rows.ts'

describe.each(driverNames)('links on %s', (driver) => {
  it('gives back what was stored', async () => {
    const { links } = await freshStore({ driver })
    await links.insert(link())
    expect(await links.find('link-1')).toStrictEqual(link())
    expect(await links.find('link-2')).toBeNull()
  })

  it('changes one', async () => {
    const { links } = await freshStore({ driver })
    await links.insert(link())
    const changes = { state: 'duplicate', exited: true, duplicateOf: 'item-9', keep: false } as const
    expect(await links.change('link-1', (now) => ({ ...now, ...changes }))).toStrictEqual(link(changes))
    expect(await links.find('link-1')).toStrictEqual(link(changes))
    expect(await links.change('link-2', (now) => now)).toBeNull()
  })

  it('finds the newest of a connection, whatever the clock said', async () => {
    const { links } = await freshStore({ driver })
    for (const day of ['02', '03', '01'])
      await links.insert(
        link({ linkId: `link-${day}`, itemId: 'item-1', createdAt: `2026-11-${day}T00:00:00.000Z` }),
      )
    await links.insert(link({ linkId: 'of-another', itemId: 'item-2' }))
    expect((await links.latestOf('item-1'))?.linkId).toBe('link-01')
    expect(await links.latestOf('item-3')).toBeNull()
  })

  it('lists those that are not final', async () => {
    const { links } = await freshStore({ driver })
    const states = ['succeeded', 'exchanging', 'duplicate', 'open', 'expired', 'lost'] as const
    for (const [day, state] of states.entries())
      await links.insert(link({ linkId: state, state, createdAt: `2026-11-0${9 - day}T00:00:00.000Z` }))
    expect((await links.open()).map(({ linkId }) => linkId)).toEqual(['open', 'exchanging'])
  })

  describe('lease', () => {
    const stored = (changes: Parameters<typeof link>[0]) => async () => {
      const { links } = await freshStore({ driver })
      await links.insert(link(changes))
      return links
    }

    it.each([
      ['free', {}, true],
      ['lapsed', { leaseOwner: 'other', leaseUntil: 1_000 }, true],
      ['already theirs', { leaseOwner: 'me', leaseUntil: 9_000 }, true],
      ["somebody else's", { leaseOwner: 'other', leaseUntil: 1_001 }, false],
      [
        "somebody else's, taken before the clock was set back",
        { leaseOwner: 'other', leaseUntil: 61_001 },
        true,
      ],
      ['of a final link', { state: 'succeeded' }, false],
      ['of an exchanging link', { state: 'exchanging' }, true],
    ] as const)('of one that is %s', async (_case, changes, mine) => {
      const links = await stored(changes)()
      expect(await links.lease('link-1', 'me', 1_000, 6_000)).toBe(mine)
      const after = mine ? { ...changes, leaseOwner: 'me', leaseUntil: 6_000 } : changes
      expect(await links.find('link-1')).toStrictEqual(link(after))
    })

    it('goes to one of many who ask at once', async () => {
      const links = await stored({})()
      const owners = Array.from({ length: 20 }, (_, number) => `owner-${number}`)
      const answers = await Promise.all(owners.map((owner) => links.lease('link-1', owner, 0, 5_000)))
      expect(answers.filter(Boolean)).toHaveLength(1)
    })

    it('wakes nobody who watches', async () => {
      const { links, version } = await freshStore({ driver })
      await links.insert(link({}))
      const before = await version()
      expect(await links.lease('link-1', 'me', 0, 5_000)).toBe(true)
      expect(await version()).toBe(before)
    })

    it('of a link that is not there is nobody’s', async () => {
      const links = await stored({})()
      expect(await links.lease('link-2', 'me', 0, 5_000)).toBe(false)
    })
  })
})
