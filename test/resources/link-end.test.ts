import { describe, expect, it } from 'vitest'
import { whenLinkEnds } from '../../src/resources/link-end.ts'
import type { Link } from '../../src/store/index.ts'
import { link } from '../store/rows.ts'
import { until } from '../support/until.ts'
import { rounds, watched } from './watched.ts'

describe('the end of a link', () => {
  it.each<Link['state']>(['succeeded', 'duplicate', 'expired', 'lost'])(
    'as %s is told once, and nobody looks any more',
    async (state) => {
      await using house = await watched()
      await house.store.links.insert(link({ linkId: 'link-1', state: 'open' }))
      let ends = 0
      await house.watch.add(whenLinkEnds('link-1', () => void (ends += 1)))
      await house.other.links.change('link-1', (now) => ({ ...now, exited: true }))
      await house.other.links.change('link-1', (now) => ({ ...now, state: 'exchanging' }))
      await rounds()
      expect(ends).toBe(0)
      await house.other.links.change('link-1', (now) => ({ ...now, state }))
      await until(() => ends > 0, 2000)
      await rounds(2)
      const asked = house.asked()
      await rounds()
      expect([ends, house.asked()]).toEqual([1, asked])
    },
  )

  it('of one that is not there is now', async () => {
    await using house = await watched()
    let ends = 0
    await house.watch.add(whenLinkEnds('link-9', () => void (ends += 1)))
    expect(ends).toBe(1)
  })
})
