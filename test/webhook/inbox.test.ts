import { describe, expect, it } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import type { NewInboxEntry } from '../../src/store/store.ts'
import { createInboxWriter } from '../../src/webhook/inbox-writer.ts'
import { until } from '../support/until.ts'
import { freshHome, freshStore } from '../store/fixtures.ts'
import { connection } from '../store/rows.ts'
import { listening, storeWithItem } from './listening.ts'

const body = {
  webhook_type: 'HOLDINGS',
  webhook_code: 'DEFAULT_UPDATE',
  item_id: 'item-1',
  environment: 'sandbox',
}

function entry(digest: string): NewInboxEntry {
  const at = '2026-11-21T10:00:00.000Z'
  return { itemId: 'item-1', event: { type: 'data_changed' }, sentAt: at, receivedAt: at, digest }
}

/** An inbox whose commits end when they are told to. */
function slowInbox() {
  const commits: { entries: readonly NewInboxEntry[]; done: PromiseWithResolvers<readonly boolean[]> }[] = []
  const add = (entries: readonly NewInboxEntry[]) => {
    const done = Promise.withResolvers<readonly boolean[]>()
    commits.push({ entries, done })
    return done.promise
  }
  return { commits, add }
}

describe('writing', () => {
  it('puts what comes while a commit runs into the next one, together', async () => {
    const inbox = slowInbox()
    let rung = 0
    const write = createInboxWriter(inbox, () => void (rung += 1))
    const first = write([entry('a')])
    await until(() => inbox.commits.length === 1, 1000)
    const rest = ['b', 'c', 'd'].map((digest) => write([entry(digest)]))
    inbox.commits[0]?.done.resolve([true])
    expect(await first).toBe(1)
    await until(() => inbox.commits.length === 2, 1000)
    expect(inbox.commits[1]?.entries.map(({ digest }) => digest)).toEqual(['b', 'c', 'd'])
    inbox.commits[1]?.done.resolve([true, false, true])
    expect(await Promise.all(rest)).toEqual([1, 0, 1])
    expect(rung).toBe(2)
  })

  it('tells everybody of a commit that failed, and goes on', async () => {
    const inbox = slowInbox()
    const write = createInboxWriter(inbox, () => undefined)
    const both = Promise.allSettled([write([entry('a')]), write([entry('b')])])
    await until(() => inbox.commits.length === 1, 1000)
    inbox.commits[0]?.done.reject(new CofferError('DISK_FULL', 'The disk is full.'))
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const next = write([entry('c')])
    await until(() => inbox.commits.length === 2, 1000)
    inbox.commits[1]?.done.resolve([true])
    expect(await next).toBe(1)
  })

  it('says nothing of what was there already', async () => {
    let rung = 0
    const write = createInboxWriter((await freshStore()).inbox, () => void (rung += 1))
    expect(await write([entry('a'), entry('b')])).toBe(2)
    expect(await write([entry('a')])).toBe(0)
    expect(rung).toBe(1)
  })
})

describe('an answer', () => {
  it('comes when another process can read the event, not before', async () => {
    const home = freshHome()
    const [ours, theirs] = [await freshStore({ home }), await openStore({ home })]
    await ours.connections.insert(connection(), 'sealed')
    const plaid = await listening({ store: ours })
    const { status } = await plaid.post(body)
    const seen = await theirs.inbox.pending(1)
    await theirs.close()
    expect(status).toBe(200)
    expect(seen).toMatchObject([{ itemId: 'item-1', event: { type: 'data_changed' } }])
  })

  it('waits for the commit', async () => {
    const inbox = slowInbox()
    const store = { ...(await storeWithItem()), inbox: { ...(await freshStore()).inbox, add: inbox.add } }
    const plaid = await listening({ store })
    let answered = false
    const answer = plaid.post(body).finally(() => (answered = true))
    await until(() => inbox.commits.length === 1, 2000)
    expect(answered).toBe(false)
    inbox.commits[0]?.done.resolve([true])
    expect((await answer).status).toBe(200)
  })

  it.each(['DATABASE_BUSY', 'DISK_FULL', 'DATABASE_READ_ONLY'] as const)('is 503 at %s', async (code) => {
    const whole = await storeWithItem()
    const add = () => Promise.reject(new CofferError(code, 'It failed.'))
    const plaid = await listening({ store: { ...whole, inbox: { ...whole.inbox, add } } })
    expect(await plaid.post(body)).toMatchObject({ status: 503, body: 'no' })
    expect(plaid.stored()).toBe(0)
    expect(plaid.lines).toMatchObject([{ event: 'webhook.refused', fields: { why: code.toLowerCase() } }])
    for (let index = 0; index < 9; index += 1) await plaid.post(body)
    expect(plaid.lines.at(-1)).toMatchObject({ level: 'warn', event: 'webhook.of_plaid_refused' })
  })

  it('is 503 when something breaks that nobody foresaw, and the next one is served', async () => {
    const whole = await storeWithItem()
    let broken = true
    const find: Store['connections']['find'] = (itemId) =>
      broken ? Promise.reject(new TypeError('oops')) : whole.connections.find(itemId)
    const plaid = await listening({ store: { ...whole, connections: { ...whole.connections, find } } })
    expect((await plaid.post(body)).status).toBe(503)
    expect(plaid.lines.map(({ event }) => event)).toContain('webhook.fault')
    broken = false
    expect((await plaid.post(body)).status).toBe(200)
  })

  it('comes to all of many at once, each stored once, in fewer commits than events', async () => {
    const whole = await storeWithItem()
    let [commits, looked] = [0, 0]
    const add: Store['inbox']['add'] = async (entries) => {
      commits += 1
      // The first one lasts until the rest is in line.
      await until(() => looked === 64)
      return await whole.inbox.add(entries)
    }
    const find: Store['connections']['find'] = (itemId) => {
      looked += 1
      return whole.connections.find(itemId)
    }
    const plaid = await listening({
      store: { ...whole, connections: { ...whole.connections, find }, inbox: { ...whole.inbox, add } },
    })
    const many = Array.from({ length: 64 }, (_, index) => plaid.post({ ...body, new_holdings: index }))
    expect((await Promise.all(many)).map(({ status }) => status)).toEqual(many.map(() => 200))
    expect(await plaid.pending()).toHaveLength(64)
    expect(commits).toBeLessThanOrEqual(3)
  })
})
