import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ignoreKnown } from '../../src/errors.ts'
import type { Store } from '../../src/store/store.ts'
import { type Chance, chanceOf, seedOfRun } from './chance.ts'
import { type Arrival, type Desk, openDesk, startSyncs } from './desk.ts'
import { say } from './report.ts'
import { happen, type Sent, shown, type TrueItem, trueItems } from './truth.ts'

const seeds = Number(process.env['DISORDER_SEEDS'] ?? 200)
/** A long story takes a second or two, and a short one finds the same kinds of faults. */
const long = 1_000
const short = 200
const longEvery = 10
const dropped = 0.2
const second = 1_000
const minute = 60 * second
const stepMs = minute
/** News of one Item within this time are fetched together. */
const windowMs = 5 * minute
const gapMs = 20 * second
const start = Date.UTC(2026, 2, 1)

/** One copy of a webhook on its way. */
interface Letter extends Arrival {
  readonly sent: Sent
  readonly dueAt: number
}

/** What Plaid means to send, and what of it arrives when: repeated, late, in any order, or not at all. */
function post(sent: Sent, end: number, chance: Chance): Letter[] {
  if (chance.next() < dropped) return []
  const body = Buffer.from(JSON.stringify(sent.body, null, 2))
  return Array.from({ length: chance.between(1, 5) }, () => {
    // As it was signed at first, for as long as that is believed; or signed anew, at any time after.
    const isAnew = chance.next() < 0.5
    const dueAt = sent.at + chance.between(0, isAnew ? Math.max(0, end - sent.at) : 299 * second)
    return { sent, body, iat: Math.floor((isAnew ? dueAt : sent.at) / second), dueAt }
  })
}

interface Outcome {
  readonly arrived: number
  readonly refused: number
  readonly checks: number
  readonly synced: number
  /** What is not as it should be. */
  readonly wrong: readonly string[]
}

/** All that happens in one story, in order, and what is delivered of it. */
function tell(items: readonly TrueItem[], events: number, end: number, chance: Chance) {
  const under: Letter[] = []
  let number = 0
  return {
    /** What arrives until `time`, in any order. */
    until(time: number): Letter[] {
      for (; number < events && start + number * gapMs <= time; number += 1) {
        const item = items[chance.between(0, items.length - 1)]
        if (item !== undefined)
          under.push(...post(happen(item, start + number * gapMs, chance, number), end, chance))
      }
      const due = under.filter(({ dueAt }) => dueAt <= time)
      under.splice(0, under.length, ...under.filter(({ dueAt }) => dueAt > time))
      return chance.shuffled(due)
    },
  }
}

async function play(seed: number, events: number, home: string): Promise<Outcome> {
  const chance = chanceOf(seed)
  const items = trueItems(events / 50)
  const desk = await openDesk(items, chance, home, start)
  const syncs = startSyncs(desk)
  const stop = new AbortController()
  const running = desk.worker.run(stop.signal)
  const end = start + events * gapMs
  const story = tell(items, events, end, chance)
  const arrived: Letter[] = []
  let refused = 0
  try {
    for (let time = start; time <= end; time += stepMs) {
      desk.setTime(time)
      const due = story.until(time)
      arrived.push(...due)
      const answers = await Promise.all(due.map(desk.receive))
      refused += answers.filter((status) => status !== 200).length
      await syncs.finish()
      await syncs.round()
      // The worker keeps up, or falls behind.
      for (let n = chance.one([1, 30]); n > 0; n -= 1) await breathe()
    }
    desk.plaidIsBack()
    desk.setTime(end + 60 * minute)
    await quiet(desk)
    for (const { itemId } of items) await desk.health.check(itemId).catch(ignoreKnown)
    for (let n = 1; n <= 3; n += 1) {
      desk.setTime(end + (60 + 6 * n) * minute)
      await syncs.finish()
      await syncs.round()
    }
    await syncs.finish()
    const wrong = [...(await faults(desk.store, items, arrived)), ...hasty(syncs.began)]
    const synced = [...syncs.began.values()].flat().length
    return { arrived: arrived.length, refused, checks: desk.checks(), synced, wrong }
  } finally {
    stop.abort()
    await running
    await desk.store.close()
  }
}

/** Nothing is left in the inbox. */
async function quiet({ store, worker }: Desk): Promise<void> {
  for (let n = 0; (await store.inbox.pending(1)).length > 0; n += 1) {
    if (n > 10_000) throw new Error('the inbox is not emptied')
    worker.wake()
    await breathe()
  }
}

/** Where the database and the truth differ. A warning is left out: only webhooks carry it, and its were lost too. */
async function faults(
  store: Store,
  items: readonly TrueItem[],
  arrived: readonly Letter[],
): Promise<string[]> {
  const rows = new Map((await store.connections.list()).map((row) => [row.itemId, row]))
  const known = new Set((await store.accounts.list()).map(({ accountId }) => accountId))
  const wrong: string[] = []
  for (const { itemId, trouble, accounts, wasToldRevoked } of items) {
    const told = arrived.filter(({ sent }) => sent.itemId === itemId)
    const heard = (kind: Sent['kind']) => told.filter(({ sent }) => sent.kind === kind)
    const row = rows.get(itemId)
    if (row === undefined) throw new TypeError('no such row')
    const status = row.status === 'expiring' ? 'active' : row.status
    const expect = (what: string, isSo: boolean) => isSo || wrong.push(`${itemId}: ${what}`)
    expect(`is ${status}`, status === (trouble === null ? 'active' : shown[trouble]))
    expect('says another reason', trouble === null || row.reason === trouble)
    expect('new accounts', row.newAccounts === heard('new accounts').length > 0)
    const revoked = new Set(heard('account revoked').map(({ sent }) => sent.accountId))
    for (const { accountId } of accounts) {
      expect('an account', known.has(accountId) === (!wasToldRevoked && !revoked.has(accountId)))
    }
    const isFetched = status === 'active' || status === 'bank_issue'
    const newest = Math.max(0, ...heard('new data').map(({ iat }) => iat * second))
    expect('is dirty', !isFetched || row.dirtySince === null)
    expect('has old data', !isFetched || Date.parse(row.lastSyncedAt ?? iso(0)) >= newest)
  }
  return wrong
}

/** Syncs of one Item that began sooner after the last than they may. */
function hasty(began: ReadonlyMap<string, readonly number[]>): string[] {
  return [...began].flatMap(([itemId, times]) =>
    times.flatMap((time, index) =>
      time - (times[index - 1] ?? -Infinity) < windowMs ? [`${itemId}: synced twice in a window`] : [],
    ),
  )
}

const iso = (ms: number) => new Date(ms).toISOString()

/** In memory where there is such a place: hundreds of thousands of commits say nothing about a disk. */
function newHome(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'coffer-test-'))
}

it('webhooks repeated, shuffled and lost, and one check of each Item: the state is the true one', async () => {
  const first = seedOfRun() % 1_000_000
  const seen: Outcome[] = []
  const wrong: string[] = []
  let events = 0
  for (let seed = first; seed < first + seeds; seed += 1) {
    const count = (seed - first) % longEvery === 0 ? long : short
    events += count
    const home = newHome()
    const outcome = await play(seed, count, home).finally(() =>
      rmSync(home, { recursive: true, force: true }),
    )
    seen.push(outcome)
    wrong.push(...outcome.wrong.map((what) => `seed ${seed}, ${what}`))
  }
  const sum = (of: (one: Outcome) => number) => seen.reduce((total, one) => total + of(one), 0)
  const hastyOnes = wrong.filter((what) => what.includes('twice')).length
  say(
    `disorder: ${seen.length} seeds from ${first} (target 200) with ${long} events each (target 1000) on every ${longEvery}th and ${short} on the others, ${events} in all, ` +
      `${sum(({ arrived }) => arrived)} deliveries, ${sum(({ refused }) => refused)} refused (target 0); ` +
      `${sum(({ checks }) => checks)} checks, ${sum(({ synced }) => synced)} syncs, ` +
      `more than one in ${windowMs / minute} min ${hastyOnes} times (target 0); ` +
      `other states than the true ones ${wrong.length - hastyOnes} (target 0)`,
  )
  expect(wrong).toEqual([])
  expect(sum(({ refused }) => refused)).toBe(0)
})
