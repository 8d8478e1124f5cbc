import { describe, expect, it } from 'vitest'
import type { Connection } from '../../src/model.ts'
import { createSubscriptions } from '../../src/resources/subscriptions.ts'
import { account, connection } from '../store/rows.ts'
import { until } from '../support/until.ts'
import { rounds, watched, type Watched } from './watched.ts'

const all = 'coffer://connections'
const one = `${all}/item-1`

function subscribe({ watch }: Watched) {
  const heard: string[] = []
  return { heard, ...createSubscriptions({ watch, onChange: (uri) => void heard.push(uri) }) }
}

function change({ other }: Watched, changes: Partial<Connection>) {
  return other.connections.change('item-1', (row) => ({ ...row, ...changes }))
}

async function withTwoBanks(): Promise<Watched> {
  const house = await watched()
  await house.store.connections.insert(connection(), 'sealed')
  await house.store.connections.insert(connection({ itemId: 'item-2' }), 'sealed too')
  return house
}

describe('a subscription hears of', () => {
  it.each<[string, Partial<Connection>]>([
    ['a status', { status: 'needs_reauth' }],
    ['a reason', { reason: 'ITEM_LOCKED' }],
    ['a deadline', { status: 'expiring', deadline: '2026-12-24T00:00:00.000Z' }],
    ['new accounts', { newAccounts: false }],
    ['newer data', { lastSyncedAt: '2026-11-03T10:00:00.000Z', dataAsOf: '2026-11-03T09:00:00.000Z' }],
  ])('%s', async (_what, changes) => {
    await using house = await withTwoBanks()
    const { add, heard } = subscribe(house)
    await Promise.all([add(all), add(one), add(`${all}/item-2`)])
    await change(house, changes)
    await until(() => heard.length > 0, 2000)
    await rounds()
    expect(heard.toSorted()).toEqual([all, one])
  })

  it('accounts and their balances', async () => {
    await using house = await withTwoBanks()
    const { add, heard } = subscribe(house)
    await add(one)
    for (const current of [110_000, 110_001]) {
      await house.other.accounts.replace('item-1', [account({ current })])
      await until(() => heard.includes(one), 2000)
      expect(heard.splice(0)).toEqual([one])
    }
  })

  it('a connection that comes, and one that goes', async () => {
    await using house = await withTwoBanks()
    const { add, heard } = subscribe(house)
    await Promise.all([add(`${all}/item-3`), add(`${all}/item-2`)])
    await house.other.connections.insert(connection({ itemId: 'item-3' }), 'sealed')
    await until(() => heard.includes(`${all}/item-3`), 2000)
    await house.other.connections.remove('item-2')
    await until(() => heard.includes(`${all}/item-2`), 2000)
    await rounds()
    expect(heard).toEqual([`${all}/item-3`, `${all}/item-2`])
  })

  it.each<[string, Partial<Connection>]>([
    ['a check that found nothing', { lastCheckedAt: '2026-11-03T10:00:00.000Z' }],
    ['a use', { lastUsedAt: '2026-11-03T10:00:00.000Z' }],
  ])('not of %s, and not of rows that are none of its own', async (_what, changes) => {
    await using house = await withTwoBanks()
    const { add, heard } = subscribe(house)
    await Promise.all([add(all), add(one)])
    await change(house, changes)
    await house.other.calls.take([{ key: 'all', perMinute: 10 }], 1_000_000)
    const read = house.read()
    await until(() => house.read() > read, 2000)
    await rounds()
    expect(heard).toEqual([])
  })
})

describe('many subscriptions', () => {
  it('cost one question, and one reading where something was written', async () => {
    await using house = await withTwoBanks()
    const { add, heard } = subscribe(house)
    for (let at = 0; at < 50; at += 1) await add(`${all}/item-${at}`)
    await rounds()
    const [read, asked] = [house.read(), house.asked()]
    await rounds(10)
    expect(house.read()).toBe(read)
    expect(house.asked() - asked).toBeLessThan(40)
    await change(house, { status: 'expired' })
    await until(() => heard.length > 0, 2000)
    expect(house.read()).toBe(read + 1)
  })

  it('that are all taken back leave the store in peace', async () => {
    await using house = await withTwoBanks()
    const { add, remove, heard } = subscribe(house)
    await Promise.all([add(all), add(one)])
    remove(one)
    remove(all)
    remove('coffer://connections/never')
    await rounds(2)
    const asked = house.asked()
    await change(house, { status: 'expired' })
    await rounds()
    expect([house.asked(), heard]).toEqual([asked, []])
    // And one that comes after them is served again.
    await add(one)
    await change(house, { status: 'revoked' })
    await until(() => heard.includes(one), 2000)
  })

  it('end with the client', async () => {
    await using house = await withTwoBanks()
    const { add } = subscribe(house)
    await add(all)
    house.clientGoes()
    await rounds(3)
    const asked = house.asked()
    await rounds()
    expect(house.asked()).toBe(asked)
  })
})

describe('a store that cannot be read for a moment', () => {
  it.each(['closed', 'damaged'] as const)('(%s) is asked again, and no change is missed', async (how) => {
    await using house = await withTwoBanks()
    const { add, heard } = subscribe(house)
    await add(all)
    house.fail(how)
    await change(house, { status: 'expired' })
    await until(() => house.lines.length > 0, 2000)
    expect(heard).toEqual([])
    house.fail(null)
    await until(() => heard.includes(all), 2000)
    await rounds()
    expect(heard).toEqual([all])
    // Said once, however long it lasted, and without what it was about.
    expect(house.lines).toEqual([
      `watch.failed {"code":"${how === 'closed' ? 'NOT_CONFIGURED' : 'DATABASE_DAMAGED'}"}`,
    ])
  })

  it('at the beginning: the client is told as soon as there is something to read', async () => {
    await using house = await withTwoBanks()
    house.fail('closed')
    const { add, heard } = subscribe(house)
    await add(all)
    house.fail(null)
    await until(() => heard.includes(all), 2000)
    expect(heard).toEqual([all])
  })
})
