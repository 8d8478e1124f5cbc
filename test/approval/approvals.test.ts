import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ApprovedAction } from '../../src/approved-action.ts'
import { createApprovals } from '../../src/approval/index.ts'
import { freshHome, freshStore } from '../store/fixtures.ts'
import { connection } from '../store/rows.ts'

const action: ApprovedAction = {
  removals: [{ itemId: 'item-1', cause: 'asked' }],
  question: 'Cut off First Platypus Bank?',
}

async function setUp() {
  const home = freshHome()
  let at = Date.parse('2026-11-10T12:00:00Z')
  const store = await freshStore({ home })
  const now = () => at
  return {
    home,
    here: createApprovals({ store, now }),
    there: createApprovals({ store, now }),
    wait: (ms: number) => (at += ms),
  }
}

describe('a yes', () => {
  it('is for the one action that was asked for, and for whoever has the token', async () => {
    const { here, there } = await setUp()
    const [first, second] = [await here.ask(action), await here.ask({ ...action, removals: [] })]
    expect(first.token.open()).toMatch(/^[\w-]{43}$/)
    expect(await there.find(second.token.open())).toMatchObject({ removals: [] })
    expect(await there.find(first.token.open())).toEqual(action)
    expect(await there.take(first.token.open())).toEqual(action)
    expect(await here.find(second.token.open())).not.toBeNull()
  })

  it('counts once, whoever comes first', async () => {
    const { here, there } = await setUp()
    const token = (await here.ask(action)).token.open()
    const taken = await Promise.all([here, there, here, there].map((one) => one.take(token)))
    expect(taken.filter((one) => one !== null)).toHaveLength(1)
    expect(await here.find(token)).toBeNull()
  })

  it('is over after five minutes', async () => {
    const { here, wait } = await setUp()
    const { token, expiresAt } = await here.ask(action)
    expect(expiresAt).toBe('2026-11-10T12:05:00.000Z')
    wait(5 * 60_000 - 1)
    expect(await here.find(token.open())).not.toBeNull()
    wait(1)
    expect(await here.find(token.open())).toBeNull()
    expect(await here.take(token.open())).toBeNull()
  })

  it('is refused with any bit of its token flipped', async () => {
    const { here } = await setUp()
    const token = (await here.ask(action)).token.open()
    for (let place = 0; place < token.length * 8; place += 1) {
      const bytes = Buffer.from(token)
      bytes[place >> 3] = (bytes[place >> 3] ?? 0) ^ (1 << (place & 7))
      expect(await here.take(bytes.toString('latin1'))).toBeNull()
    }
    expect(await here.take(token)).not.toBeNull()
  })

  it('cannot be given by whoever reads the database', async () => {
    const { home, here } = await setUp()
    const token = (await here.ask(action)).token.open()
    for (const file of ['coffer.db', 'coffer.db-wal'])
      expect(readFileSync(join(home, file)).includes(token)).toBe(false)
  })
})

it('nothing is left of the question when what it was about is removed', async () => {
  const store = await freshStore()
  await store.connections.insert(connection({ itemId: 'item-1' }), 'sealed')
  const approvals = createApprovals({ store, now: Date.now })
  const token = (await approvals.ask(action)).token.open()
  await store.connections.remove('item-1')
  expect(await approvals.find(token)).toBeNull()
})
