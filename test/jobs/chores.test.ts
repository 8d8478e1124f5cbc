import { describe, expect, it } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import { createChores } from '../../src/jobs/chores.ts'
import { silentLog } from '../../src/log.ts'
import { freshHome, freshStore } from '../store/fixtures.ts'

const hour = 3_600_000
const day = 24 * hour
const start = Date.parse('2026-06-10T12:00:00Z')

/** One chore at half past three, and when it was done, in hours. */
async function household(copies = 1) {
  let now = start
  let failure: Error | null = null
  const done: number[] = []
  const home = freshHome()
  const chore = {
    name: 'prune',
    cron: '30 3 * * *',
    work: async () => {
      done.push((now - start) / hour)
      if (failure !== null) throw failure
    },
  }
  const all = await Promise.all(
    Array.from({ length: copies }, async () => {
      const store = await freshStore({ home })
      return createChores({ store, chores: [chore], timeZone: 'UTC', now: () => now, log: silentLog })
    }),
  )
  return {
    done,
    fail: (error: Error | null) => void (failure = error),
    list: async () => await all[0]?.list(),
    async pass(ms: number) {
      for (const end = now + ms; now < end; now += hour / 2) for (const one of all) await one.round()
    },
  }
}

describe('a chore', () => {
  it('is done once when it was missed, and then at its time each day', async () => {
    const { pass, done } = await household()
    await pass(3 * day)
    expect(done).toEqual([0, 15.5, 39.5, 63.5])
  })

  it('is done by one of several copies', async () => {
    const { pass, done } = await household(3)
    await pass(2 * day)
    expect(done).toEqual([0, 15.5, 39.5])
  })

  it('that failed is tried again an hour later, until it does not', async () => {
    const { pass, done, fail, list } = await household()
    fail(new CofferError('DISK_FULL', 'Full.'))
    await pass(2 * hour)
    expect(done).toEqual([0, 1])
    expect(await list()).toMatchObject([{ lastCode: 'DISK_FULL', nextRun: start + 2 * hour }])
    fail(null)
    await pass(hour)
    expect(await list()).toMatchObject([{ lastCode: null, nextRun: start + 15.5 * hour }])
    await pass(6 * hour)
    expect(done).toEqual([0, 1, 2])
  })
})
