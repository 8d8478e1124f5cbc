import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { final, notPlaid, type Outcome, tooSlow } from '../../src/plaid/failure.ts'
import { translateCode } from '../../src/plaid/errors.ts'
import { createRetry, delayBefore } from '../../src/plaid/retry.ts'

const never = new AbortController().signal
const answer: Outcome = { answer: {} }
const passing: Outcome = { failure: notPlaid('It was no JSON') }

async function run(...outcomes: Outcome[]) {
  let tries = 0
  const outcome = await createRetry(() => 0)(async () => outcomes[tries++] ?? answer, never)
  return { outcome, tries }
}

describe('createRetry', () => {
  it('stops at the first answer', async () => {
    expect(await run(answer)).toEqual({ outcome: answer, tries: 1 })
    expect(await run(passing, answer)).toEqual({ outcome: answer, tries: 2 })
  })

  it('tries three times at most', async () => {
    expect(await run(passing, passing, passing, answer)).toEqual({ outcome: passing, tries: 3 })
  })

  it.each([
    ['a refusal', final(translateCode('ITEM_LOGIN_REQUIRED'))],
    ['data that is not ready', final(translateCode('PRODUCT_NOT_READY'))],
    ['a call that used up its time', tooSlow(15_000)],
  ])('does not repeat %s', async (_what, failure) => {
    expect(await run({ failure })).toEqual({ outcome: { failure }, tries: 1 })
  })
})

describe('delayBefore', () => {
  it('lies between nothing and the exponential delay, which is capped', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (n, random) => {
          const delay = delayBefore(n, () => random)
          expect(delay).toBeGreaterThanOrEqual(0)
          expect(delay).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** (n - 1)))
        },
      ),
    )
  })

  it('uses the whole of that span, so that two programs do not come back together', () => {
    const delays = Array.from({ length: 10_000 }, () => delayBefore(3, Math.random))
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
    expect(Math.abs(mean - 1000)).toBeLessThan(50)
    expect(new Set(delays).size).toBeGreaterThan(9900)
  })
})
