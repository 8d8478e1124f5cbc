import { describe, expect, it } from 'vitest'
import { createSchedule } from '../../src/jobs/schedule.ts'
import { silentLog } from '../../src/log.ts'
import type { Connection } from '../../src/model.ts'
import type { Store } from '../../src/store/index.ts'
import { freshHome, freshStore } from '../store/fixtures.ts'
import { connection } from '../store/rows.ts'
import { noteRun } from '../store/runs.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Noon of a Saturday in New York, four weeks before the clocks change there. */
const start = Date.parse('2026-10-03T16:00:00Z')

type Outcome = { ok: boolean; code: string | null }

/** Copies of the scheduler on one database and one clock, and what they fetched. */
async function household(rows: readonly Partial<Connection>[], copies = 1) {
  let now = start
  let outcome: Outcome | 'hang' = { ok: true, code: null }
  const fetched: { itemId: string; at: string }[] = []
  const iso = () => new Date(now).toISOString()
  const home = freshHome()
  const stores = await Promise.all(Array.from({ length: copies }, () => freshStore({ home })))
  const [store] = stores
  if (store === undefined) throw new Error('no store')
  for (const row of rows)
    await store.connections.insert(connection({ lastSyncedAt: iso(), ...row }), 'sealed')

  const schedules = stores.map((one) => schedule(one))
  function schedule(on: Store) {
    return createSchedule({
      store: on,
      async run(itemId, cause) {
        fetched.push({ itemId, at: iso() })
        if (outcome === 'hang') return await new Promise<never>(() => {})
        await noteRun(on, { itemId, startedAt: iso(), endedAt: iso(), code: outcome.code, cause })
        if (outcome.ok) await on.connections.change(itemId, (row) => ({ ...row, lastSyncedAt: iso() }))
        return outcome
      },
      environment: 'sandbox',
      cron: '0 6 * * *',
      timeZone: 'America/New_York',
      now: () => now,
      log: silentLog,
    })
  }

  return {
    store,
    fetched,
    times: (itemId: string) => fetched.filter((one) => one.itemId === itemId).map(({ at }) => at),
    outcome: (next: Outcome | 'hang') => void (outcome = next),
    list: async () => (await schedules[0]?.list()) ?? [],
    jump: (ms: number) => void (now += ms),
    /** The leader ends without a word, and another copy leads. */
    replaceLeader: () => void schedules.splice(0, schedules.length, schedule(store)),
    /** Lets time pass; every copy looks each `step`. */
    async pass(ms: number, step = 5 * minute) {
      for (const end = now + ms; now < end; now += step) {
        // All in this process, where two that write at once would wait for each other.
        for (const one of schedules) await one.round()
        if (outcome !== 'hang') for (const one of schedules) await one.ended()
      }
    },
  }
}

const failed = { ok: false, code: 'BANK_DOWN' } as const
const days = (times: readonly string[]) => new Set(times.map((at) => at.slice(0, 10)))

describe('every connection', () => {
  it('is fetched once a day at six, for 400 days with three changes of the clocks', async () => {
    const { pass, times } = await household([{ itemId: 'a' }])
    await pass(400 * day, 3 * hour)
    expect(times('a')).toHaveLength(400)
    expect(days(times('a')).size).toBe(400)
    // Six is 10:00 or 11:00, and looked at is every three hours.
    expect(new Set(times('a').map((at) => at.slice(11, 16)))).toEqual(new Set(['10:00', '13:00']))
  })

  it('is fetched by one of several copies that all look', async () => {
    const { pass, times } = await household([{ itemId: 'a' }, { itemId: 'b' }], 4)
    await pass(20 * day, hour)
    expect([times('a').length, times('b').length]).toEqual([20, 20])
    expect([days(times('a')).size, days(times('b')).size]).toEqual([20, 20])
  })

  it('is fetched once for what was missed while nobody looked', async () => {
    const { pass, jump, times } = await household([{ itemId: 'a' }])
    jump(3 * day)
    await pass(2 * hour)
    expect(times('a')).toEqual(['2026-10-06T16:00:00.000Z'])
    await pass(day)
    expect(times('a')).toHaveLength(2)
  })

  it('is not fetched again for a clock that was set back by two hours', async () => {
    const { pass, jump, times } = await household([{ itemId: 'a' }])
    await pass(19 * hour)
    expect(times('a')).toEqual(['2026-10-04T10:00:00.000Z'])
    jump(-2 * hour)
    await pass(20 * hour)
    expect(times('a')).toHaveLength(1)
    await pass(6 * hour)
    expect(times('a')).toHaveLength(2)
  })

  it('is fetched every day after a clock that was years ahead has been set right', async () => {
    const { pass, jump, times } = await household([{ itemId: 'a' }])
    jump(1_000 * day)
    await pass(hour)
    jump(-1_000 * day)
    await pass(3 * day)
    // One beyond the usual three, since the ages of what it had were those of the wrong clock.
    expect(times('a').slice(1)).toHaveLength(4)
  })

  it('that somebody has fetched since six is not fetched once more', async () => {
    const { pass, jump, store, times } = await household([{ itemId: 'a' }])
    jump(19 * hour)
    await store.connections.change('a', (row) => ({ ...row, lastSyncedAt: '2026-10-04T10:30:00.000Z' }))
    await pass(22 * hour)
    expect(times('a')).toEqual([])
  })

  it.each(['needs_reauth', 'expired', 'revoked', 'removing', 'preparing'] as const)(
    'that is %s is left alone',
    async (status) => {
      const { pass, fetched } = await household([{ itemId: 'a', status }])
      await pass(2 * day, hour)
      expect(fetched).toEqual([])
    },
  )

  it('of the other environment is left alone', async () => {
    const { pass, fetched } = await household([{ itemId: 'a', environment: 'production' }])
    await pass(2 * day, hour)
    expect(fetched).toEqual([])
  })
})

describe('a fetch that failed', () => {
  it('is tried again ever more rarely, four times a day in the end, and is then done for the day', async () => {
    const { pass, jump, outcome, times, list } = await household([{ itemId: 'a' }, { itemId: 'b' }])
    outcome(failed)
    jump(17 * hour + 50 * minute)
    await pass(hour, minute)
    expect(
      times('a')
        .slice(0, 5)
        .map((at) => at.slice(11, 16)),
    ).toEqual(['10:00', '10:03', '10:09', '10:21', '10:45'])
    await pass(5 * day, 20 * minute)
    expect(times('a').length).toBeLessThan(30)
    expect(await list()).toMatchObject([{ overdue: true }, { overdue: true }])
    outcome({ ok: true, code: null })
    const before = times('a').length
    await pass(6 * hour)
    expect(times('a').length).toBe(before + 1)
    expect(await list()).toMatchObject([{ overdue: false }, { overdue: false }])
  })

  it('that was cut off by the end of the leader is made up for by the next one, minutes later', async () => {
    const { pass, jump, outcome, times, replaceLeader } = await household([{ itemId: 'a' }])
    outcome('hang')
    jump(17 * hour)
    await pass(hour + minute, minute)
    expect(times('a')).toHaveLength(1)
    replaceLeader()
    outcome({ ok: true, code: null })
    await pass(hour, minute)
    expect(times('a')).toEqual(['2026-10-04T10:00:00.000Z', '2026-10-04T10:03:00.000Z'])
  })
})

describe('a connection with a frequency of its own', () => {
  it('is fetched at that, the others once a day', async () => {
    const { pass, store, times } = await household([{ itemId: 'a' }, { itemId: 'b' }])
    await store.schedules.setFrequency('a', 90)
    await pass(day)
    expect(times('a')).toHaveLength(15)
    expect(times('b')).toHaveLength(1)
    await store.schedules.setFrequency('a', 0)
    await pass(day)
    expect(times('a')).toHaveLength(16)
  })

  it('that one copy fetches is left alone by the others, also when the clock has just been set back', async () => {
    const { pass, jump, store, times, outcome } = await household([{ itemId: 'a' }], 2)
    await store.schedules.setFrequency('a', 90)
    await pass(6 * hour)
    const before = times('a').length
    outcome('hang')
    jump(-4 * hour)
    await pass(2 * minute, minute)
    expect(times('a')).toHaveLength(before + 1)
  })

  it('is overdue when two of its intervals have passed', async () => {
    const { store, jump, list } = await household([{ itemId: 'a' }])
    await store.schedules.setFrequency('a', 60)
    jump(179 * minute)
    expect(await list()).toMatchObject([{ overdue: false, nextRun: start + hour }])
    jump(2 * minute)
    expect(await list()).toMatchObject([{ overdue: true }])
  })
})
