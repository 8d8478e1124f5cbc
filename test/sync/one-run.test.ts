import { describe, expect, it } from 'vitest'
import { bank, minute, openRooms, type Rooms } from '../support/rooms.ts'
import { until } from '../support/until.ts'
import { startTurnstile, type Turnstile } from '../support/turnstile.ts'

const everything = { days: 30, maxAgeMinutes: 0 }

/** Copies on one data directory that reach Plaid through a turnstile. */
async function twoCopies(rooms: Rooms, { url }: Turnstile) {
  const open = () => rooms.open({ PLAID_BASE_URL: url })
  return [await open(), await open()] as const
}

describe('who waited for the run of another copy', () => {
  it.each([
    ['is told of its failure and does not try again', { ...everything }, 1],
    ['fetches for itself when its rows are not kept', { ...everything, rows: true }, 2],
  ])('%s', async (_what, question, calls) => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank)
    // The run that a new link begins is over.
    await rooms.app.sync.read(everything)
    await using turnstile = await startTurnstile(rooms.simulator.url, 1_000)
    const [one, other] = await twoCopies(rooms, turnstile)
    if (calls === 1) {
      const fault = { kind: 'error', code: 'INSTITUTION_DOWN' } as const
      rooms.simulator.controls.failNext('/transactions/get', fault)
    }
    const running = one.sync.read(question)
    await until(() => turnstile.came('/transactions/get') === 1)
    const second = await other.sync.read(question)
    const first = await running
    const code = calls === 1 ? 'BANK_DOWN' : undefined
    for (const { sources } of [first, second]) expect(sources[0]?.error?.code).toBe(code)
    expect([turnstile.came('/transactions/get'), turnstile.most('/transactions/get')]).toEqual([calls, 1])
    expect((await other.sync.judged(second.window)).isAtHand(itemId)).toBe(calls === 2)
  })

  it('and lost patience goes on without it', async () => {
    await using rooms = await openRooms()
    await rooms.connect(bank)
    await rooms.app.sync.read(everything)
    await using turnstile = await startTurnstile(rooms.simulator.url, 1_000)
    const [one, other] = await twoCopies(rooms, turnstile)
    const running = one.sync.read(everything)
    await until(() => turnstile.came('/transactions/get') === 1)
    const reading = await other.sync.read({ ...everything, signal: AbortSignal.timeout(200) })
    expect(reading).toMatchObject({ stillSyncing: true })
    await running
  })
})

describe('each run', () => {
  it('is noted with who asked and how it ended', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect(bank)
    const { sync, store } = rooms.app
    await expect
      .poll(async () => (await store.syncRuns.lastOf(itemId, 9)).length, { timeout: 10_000 })
      .toBe(1)
    expect(await sync.run(itemId, 'schedule')).toEqual({ ok: true, code: null })
    rooms.advance(minute)
    rooms.simulator.controls.resetLogin(itemId)
    expect(await sync.run(itemId, 'webhook')).toEqual({ ok: false, code: 'ITEM_LOGIN_REQUIRED' })
    await sync.read(everything)
    const runs = await store.syncRuns.lastOf(itemId, 9)
    expect(runs.map(({ cause, code }) => [cause, code])).toEqual([
      ['tool', 'ITEM_LOGIN_REQUIRED'],
      ['webhook', 'ITEM_LOGIN_REQUIRED'],
      ['schedule', null],
      ['link', null],
    ])
    expect(runs.every(({ startedAt, endedAt }) => startedAt <= endedAt)).toBe(true)
  })
})
