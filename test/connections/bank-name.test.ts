import { describe, expect, it } from 'vitest'
import { bank, day, hour } from '../support/rooms.ts'
import { openRewritten, type Rewrite } from '../support/rewriting.ts'

/** Neither Link nor `/item/get` names the bank; only its id is there. */
const nameless: Rewrite = (path, key, value) => {
  if (path === '/link/token/get' && key === 'institution') return { institution_id: bank, name: '' }
  return key === 'institution_name' ? null : value
}

describe('a bank that neither Link nor the Item names', () => {
  it('is looked up once, and the name is kept', async () => {
    await using rooms = await openRewritten(nameless)
    const itemId = await rooms.connect()
    expect((await rooms.find(itemId)).institution).toBe('First Platypus Bank')
    await rooms.app.connections.health.check(itemId)
    expect(rooms.calls('/institutions/get_by_id')).toBe(1)
  })

  it('keeps the default while the look-up fails, which is not tried again before a day has passed', async () => {
    await using rooms = await openRewritten(nameless)
    const { controls } = rooms.simulator
    controls.failNext('/institutions/get_by_id', { kind: 'error', code: 'INVALID_INSTITUTION' })
    const itemId = await rooms.connect()
    expect((await rooms.find(itemId)).institution).toBe('Your bank')
    const check = () => rooms.app.connections.health.check(itemId)
    rooms.advance(hour)
    await check()
    expect(rooms.calls('/institutions/get_by_id')).toBe(1)
    rooms.advance(day)
    expect((await check()).connection.institution).toBe('First Platypus Bank')
    await check()
    expect(rooms.calls('/institutions/get_by_id')).toBe(2)
  })

  it('that has no id either stays as it is, and nobody is asked', async () => {
    await using rooms = await openRewritten((path, key, value) => {
      if (path === '/link/token/get' && key === 'institution') return {}
      return ['institution_name', 'institution_id'].includes(key) ? null : value
    })
    const itemId = await rooms.connect()
    expect(await rooms.find(itemId)).toMatchObject({ institution: 'Your bank', institutionId: null })
    expect(rooms.calls('/institutions/get_by_id')).toBe(0)
  })
})
