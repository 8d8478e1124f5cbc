import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'

let house: Household
let copy: Copy
let first: string
let second: string

beforeAll(async () => {
  house = await household()
  copy = await house.start({ COFFER_SYNC_CRON: '0 6 * * *' })
  first = (await connectBank(copy, { institutionId: 'ins_109508' })).item_id
  second = (await connectBank(copy, { institutionId: 'ins_109511' })).item_id
  await copy.call('sync_snapshot', { max_age_minutes: 0 })
})
afterAll(() => house[Symbol.asyncDispose]())

const schedule = (args: object = {}) => copy.call('sync_schedule', args)
const of = async (itemId: string) => (await schedule()).connections.find((one) => one.item_id === itemId)

describe('sync_schedule', () => {
  it('shows when each connection is fetched next, and how its last runs went', async () => {
    const { connections } = await schedule()
    expect(connections.map((one) => one.item_id).toSorted()).toEqual([first, second].toSorted())
    for (const one of connections) {
      expect(one).toMatchObject({ status: 'active', every_minutes: 0, overdue: false })
      expect(new Date(one.next_run ?? '').getHours()).toBe(6)
      expect(Date.parse(one.next_run ?? '')).toBeGreaterThan(Date.now())
      expect(one.last_runs.length).toBeGreaterThan(0)
      expect(one.last_runs.length).toBeLessThanOrEqual(5)
      expect(one.last_runs[0]).toEqual({ at: expect.any(String), ok: true })
    }
  })

  it('shows the jobs and which copy does them', async () => {
    await until(async () => (await schedule()).leader !== undefined)
    const { jobs, leader } = await schedule()
    expect(leader).toEqual({ pid: copy.pid, since: expect.any(String), here: true })
    expect(jobs).toMatchObject([
      { name: 'sync', cron: '0 6 * * *', next_run: expect.any(String) },
      { name: 'prune', next_run: expect.any(String) },
      { name: 'cleanup', next_run: expect.any(String) },
      { name: 'analytics', next_run: expect.any(String) },
      { name: 'backup', cron: '0 4 * * *', next_run: expect.any(String) },
      { name: 'integrity', cron: '0 5 * * 0', next_run: expect.any(String) },
    ])
    const other = await house.start({ COFFER_LISTEN: 'off' })
    expect((await other.call('sync_schedule')).leader).toMatchObject({ pid: copy.pid, here: false })
    await other.close()
  })

  it('gives one connection a frequency of its own, and takes it back', async () => {
    await schedule({ item_id: first, every_minutes: 30 })
    const { every_minutes: every, next_run: next, last_runs: runs } = (await of(first)) ?? {}
    expect(every).toBe(30)
    const { last_synced_at: synced } =
      (await copy.call('list_connections')).connections.find((one) => one.item_id === first) ?? {}
    const latest = Math.max(Date.parse(synced ?? ''), Date.parse(runs?.[0]?.at ?? ''))
    expect(Date.parse(next ?? '')).toBe(latest + 30 * 60_000)
    expect(await of(second)).toMatchObject({ every_minutes: 0 })
    const { connections } = await schedule({ item_id: first, every_minutes: 0 })
    expect(connections).toMatchObject([{ item_id: first, every_minutes: 0 }])
  })

  it('shows a run that failed with its code, and the step where a login is broken', async () => {
    house.simulator.controls.resetLogin(second)
    await copy.call('sync_snapshot', { max_age_minutes: 0 })
    const row = await of(second)
    expect(row?.last_runs[0]).toMatchObject({ ok: false, code: 'ITEM_LOGIN_REQUIRED' })
    expect(row).toMatchObject({ status: 'needs_reauth', next_step: { tool: 'start_reauth' } })
    house.simulator.controls.repairItem(second)
  })

  it.each([
    [{ every_minutes: 14 }, /^INVALID_ARGUMENTS: .*15 to 10080/],
    [{ every_minutes: 10_081 }, /^INVALID_ARGUMENTS: /],
    [{ every_minutes: 60 }, /^ITEM_ID_NEEDED: .*item_id/],
    [{ item_id: 'nobody', every_minutes: 60 }, /^UNKNOWN_CONNECTION: /],
  ])('refuses %o', async (args, message) => {
    expect(await copy.failure('sync_schedule', args)).toMatch(message)
  })

  it('gives one page at a time', async () => {
    const page = await schedule({ limit: 1 })
    const rest = await schedule({ limit: 1, cursor: page.next_cursor })
    expect([page, rest].flatMap(({ connections }) => connections.map((one) => one.item_id))).toEqual(
      (await schedule()).connections.map((one) => one.item_id),
    )
    expect(rest.next_cursor).toBeUndefined()
  })

  it('a server with a cron that cannot be read says which setting it is', async () => {
    const bad = await house.start({ COFFER_SYNC_CRON: 'daily' })
    expect(await bad.failure('sync_schedule')).toMatch(/^BAD_SETTING: COFFER_SYNC_CRON must be five fields/)
    await bad.close()
  })
})
