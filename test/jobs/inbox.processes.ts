import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CofferError, type ErrorCode } from '../../src/errors.ts'
import { createInboxWorker, type InboxDeps } from '../../src/jobs/inbox.ts'
import { silentLog } from '../../src/log.ts'
import type { ReceivedWebhook, WebhookEvent } from '../../src/model.ts'
import { openStore } from '../../src/store/index.ts'
import type { Store } from '../../src/store/store.ts'

const broken: WebhookEvent = { type: 'error', plaidCode: 'ITEM_LOGIN_REQUIRED' }
const newData: WebhookEvent = { type: 'data_changed' }
const repaired: WebhookEvent = { type: 'login_repaired' }

/** A store, a clock, and a Plaid whose answers the test gives. */
async function desk() {
  const home = mkdtempSync(join(tmpdir(), 'coffer-test-'))
  const store = await openStore({ home, now: Date.now })
  onTestFinished(async () => {
    await store.close()
    rmSync(home, { recursive: true, force: true })
  })
  let count = 0
  let offset = 0
  const now = () => Date.now() + offset
  const put = (itemId: string | null, event: WebhookEvent, sentAt = '2026-03-01T00:00:00Z') =>
    store.inbox.add([
      { itemId, event, sentAt, digest: String((count += 1)), receivedAt: new Date(now()).toISOString() },
    ])
  const pending = async () => (await store.inbox.pending(100_000)).length
  return { store, now, put, pending, advance: (ms: number) => void (offset += ms) }
}

type Desk = Awaited<ReturnType<typeof desk>>

/** A worker on it, and all that it did. */
function work({ store, now }: Desk, more: Partial<InboxDeps> = {}) {
  const heard: ReceivedWebhook[] = []
  const checked: string[] = []
  const errors: string[] = []
  const worker = createInboxWorker({
    store,
    now,
    log: { ...silentLog, error: (event) => void errors.push(event) },
    needsCheck: ({ type }) => type !== 'data_changed',
    ...more,
    hear: async (webhook) => {
      heard.push(webhook)
      await more.hear?.(webhook)
    },
    check: async (itemId, signal) => {
      checked.push(itemId)
      await more.check?.(itemId, signal)
    },
  })
  const end = new AbortController()
  const done = worker.run(end.signal)
  const stop = async () => {
    end.abort()
    await done
  }
  onTestFinished(stop)
  return { worker, heard, checked, errors, stop }
}

function fails(code: ErrorCode) {
  return () => Promise.reject(new CofferError(code, 'made up'))
}

/** Rejects when the worker is stopped, as a call to Plaid does. */
function never(_itemId: string, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new CofferError('CANCELLED', 'made up')))
  })
}

describe('a webhook in the inbox', () => {
  it('is heard and then confirmed, once, and leaves the inbox', async () => {
    const place = await desk()
    await place.put('a', broken)
    const { heard, checked } = work(place)
    await expect.poll(place.pending).toBe(0)
    expect(heard).toEqual([{ itemId: 'a', event: broken, sentAt: '2026-03-01T00:00:00Z' }])
    expect(checked).toEqual(['a'])
  })

  it('is heard at once when the listener rings', async () => {
    const place = await desk()
    const { worker, heard } = work(place)
    await sleep(20)
    await place.put('a', broken)
    worker.wake()
    await expect.poll(() => heard.length, { timeout: 500 }).toBe(1)
  })

  it('is found within a second or so without a ring', async () => {
    const place = await desk()
    const { heard } = work(place)
    await sleep(20)
    await place.put('a', broken)
    await expect.poll(() => heard.length, { timeout: 1_500 }).toBe(1)
  })

  it('that needs no confirmation asks Plaid nothing', async () => {
    const place = await desk()
    await place.put('a', newData)
    await place.put(null, { type: 'link_session' })
    const { heard, checked } = work(place)
    await expect.poll(place.pending).toBe(0)
    expect(heard).toHaveLength(2)
    expect(checked).toEqual([])
  })

  it('that says the same as others has the effect of the one sent last', async () => {
    const place = await desk()
    await place.put('a', broken, '2026-03-01T00:00:07Z')
    await place.put('a', broken, '2026-03-01T00:00:09Z')
    await place.put('a', repaired, '2026-03-01T00:00:08Z')
    await place.put('a', broken, '2026-03-01T00:00:05Z')
    const { heard, checked } = work(place)
    await expect.poll(place.pending).toBe(0)
    expect(heard.map(({ event, sentAt }) => [event.type, sentAt.slice(-3)])).toEqual([
      ['error', '09Z'],
      ['login_repaired', '08Z'],
    ])
    expect(checked).toEqual(['a'])
  })
})

describe('while Plaid is slow', () => {
  it('what webhooks say is known, and the Items of other banks are confirmed', async () => {
    const place = await desk()
    for (const id of ['slow', 'b', 'c']) await place.put(id, broken)
    const check = (id: string, signal: AbortSignal) => (id === 'slow' ? never(id, signal) : Promise.resolve())
    const { heard } = work(place, { check })
    await expect.poll(place.pending).toBe(1)
    expect(heard).toHaveLength(3)
  })

  it('one check per Item is in flight, and one more confirms all that came meanwhile', async () => {
    const place = await desk()
    const answers: (() => void)[] = []
    const check = () => new Promise<void>((resolve) => void answers.push(resolve))
    await place.put('a', broken)
    const { worker, checked } = work(place, { check })
    await expect.poll(() => checked.length).toBe(1)
    for (let n = 0; n < 20; n += 1) await place.put('a', n % 2 === 0 ? broken : repaired)
    worker.wake()
    await sleep(50)
    expect(checked).toHaveLength(1)
    answers[0]?.()
    await expect.poll(() => checked.length).toBe(2)
    expect(await place.pending()).toBe(20)
    answers[1]?.()
    await expect.poll(place.pending).toBe(0)
    expect(checked).toHaveLength(2)
  })

  it('5,000 webhooks of 50 Items cost a few checks of each, and none is lost', async () => {
    const place = await desk()
    let inFlight = new Map<string, number>()
    let most = 0
    const check = async (id: string) => {
      inFlight = inFlight.set(id, (inFlight.get(id) ?? 0) + 1)
      most = Math.max(most, ...inFlight.values())
      await sleep(150)
      inFlight.set(id, (inFlight.get(id) ?? 0) - 1)
    }
    const { worker, heard, checked } = work(place, { check })
    for (let n = 0; n < 100; n += 1) {
      const at = new Date(Date.UTC(2026, 2, 1, 0, 0, n)).toISOString()
      await place.store.inbox.add(
        Array.from({ length: 50 }, (_, item) => ({
          itemId: `item ${item}`,
          event: n % 3 === 0 ? repaired : broken,
          sentAt: at,
          digest: `load ${n} ${item}`,
          receivedAt: at,
        })),
      )
      worker.wake()
    }
    await expect.poll(place.pending, { timeout: 15_000 }).toBe(0)
    expect(most).toBe(1)
    expect(new Set(heard.map(({ itemId }) => itemId)).size).toBe(50)
    expect(new Set(checked).size).toBe(50)
    // One for what came first, and some for what came while those were in flight, 16 Items at a time.
    expect(checked.length).toBeLessThanOrEqual(50 * 8)
  })
})

describe('a check that fails', () => {
  it('is tried again, ever more rarely, and the entry stays until Plaid answers', async () => {
    const place = await desk()
    let isDown = true
    const check = () => (isDown ? fails('PLAID_DOWN')() : Promise.resolve())
    await place.put('a', broken)
    const { worker, checked, heard } = work(place, { check })
    const round = async (ms: number) => {
      place.advance(ms)
      worker.wake()
      await sleep(30)
      return checked.length
    }
    await expect.poll(() => checked.length).toBe(1)
    expect([await round(4_000), await round(1_100), await round(9_000), await round(1_100)]).toEqual([
      1, 2, 2, 3,
    ])
    // More webhooks of the same Item do not make it come sooner.
    await place.put('a', repaired)
    expect(await round(1_000)).toBe(3)
    isDown = false
    await round(20_000)
    await expect.poll(place.pending).toBe(0)
    expect(heard).toHaveLength(2)
  })

  it('goes on after 5 min at the latest', async () => {
    const place = await desk()
    await place.put('a', broken)
    const { worker, checked } = work(place, { check: fails('PLAID_UNREACHABLE') })
    for (let n = 0; n < 9; n += 1) {
      await expect.poll(() => checked.length).toBe(n + 1)
      await sleep(10)
      place.advance(300_000)
      worker.wake()
    }
    await expect.poll(() => checked.length).toBe(10)
  })

  it.each(['UNKNOWN_CONNECTION', 'WRONG_ENVIRONMENT', 'CONNECTION_ENDED', 'ITEM_LOGIN_REQUIRED'] as const)(
    'with %s is an answer',
    async (code) => {
      const place = await desk()
      await place.put('a', broken)
      const { checked } = work(place, { check: fails(code) })
      await expect.poll(place.pending).toBe(0)
      expect(checked).toHaveLength(1)
    },
  )
})

describe('a webhook that cannot be applied', () => {
  it('because its connection is gone is done', async () => {
    const place = await desk()
    await place.put('gone', broken)
    const { checked } = work(place, { hear: fails('UNKNOWN_CONNECTION') })
    await expect.poll(place.pending).toBe(0)
    expect(checked).toEqual([])
  })

  it('for a reason that nobody foresaw is logged, left to the check, and holds up no other', async () => {
    const place = await desk()
    await place.put('odd', newData)
    await place.put(null, { type: 'link_session' })
    await place.put('b', broken)
    const hear = ({ itemId }: ReceivedWebhook) =>
      itemId === 'b' ? Promise.resolve() : Promise.reject(new TypeError('made up'))
    const { checked, errors } = work(place, { hear })
    await expect.poll(place.pending).toBe(0)
    expect(checked.toSorted()).toEqual(['b', 'odd'])
    expect(errors).toEqual(['inbox.broke', 'inbox.broke'])
  })

  it('because the database is busy is applied later, and in its order', async () => {
    const place = await desk()
    for (const id of ['a', 'b', 'c']) await place.put(id, broken)
    let refusals = 2
    const hear = () => ((refusals -= 1) >= 0 ? fails('DATABASE_BUSY')() : Promise.resolve())
    const { heard } = work(place, { hear })
    await expect.poll(place.pending, { timeout: 5_000 }).toBe(0)
    expect(heard.map(({ itemId }) => itemId)).toEqual(['a', 'a', 'a', 'b', 'c'])
  })
})

describe('a worker that ends in the middle', () => {
  it('leaves what is not confirmed to the next, which does all of it again', async () => {
    const place = await desk()
    for (const id of ['a', 'b']) await place.put(id, broken)
    await place.put('b', newData)
    const first = work(place, { check: never })
    await expect.poll(() => first.checked.length).toBe(2)
    await first.stop()
    expect(await place.pending()).toBe(2)
    const second = work(place)
    await expect.poll(place.pending).toBe(0)
    expect(second.heard.map(({ itemId, event }) => [itemId, event.type])).toEqual([
      ['a', 'error'],
      ['b', 'error'],
    ])
    expect(second.checked.toSorted()).toEqual(['a', 'b'])
  })

  it('between the answer and the note of it asks once more', async () => {
    const place = await desk()
    await place.put('a', broken)
    const inbox: Store['inbox'] = { ...place.store.inbox, done: fails('DISK_FULL') }
    const first = work({ ...place, store: { ...place.store, inbox } })
    await expect.poll(() => first.checked.length).toBe(1)
    await first.stop()
    expect(await place.pending()).toBe(1)
    const second = work(place)
    await expect.poll(place.pending).toBe(0)
    expect(second.checked).toEqual(['a'])
  })
})
