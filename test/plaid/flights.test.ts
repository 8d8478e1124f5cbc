import { describe, expect, it } from 'vitest'
import { createFlights } from '../../src/plaid/flights.ts'

/** Work that ends when told to, and that says what became of it. */
function work(result = 'done') {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const seen = { started: 0, stopped: false }
  const run = (signal: AbortSignal) => {
    seen.started += 1
    signal.addEventListener('abort', () => {
      seen.stopped = true
      reject(new Error('stopped'))
    })
    return promise
  }
  return { run, seen, finish: () => resolve(result), fail: () => reject(new Error('failed')) }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('createFlights', () => {
  it('makes one call for all who ask the same', async () => {
    const board = createFlights<string>()
    const { run, seen, finish } = work()
    const asked = [1, 2, 3].map(() => board({ lane: 'a', share: 'k' }, run))
    await settle()
    finish()
    expect(await Promise.all(asked)).toEqual(['done', 'done', 'done'])
    expect(seen.started).toBe(1)
  })

  it('makes one more call for all who ask while one is under way, where that one is an answer to the past', async () => {
    const board = createFlights<string>()
    const [early, late] = [work('before'), work('after')]
    const ticket = { lane: 'a', share: 'k', closesAtDeparture: true }
    const first = board(ticket, early.run)
    await settle()
    const others = [1, 2, 3].map(() => board(ticket, late.run))
    await settle()
    expect([early.seen.started, late.seen.started]).toEqual([1, 0])
    early.finish()
    late.finish()
    expect(await Promise.all([first, ...others])).toEqual(['before', 'after', 'after', 'after'])
    expect(late.seen.started).toBe(1)
  })

  it('makes a new call once the last one has ended, well or not', async () => {
    const board = createFlights<string>()
    const [first, second] = [work(), work('again')]
    const failing = board({ share: 'k' }, first.run)
    first.fail()
    await expect(failing).rejects.toThrow('failed')
    second.finish()
    expect(await board({ share: 'k' }, second.run)).toBe('again')
  })

  it('lets others in a lane wait, in order, and go on after a failure', async () => {
    const board = createFlights<string>()
    const [first, second, third] = [work(), work('2'), work('3')]
    const answers = [first, second, third].map(({ run }, at) => board({ lane: 'a', share: `${at}` }, run))
    await settle()
    expect([first, second, third].map(({ seen }) => seen.started)).toEqual([1, 0, 0])
    first.fail()
    await expect(answers[0]).rejects.toThrow('failed')
    await settle()
    expect([second.seen.started, third.seen.started]).toEqual([1, 0])
    second.finish()
    third.finish()
    expect(await Promise.all(answers.slice(1))).toEqual(['2', '3'])
  })

  it('keeps lanes apart, and does not share what has no key', async () => {
    const board = createFlights<string>()
    const { run, seen, finish } = work()
    const answers = [board({ lane: 'a' }, run), board({ lane: 'b' }, run), board({}, run)]
    await settle()
    finish()
    await Promise.all(answers)
    expect(seen.started).toBe(3)
  })

  it('lets one leave without stopping the call for the other', async () => {
    const board = createFlights<string>()
    const { run, seen, finish } = work()
    const stop = new AbortController()
    const leaving = board({ share: 'k', signal: stop.signal }, run)
    const staying = board({ share: 'k' }, run)
    stop.abort()
    await expect(leaving).rejects.toMatchObject({ code: 'CANCELLED' })
    finish()
    expect(await staying).toBe('done')
    expect(seen.stopped).toBe(false)
  })

  it('stops the call when the last one leaves, and lets nobody onto it any more', async () => {
    const board = createFlights<string>()
    const { run, seen } = work()
    const stops = [new AbortController(), new AbortController()]
    const leaving = stops.map(({ signal }) => board({ share: 'k', signal }, run))
    for (const stop of stops) stop.abort()
    const late = work('fresh')
    late.finish()
    expect(await board({ share: 'k' }, late.run)).toBe('fresh')
    for (const answer of leaving) await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(seen.stopped).toBe(true)
  })

  it('does not start for somebody who has left already', async () => {
    const { run, seen } = work()
    await expect(createFlights<string>()({ signal: AbortSignal.abort() }, run)).rejects.toMatchObject({
      code: 'CANCELLED',
    })
    expect(seen.started).toBe(0)
  })
})
