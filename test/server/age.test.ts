import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'

const minute = 60_000
const day = 24 * 60 * minute

let house: Household
let copy: Copy
let itemId: string
beforeAll(async () => {
  house = await household()
  copy = await house.start()
  itemId = (await connectBank(copy, {}, { person: 'Ada' })).item_id
  await copy.call('sync_snapshot')
})
afterAll(() => house[Symbol.asyncDispose]())

/** Time goes by for what is stored: nobody else can move the clock of a process. */
function setBack(column: 'last_synced_at' | 'last_used_at' | 'created_at', ms: number, of = itemId): void {
  const database = new DatabaseSync(join(house.home, 'data', 'coffer.db'), { timeout: 10_000 })
  const time = new Date(Date.now() - ms).toISOString()
  database.prepare(`update connections set ${column} = ? where item_id = ?`).run(time, of)
  // As every write of ours does: copies read anew.
  database.exec('update changes set version = hex(randomblob(8))')
  database.close()
}

describe('figures that have grown old', () => {
  it.each<[minutesOld: number, asked: number, complete: boolean, source: string]>([
    [50, -1, true, 'cached'],
    [70, -1, false, 'cached'],
    [70, 120, true, 'cached'],
    [130, 120, true, 'live'],
    [50, 60, true, 'cached'],
    [61, 60, true, 'live'],
  ])('%i minutes old, asked for %i: complete is %s, the source %s', async (old, asked, complete, source) => {
    setBack('last_synced_at', old * minute)
    const answer = await copy.call('sync_snapshot', { max_age_minutes: asked })
    expect(answer).toMatchObject({ complete, connections: [{ source }] })
    const age = (Date.now() - Date.parse(answer.connections[0]?.last_synced_at ?? '')) / minute
    expect(Math.round(age)).toBe(source === 'live' ? 0 : old)
  })

  it('are fetched anew by get_positions after an hour', async () => {
    setBack('last_synced_at', 61 * minute)
    expect(await copy.call('get_positions')).toMatchObject({
      complete: true,
      connections: [{ source: 'live' }],
    })
    expect(await copy.call('get_positions')).toMatchObject({ connections: [{ source: 'cached' }] })
  })
})

describe('tokens that nobody uses', () => {
  it.each<[daysUnused: number, after30: number, after90: number]>([
    [29, 0, 0],
    [30, 1, 0],
    [89, 1, 0],
    [90, 0, 1],
    [400, 0, 1],
  ])('for %i days: %i of 30 days, %i of 90', async (unused, after30, after90) => {
    setBack('last_used_at', unused * day + minute)
    const { analytics } = await copy.call('token_analytics')
    expect(analytics).toMatchObject({
      stale_tokens_30_days: after30,
      stale_tokens_90_days: after90,
      total_tokens: 1,
      active_tokens: 1,
    })
  })

  it('are counted by person, and told how old the oldest is', async () => {
    const other = await connectBank(copy, { institutionId: 'ins_109511' })
    setBack('created_at', 12 * day + minute, other.item_id)
    const answer = await copy.call('token_analytics')
    // Ada, and whoever it was that gave no name.
    expect(answer.analytics.unique_users).toBe(2)
    expect(answer.oldest_token_days).toBe(12)
  })
})
