import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { driverNames, freshStore } from './fixtures.ts'

const minute = 60_000

describe.each(driverNames)('the budget of calls on %s', (driver) => {
  it('has room until the limit, then says how long to wait', async () => {
    const { calls } = await freshStore({ driver })
    const limits = [{ key: 'item', perMinute: 2 }]
    expect(await calls.take(limits, 1_000)).toBe(0)
    expect(await calls.take(limits, 5_000)).toBe(0)
    expect(await calls.take(limits, 11_000)).toBe(50_000)
    expect(await calls.take(limits, 60_999)).toBe(1)
    expect(await calls.take(limits, 61_000)).toBe(0)
    expect(await calls.take(limits, 61_000)).toBe(4_000)
  })

  it('takes from all budgets or from none', async () => {
    const { calls } = await freshStore({ driver })
    const [narrow, wide] = [
      { key: 'narrow', perMinute: 1 },
      { key: 'wide', perMinute: 2 },
    ]
    expect(await calls.take([narrow, wide], 0)).toBe(0)
    expect(await calls.take([narrow, wide], 10)).toBe(minute - 10)
    expect(await calls.take([wide], 20)).toBe(0)
    expect(await calls.take([wide], 30)).toBe(minute - 30)
    expect(await calls.take([], 30)).toBe(0)
  })

  it('waits long enough when a limit was lowered', async () => {
    const { calls } = await freshStore({ driver })
    for (const at of [0, 10, 20]) await calls.take([{ key: 'k', perMinute: 3 }], at)
    expect(await calls.take([{ key: 'k', perMinute: 1 }], 30)).toBe(minute - 10)
  })

  it('does not wait for calls from a future that was taken back', async () => {
    const { calls } = await freshStore({ driver })
    const limits = [{ key: 'k', perMinute: 1 }]
    await calls.take(limits, 100 * minute)
    expect(await calls.take(limits, 0)).toBe(0)
  })

  it('wakes nobody who watches, save for what Plaid bills', async () => {
    const { calls, version } = await freshStore({ driver })
    const before = await version()
    for (const at of [0, 10, 100 * minute]) await calls.take([{ key: 'k', perMinute: 1 }], at)
    expect(await version()).toBe(before)
    const billed = { itemId: 'item-1', endpoint: '/accounts/balance/get', per: 'call' } as const
    await calls.take([{ key: 'b', perMinute: 1 }], 0, billed)
    expect(await version()).not.toBe(before)
  })

  it('never gives more than the limit in any minute, and never makes wait for nothing', async () => {
    const { calls } = await freshStore({ driver })
    let run = 0
    const steps = fc.array(fc.nat(20_000), { minLength: 5, maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 4 }), async (gaps, perMinute) => {
        const limits = [{ key: `run-${run++}`, perMinute }]
        const taken: number[] = []
        let now = 1_000_000
        for (const gap of gaps) {
          now += gap
          const recent = taken.filter((at) => at > now - minute).length
          const wait = await calls.take(limits, now)
          expect(wait === 0).toBe(recent < perMinute)
          if (wait === 0) taken.push(now)
        }
      }),
      { numRuns: 10 },
    )
  })
})
