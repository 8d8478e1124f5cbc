import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBreaker } from '../../src/plaid/breaker.ts'
import { translateCode } from '../../src/plaid/errors.ts'
import { final, notPlaid, type Outcome } from '../../src/plaid/failure.ts'

const never = new AbortController().signal
const good: Outcome = { answer: {} }
const down: Outcome = { failure: notPlaid('It was no JSON') }
const refused: Outcome = { failure: final(translateCode('ITEM_LOGIN_REQUIRED')) }

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

function watched() {
  const breaker = createBreaker(Date.now)
  let made = 0
  const send = (outcome: Outcome, lane = '') =>
    breaker(
      async () => {
        made += 1
        return outcome
      },
      never,
      lane,
    )
  const sendAll = async (...outcomes: Outcome[]) => {
    for (const outcome of outcomes) await send(outcome)
  }
  return { send, sendAll, made: () => made }
}

const times = (count: number, outcome: Outcome) => Array.from({ length: count }, () => outcome)

describe('createBreaker', () => {
  it('stops calling when ten of ten failed, and says when it tries again', async () => {
    const { send, sendAll, made } = watched()
    await sendAll(...times(10, down))
    vi.setSystemTime(1_004_000)

    const outcome = await send(good)

    expect(made()).toBe(10)
    expect(outcome).toMatchObject({ failure: { passing: false, hostDown: false } })
    const error = 'failure' in outcome ? outcome.failure.error : null
    expect(error).toMatchObject({
      code: 'PLAID_DOWN',
      retryable: true,
      fix: expect.stringContaining('1 seconds'),
    })
  })

  it.each([
    ['half of twenty failed', [...times(10, good), ...times(10, down)], true],
    ['less than half of twenty failed', [...times(11, good), ...times(9, down)], false],
    ['nine of nine failed', times(9, down), false],
    ['Plaid refused every call, so it is up', times(30, refused), false],
    ['refusals outweigh the faults', [...times(12, refused), ...times(10, down)], false],
  ])('when %s', async (_what, outcomes, open) => {
    const { send, sendAll, made } = watched()
    await sendAll(...outcomes)
    await send(good)
    expect(made()).toBe(outcomes.length + (open ? 0 : 1))
  })

  it('goes on while one bank is answered, however often another one fails', async () => {
    const { send, sendAll, made } = watched()
    await send(good, 'works')
    await sendAll(...times(20, down))
    await send(good, 'works')
    expect(made()).toBe(22)
  })

  it('stops once the last call about every bank failed', async () => {
    const { send, sendAll, made } = watched()
    await send(good, 'works')
    await sendAll(...times(9, down))
    await send(down, 'works')
    await send(good)
    expect(made()).toBe(11)
  })

  it('forgets what is older than 30 seconds', async () => {
    const { send, sendAll, made } = watched()
    await sendAll(...times(9, down))
    vi.setSystemTime(1_030_001)
    await sendAll(down)
    await send(good)
    expect(made()).toBe(11)
  })

  it('lets one call try after 5 seconds, and is whole again when it works', async () => {
    const { send, sendAll, made } = watched()
    await sendAll(...times(10, down))
    vi.setSystemTime(1_005_000)
    await expect(send(good)).resolves.toEqual(good)
    await sendAll(...times(8, down), good)
    expect(made()).toBe(20)
  })

  it('waits twice as long each time the trial fails, up to a minute', async () => {
    const { send, sendAll } = watched()
    await sendAll(...times(10, down))
    let now = 1_000_000
    for (const pause of [5, 10, 20, 40, 60, 60]) {
      vi.setSystemTime((now += pause * 1000 - 1))
      expect(await send(good)).toMatchObject({ failure: { passing: false } })
      vi.setSystemTime((now += 1))
      expect(await send(down)).toEqual(down)
    }
  })

  it('counts nothing that was never sent', async () => {
    const breaker = createBreaker(Date.now)
    const failing = () => breaker(() => Promise.reject(new Error('no room')), never, '')
    for (let call = 0; call < 12; call += 1) await expect(failing()).rejects.toThrow('no room')
    await expect(breaker(async () => good, never, '')).resolves.toEqual(good)
  })
})
