import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBreaker } from '../../src/plaid/breaker.ts'
import { CofferError } from '../../src/errors.ts'
import { translateCode } from '../../src/plaid/errors.ts'
import { final, notPlaid, type Outcome } from '../../src/plaid/failure.ts'
import { hostMemory } from './host-memory.ts'

const never = new AbortController().signal
const good: Outcome = { answer: {} }
const down: Outcome = { failure: notPlaid('It was no JSON') }
const refused: Outcome = { failure: final(translateCode('ITEM_LOGIN_REQUIRED')) }

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

function watched(memory = hostMemory()) {
  const breaker = createBreaker('host', memory, Date.now)
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

  it('is not held up by a clock that was set back', async () => {
    const { send, sendAll } = watched()
    await sendAll(...times(10, down))
    vi.setSystemTime(1_000)
    expect(await send(down)).toEqual(down)
    expect(await send(good)).toMatchObject({ failure: { passing: false } })
    vi.setSystemTime(1_000 + 10_000)
    expect(await send(good)).toEqual(good)
  })

  it('counts nothing that was never sent', async () => {
    const breaker = createBreaker('host', hostMemory(), Date.now)
    const failing = () => breaker(() => Promise.reject(new Error('no room')), never, '')
    for (let call = 0; call < 12; call += 1) await expect(failing()).rejects.toThrow('no room')
    await expect(breaker(async () => good, never, '')).resolves.toEqual(good)
  })
})

describe('processes that share what they see', () => {
  it('stop together, and one call of all tries again', async () => {
    const memory = hostMemory()
    const [one, other] = [watched(memory), watched(memory)]
    await one.sendAll(...times(5, down))
    await other.sendAll(...times(5, down))
    expect(await one.send(good)).toMatchObject({ failure: { error: { code: 'PLAID_DOWN' } } })
    vi.setSystemTime(1_005_000)
    await Promise.all([one.send(down), other.send(down), one.send(down)])
    expect(one.made() + other.made()).toBe(11)
    vi.setSystemTime(1_015_000)
    await other.send(good)
    await one.send(good)
    expect(one.made() + other.made()).toBe(13)
  })

  it('go on where one of them is answered', async () => {
    const memory = hostMemory()
    const [one, other] = [watched(memory), watched(memory)]
    await one.send(down, 'broken')
    await other.send(good, 'works')
    await one.sendAll(...times(20, down))
    expect(one.made()).toBe(21)
  })

  it('write nothing while all goes well, and tell of a success now and then while something fails', async () => {
    const memory = hostMemory()
    const { send, sendAll } = watched(memory)
    await sendAll(...times(50, good))
    expect(memory.writes()).toBe(0)
    await send(down)
    await sendAll(...times(50, good))
    expect(memory.writes()).toBe(2)
    vi.setSystemTime(1_005_000)
    await sendAll(...times(50, good))
    expect(memory.writes()).toBe(3)
    vi.setSystemTime(1_031_000)
    await sendAll(...times(50, good))
    expect(memory.writes()).toBe(3)
  })

  it('let another call try when the one that tried was stopped', async () => {
    const { send, sendAll } = watched()
    const breaker = createBreaker('other', hostMemory(), Date.now)
    for (let call = 0; call < 10; call += 1) await breaker(async () => down, never, '')
    await sendAll(...times(10, down))
    vi.setSystemTime(1_005_000)
    await expect(breaker(() => Promise.reject(new Error('stopped')), never, '')).rejects.toThrow('stopped')
    await expect(breaker(async () => good, never, '')).resolves.toEqual(good)
    await expect(send(good)).resolves.toEqual(good)
  })

  it('remember no bank by its id', async () => {
    const memory = hostMemory()
    const { send } = watched(memory)
    await send(down, 'item-of-a-bank')
    expect(JSON.stringify(await memory.read('host'))).not.toContain('item-of-a-bank')
  })

  it('call on where nothing can be remembered', async () => {
    const full = async () => Promise.reject(new CofferError('DISK_FULL', 'The disk is full.'))
    const breaker = createBreaker('host', { read: full, change: full }, Date.now)
    for (let call = 0; call < 20; call += 1)
      await expect(breaker(async () => down, never, '')).resolves.toEqual(down)
  })
})
